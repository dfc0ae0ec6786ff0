package dev.sluice.dialect.anthropic;

import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.request.Sampling;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Writes how tokens are drawn, and tells what of it has no word on this wire. */
final class SamplingWriter {
    private final Sampling sampling;
    private final boolean own;
    private final Warnings warnings;
    private final List<String> emulatedStops = new ArrayList<>();

    SamplingWriter(Sampling sampling, boolean own, Warnings warnings) {
        this.sampling = sampling;
        this.own = own;
        this.warnings = warnings;
    }

    /** Texts at which the gateway must end the answer itself; known when the others are written. */
    List<String> emulatedStops() {
        return emulatedStops;
    }

    /**
     * Writes what this wire has words for. {@code fixed} says whether the model thinks, while which
     * it takes no other way of drawing than its usual one.
     */
    void write(JsonWriter out, boolean fixed) {
        temperature(out, fixed);
        topP(out, fixed);
        if (sampling.topK() != null && fixed) {
            warnings.dropped("top_k");
        } else if (sampling.topK() != null) {
            out.field("top_k", sampling.topK());
        }
        stops(out);
        without("presence_penalty", differs(sampling.presencePenalty(), 0));
        without("frequency_penalty", differs(sampling.frequencyPenalty(), 0));
        without("repetition_penalty", differs(sampling.repetitionPenalty(), 1));
        without("min_p", differs(sampling.minP(), 0));
        without("seed", sampling.seed() != null);
        without("logprobs", Boolean.TRUE.equals(sampling.logprobs()));
        without("top_logprobs", sampling.topLogprobs() != null && sampling.topLogprobs() > 0);
        without(
                "logit_bias",
                sampling.logitBias() != null && !sampling.logitBias().toString().equals("{}"));
    }

    private void without(String field, boolean said) {
        if (said) {
            warnings.dropped(field);
        }
    }

    private static boolean differs(@Nullable Double value, double usual) {
        return value != null && value != usual;
    }

    private void temperature(JsonWriter out, boolean fixed) {
        Double temperature = sampling.temperature();
        if (temperature == null) {
            return;
        }
        if (fixed) {
            without("temperature", temperature != 1);
            return;
        }
        if (temperature > 1) {
            warnings.clamped("temperature");
        }
        out.field("temperature", Math.min(1, temperature));
    }

    /**
     * A share of all tokens is no limit; newer models refuse to be told that beside a temperature.
     */
    private void topP(JsonWriter out, boolean fixed) {
        Double topP = sampling.topP();
        if (topP == null) {
            return;
        }
        if (own) {
            out.field("top_p", topP);
        } else if (fixed) {
            without("top_p", topP != 1);
        } else if (topP != 1) {
            out.field("top_p", topP);
        }
    }

    /** A stop sequence of white space alone is refused on this wire; the gateway watches for it. */
    private void stops(JsonWriter out) {
        List<String> told = new ArrayList<>();
        for (String stop : sampling.stop()) {
            (own || !stop.isBlank() ? told : emulatedStops).add(stop);
        }
        if (!emulatedStops.isEmpty()) {
            warnings.emulated("stop");
        }
        if (told.isEmpty()) {
            return;
        }
        out.name("stop_sequences").beginArray();
        told.forEach(out::value);
        out.endArray();
    }
}
