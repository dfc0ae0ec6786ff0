package dev.sluice.dialect.ollama;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Sampling;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The member {@code options}. What has no canonical form is kept under its name behind {@link
 * #PREFIX}.
 */
final class OllamaOptions {
    /** Before the name of an option in the request's extra members. */
    static final String PREFIX = "options.";

    private static final Names OPTIONS =
            Names.of(
                    "num_predict",
                    "temperature",
                    "top_p",
                    "top_k",
                    "min_p",
                    "presence_penalty",
                    "frequency_penalty",
                    "repeat_penalty",
                    "seed",
                    "stop");

    private @Nullable Double temperature;
    private @Nullable Double topP;
    private @Nullable Long topK;
    private @Nullable Double minP;
    private @Nullable Double presencePenalty;
    private @Nullable Double frequencyPenalty;
    private @Nullable Double repeatPenalty;
    private @Nullable Long seed;
    private final List<String> stop = new ArrayList<>();

    /** Reads the object that is next. */
    void read(JsonReader reader, Request.Builder request) {
        reader.beginObject();
        for (int f = reader.nextField(OPTIONS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(OPTIONS)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> request.maxOutput = limit(reader.integer());
                case 1 -> temperature = reader.number();
                case 2 -> topP = reader.number();
                case 3 -> topK = reader.integer();
                case 4 -> minP = reader.number();
                case 5 -> presencePenalty = reader.number();
                case 6 -> frequencyPenalty = reader.number();
                case 7 -> repeatPenalty = reader.number();
                case 8 -> seed = seed(reader.integer());
                case 9 -> stop(reader);
                default -> request.extra.put(PREFIX + reader.fieldName(), reader.raw());
            }
        }
    }

    /** Numbers below 1 are for no limit but the context's. */
    private static @Nullable Long limit(long tokens) {
        return tokens < 1 ? null : tokens;
    }

    /** Ollama takes -1 for any. */
    private static @Nullable Long seed(long value) {
        return value == -1 ? null : value;
    }

    private void stop(JsonReader reader) {
        if (reader.peek() == Kind.STRING) {
            stop.add(reader.string());
        } else {
            reader.beginArray();
            while (reader.hasNext()) {
                stop.add(reader.string());
            }
        }
        stop.removeIf(String::isEmpty);
    }

    /** How tokens are drawn. */
    Sampling sampling(@Nullable Boolean logprobs, @Nullable Long topLogprobs) {
        return new Sampling(
                temperature,
                topP,
                topK,
                minP,
                presencePenalty,
                frequencyPenalty,
                repeatPenalty,
                seed,
                logprobs,
                topLogprobs,
                null,
                stop);
    }

    /** Writes the member, if there is anything to say in it. */
    static void write(JsonWriter json, Request request, boolean sameDialect) {
        JsonWriter options = new JsonWriter(new ByteBuilder());
        options.beginObject();
        Sampling sampling = request.sampling();
        number(options, "num_predict", request.maxOutput());
        number(options, "temperature", sampling.temperature());
        number(options, "top_p", sampling.topP());
        number(options, "top_k", sampling.topK());
        number(options, "min_p", sampling.minP());
        number(options, "presence_penalty", sampling.presencePenalty());
        number(options, "frequency_penalty", sampling.frequencyPenalty());
        number(options, "repeat_penalty", sampling.repetitionPenalty());
        number(options, "seed", sampling.seed());
        if (!sampling.stop().isEmpty()) {
            options.name("stop").beginArray();
            sampling.stop().forEach(options::value);
            options.endArray();
        }
        if (sameDialect) {
            for (Map.Entry<String, Raw> extra : request.extra().entrySet()) {
                if (extra.getKey().startsWith(PREFIX)) {
                    options.field(extra.getKey().substring(PREFIX.length()), extra.getValue());
                }
            }
        }
        options.endObject();
        if (options.out().length() > 2) {
            json.field("options", Raw.of(options.out().toString()));
        }
    }

    private static void number(JsonWriter json, String name, @Nullable Number value) {
        if (value instanceof Long whole) {
            json.field(name, whole.longValue());
        } else if (value != null) {
            json.field(name, value.doubleValue());
        }
    }
}
