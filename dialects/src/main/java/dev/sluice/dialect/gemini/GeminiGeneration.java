package dev.sluice.dialect.gemini;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Mode;
import dev.sluice.core.request.ThinkingConfig.Show;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The member {@code generationConfig}. What has no canonical form is kept under its name behind
 * {@link #PREFIX}.
 */
final class GeminiGeneration {
    /** Before the name of such a member in the request's extra members. */
    static final String PREFIX = "generationConfig.";

    private static final String JSON = "application/json";

    private static final ProtoNames CONFIG =
            ProtoNames.of(
                    "temperature",
                    "topP",
                    "topK",
                    "maxOutputTokens",
                    "stopSequences",
                    "seed",
                    "presencePenalty",
                    "frequencyPenalty",
                    "candidateCount",
                    "responseMimeType",
                    "responseSchema",
                    "responseJsonSchema",
                    "responseLogprobs",
                    "logprobs",
                    "thinkingConfig");
    private static final ProtoNames THINKING =
            ProtoNames.of("includeThoughts", "thinkingBudget", "thinkingLevel");

    private @Nullable Double temperature;
    private @Nullable Double topP;
    private @Nullable Long topK;
    private @Nullable Double presencePenalty;
    private @Nullable Double frequencyPenalty;
    private @Nullable Long seed;
    private @Nullable Boolean logprobs;
    private @Nullable Long topLogprobs;
    private final List<String> stop = new ArrayList<>();
    private String mimeType = "";
    private @Nullable Raw schema;

    /** Reads the object that is next. */
    void read(JsonReader reader, Request.Builder request) {
        ProtoObject config = ProtoObject.enter(reader, CONFIG);
        for (int f = config.next(); f != JsonReader.END_OBJECT; f = config.next()) {
            switch (f) {
                case 0 -> temperature = reader.number();
                case 1 -> topP = reader.number();
                case 2 -> topK = integer(reader);
                case 3 -> request.maxOutput = integer(reader);
                case 4 -> stops(reader);
                case 5 -> seed = integer(reader);
                case 6 -> presencePenalty = reader.number();
                case 7 -> frequencyPenalty = reader.number();
                case 8 -> request.choices = Math.clamp(integer(reader), 1, 1000);
                case 9 -> mimeType = reader.string();
                case 10 -> schema = GeminiSchema.toJsonSchema(object(reader));
                case 11 -> schema = object(reader);
                case 12 -> logprobs = reader.bool();
                case 13 -> topLogprobs = integer(reader);
                case 14 -> thinking(reader, request);
                default -> request.extra.put(PREFIX + config.name(), reader.raw());
            }
        }
        format(request);
    }

    private static Raw object(JsonReader reader) {
        if (reader.peek() != Kind.OBJECT) {
            throw reader.error("expected a schema, which is an object");
        }
        return reader.raw();
    }

    /** Whole numbers of 64 bits may come as strings. */
    static long integer(JsonReader reader) {
        if (reader.peek() != Kind.STRING) {
            return reader.integer();
        }
        String text = reader.string();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException noNumber) {
            throw reader.error("expected a whole number");
        }
    }

    private void stops(JsonReader reader) {
        reader.beginArray();
        while (reader.hasNext()) {
            String text = reader.string();
            if (!text.isEmpty()) {
                stop.add(text);
            }
        }
    }

    private void format(Request.Builder request) {
        Raw form = schema;
        switch (mimeType) {
            case "", "text/plain" -> {
                if (form != null) {
                    request.extra.put(PREFIX + "responseJsonSchema", form);
                }
            }
            case JSON ->
                    request.responseFormat =
                            form == null
                                    ? new ResponseFormat.JsonObject()
                                    : new ResponseFormat.JsonSchema("", null, form, null);
            default -> {
                request.extra.put(PREFIX + "responseMimeType", Raw.string(mimeType));
                if (form != null) {
                    request.extra.put(PREFIX + "responseJsonSchema", form);
                }
            }
        }
    }

    private static void thinking(JsonReader reader, Request.Builder request) {
        Show show = Show.UNSAID;
        Mode mode = Mode.ADAPTIVE;
        long budget = 0;
        Effort effort = Effort.UNSAID;
        ProtoObject thinking = ProtoObject.enter(reader, THINKING);
        for (int f = thinking.next(); f != JsonReader.END_OBJECT; f = thinking.next()) {
            switch (f) {
                case 0 -> show = reader.bool() ? Show.SUMMARIZED : Show.OMITTED;
                case 1 -> {
                    budget = integer(reader);
                    mode = budget == 0 ? Mode.OFF : budget < 0 ? Mode.ADAPTIVE : Mode.BUDGET;
                    budget = Math.max(0, budget);
                }
                case 2 -> {
                    effort = effort(reader);
                    mode = effort == Effort.UNSAID ? mode : Mode.EFFORT;
                }
                default ->
                        request.extra.put(
                                PREFIX + "thinkingConfig." + thinking.name(), reader.raw());
            }
        }
        request.thinking = new ThinkingConfig(mode, budget, effort, show);
    }

    private static Effort effort(JsonReader reader) {
        return switch (reader.string()) {
            case "MINIMAL" -> Effort.MINIMAL;
            case "LOW" -> Effort.LOW;
            case "MEDIUM" -> Effort.MEDIUM;
            case "HIGH" -> Effort.HIGH;
            case "THINKING_LEVEL_UNSPECIFIED" -> Effort.UNSAID;
            default -> throw reader.error("expected `MINIMAL`, `LOW`, `MEDIUM` or `HIGH`");
        };
    }

    /** How tokens are drawn. */
    Sampling sampling() {
        return new Sampling(
                temperature,
                topP,
                topK,
                null,
                presencePenalty,
                frequencyPenalty,
                null,
                seed,
                logprobs,
                topLogprobs,
                null,
                stop);
    }
}
