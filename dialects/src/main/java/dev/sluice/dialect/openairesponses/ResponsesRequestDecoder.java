package dev.sluice.dialect.openairesponses;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Show;

import org.jspecify.annotations.Nullable;

/**
 * Reads a request and checks it. Null is absent everywhere. Members of which nothing is done are
 * kept as they are; those inside of {@code text} and {@code reasoning} under both names, such as
 * {@code text.verbosity}.
 */
final class ResponsesRequestDecoder {
    private static final Names REQUEST =
            Names.of(
                    "model",
                    "input",
                    "instructions",
                    "stream",
                    "max_output_tokens",
                    "temperature",
                    "top_p",
                    "top_logprobs",
                    "include",
                    "user",
                    "service_tier",
                    "text",
                    "reasoning",
                    "tools",
                    "tool_choice",
                    "parallel_tool_calls");
    private static final Names TEXT = Names.of("format");
    private static final Names REASONING = Names.of("effort", "summary");

    /** Where log probabilities are asked for. */
    static final String LOGPROBS = "message.output_text.logprobs";

    private final byte[] body;
    private final JsonReader reader;
    private final Request.Builder request = Request.builder(OpenAiResponsesDialect.NAME);
    private final ResponsesInputDecoder input;

    private @Nullable Double temperature;
    private @Nullable Double topP;
    private @Nullable Boolean logprobs;
    private @Nullable Long topLogprobs;
    private String instructions = "";
    private boolean inputSeen;

    private ResponsesRequestDecoder(byte[] body) {
        this.body = body;
        reader = JsonReader.strict(body);
        input = new ResponsesInputDecoder(reader, body, request);
    }

    static Request decode(byte[] body) {
        return new ResponsesRequestDecoder(body).request();
    }

    private Request request() {
        reader.beginObject();
        for (int f = reader.nextField(REQUEST);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(REQUEST)) {
            if (!reader.skipNull()) {
                member(f);
            }
        }
        if (request.model.isEmpty()) {
            throw invalid("model", "the request names no model; expected a string");
        }
        if (!inputSeen && !continues()) {
            throw invalid("input", "the request has no input; expected a string or an array");
        }
        if (!instructions.isEmpty()) {
            request.system.addFirst(new Block.Text(instructions));
        }
        ResponsesToolsDecoder.check(request);
        request.sampling =
                new Sampling(
                        temperature,
                        topP,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        logprobs,
                        topLogprobs,
                        null,
                        Sampling.NONE.stop());
        request.includeUsage = true;
        return request.build();
    }

    /** Whether the input is elsewhere: in an earlier response or a stored prompt. */
    private boolean continues() {
        return request.extra.containsKey("previous_response_id")
                || request.extra.containsKey("conversation")
                || request.extra.containsKey("prompt");
    }

    private void member(int field) {
        switch (field) {
            case 0 -> request.model = reader.string();
            case 1 -> {
                inputSeen = true;
                input.read();
            }
            case 2 -> instructions();
            case 3 -> request.stream = reader.bool();
            case 4 -> request.maxOutput = atLeastOne("max_output_tokens");
            case 5 -> temperature = within("temperature", 2);
            case 6 -> topP = within("top_p", 1);
            case 7 -> topLogprobs = topLogprobs();
            case 8 -> include();
            case 9 -> request.user = reader.string();
            case 10 -> request.serviceTier = reader.string();
            case 11 -> text();
            case 12 -> reasoning();
            case 13 -> ResponsesToolsDecoder.tools(reader, body, request);
            case 14 -> toolChoice();
            case 15 -> request.parallelToolCalls = reader.bool();
            default -> request.extra.put(reader.fieldName(), reader.raw());
        }
    }

    /** A string; as items only where an answer is sent back as it came. */
    private void instructions() {
        if (reader.peek() == Kind.STRING) {
            instructions = reader.string();
        } else {
            throw reader.error("expected a string, found " + reader.peek().words());
        }
    }

    private double within(String name, int most) {
        double value = reader.number();
        if (value < 0 || value > most) {
            throw invalid(name, name + ": " + value + " (expected: 0 to " + most + ")");
        }
        return value;
    }

    private long topLogprobs() {
        long value = reader.integer();
        if (value < 0 || value > 20) {
            throw invalid("top_logprobs", "top_logprobs: " + value + " (expected: 0 to 20)");
        }
        return value;
    }

    private long atLeastOne(String name) {
        long value = reader.integer();
        if (value < 1) {
            throw invalid(name, name + ": " + value + " (expected: at least 1)");
        }
        return value;
    }

    private void include() {
        Raw whole = Lenient.rawAt(body, reader.position());
        reader.beginArray();
        while (reader.hasNext()) {
            if (reader.string().equals(LOGPROBS)) {
                logprobs = true;
            }
        }
        request.extra.put("include", whole);
    }

    private void text() {
        reader.beginObject();
        for (int f = reader.nextField(TEXT);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(TEXT)) {
            if (reader.skipNull()) {
                continue;
            }
            if (f != 0) {
                request.extra.put("text." + reader.fieldName(), reader.raw());
                continue;
            }
            Raw whole = Lenient.rawAt(body, reader.position());
            request.responseFormat = ResponsesToolsDecoder.format(reader);
            if (request.responseFormat == null) {
                request.extra.put("text.format", whole);
            }
        }
    }

    private void reasoning() {
        Effort effort = Effort.UNSAID;
        Show show = Show.UNSAID;
        Raw summary = null;
        reader.beginObject();
        for (int f = reader.nextField(REASONING);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(REASONING)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> effort = effort();
                case 1 -> {
                    summary = Lenient.rawAt(body, reader.position());
                    show = reader.string().equals("auto") ? Show.SUMMARIZED : Show.UNSAID;
                }
                default -> request.extra.put("reasoning." + reader.fieldName(), reader.raw());
            }
        }
        boolean told = effort != Effort.UNSAID && effort != Effort.NONE;
        if (effort == Effort.NONE) {
            request.thinking = ThinkingConfig.off();
        } else if (told) {
            request.thinking = new ThinkingConfig(ThinkingConfig.Mode.EFFORT, 0, effort, show);
        }
        if (summary != null && !(told && show == Show.SUMMARIZED)) {
            request.extra.put("reasoning.summary", summary);
        }
    }

    private Effort effort() {
        Raw whole = Lenient.rawAt(body, reader.position());
        String word = reader.string();
        for (Effort effort : Effort.values()) {
            if (effort != Effort.UNSAID && effort.word().equals(word)) {
                return effort;
            }
        }
        request.extra.put("reasoning.effort", whole);
        return Effort.UNSAID;
    }

    private void toolChoice() {
        Raw whole = Lenient.rawAt(body, reader.position());
        request.toolChoice = ResponsesToolsDecoder.choice(reader);
        if (request.toolChoice == null) {
            request.extra.put("tool_choice", whole);
        }
    }

    private static RuntimeException invalid(String param, String message) {
        return Failure.invalid(param, message).asException();
    }
}
