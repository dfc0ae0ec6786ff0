package dev.sluice.llama;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Sampling;
import dev.sluice.llama.binding.Sampler;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** How tokens are drawn: as a request says, and otherwise as is usual for the model. */
final class Settings {
    private static final Names NO_NAMES = Names.of();

    private Settings() {}

    /**
     * The settings for {@code request}.
     *
     * @throws dev.sluice.core.failure.FailureException for a value that means nothing
     */
    static Sampler.Settings of(Request request, UsualSampling usual, String grammar) {
        Sampling told = request.sampling();
        Long seed = told.seed();
        return new Sampler.Settings(
                (float) inside("temperature", told.temperature(), usual.temperature(), 0, 100),
                Math.clamp(orElse(told.topK(), usual.topK()), 0, Integer.MAX_VALUE),
                (float) inside("top_p", told.topP(), usual.topP(), 0, 1),
                (float) inside("min_p", told.minP(), usual.minP(), 0, 1),
                (float)
                        inside(
                                "repetition_penalty",
                                told.repetitionPenalty(),
                                usual.repetitionPenalty(),
                                0.01,
                                100),
                (float) inside("frequency_penalty", told.frequencyPenalty(), 0, -100, 100),
                (float) inside("presence_penalty", told.presencePenalty(), 0, -100, 100),
                seed == null ? ThreadLocalRandom.current().nextInt() : Long.hashCode(seed),
                bias(told.logitBias()),
                grammar);
    }

    private static Map<Integer, Float> bias(@Nullable Raw told) {
        if (told == null) {
            return Map.of();
        }
        Map<Integer, Float> bias = new HashMap<>();
        try {
            JsonReader in = told.reader();
            in.beginObject();
            while (in.nextField(NO_NAMES) != JsonReader.END_OBJECT) {
                int token = Integer.parseInt(in.fieldName());
                bias.put(token, (float) in.number());
            }
        } catch (MalformedJson | NumberFormatException wrong) {
            throw Failure.invalid(
                            "logit_bias",
                            "logit_bias is not as it should be (expected: numbers of tokens, each"
                                    + " with a number)")
                    .asException();
        }
        return bias;
    }

    private static long orElse(@Nullable Long told, long usual) {
        return told == null ? usual : told;
    }

    private static double inside(
            String name, @Nullable Double told, double usual, double least, double most) {
        if (told == null) {
            return usual;
        }
        if (!(told >= least && told <= most)) {
            throw Failure.invalid(
                            name, name + ": " + told + " (expected: " + least + " to " + most + ")")
                    .asException();
        }
        return told;
    }
}
