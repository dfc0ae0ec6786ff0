package dev.sluice.dialect.openaichat;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a request and checks it. Null is absent everywhere. What the dialect's own vendor refuses
 * for every model is refused here, with the name of the field and what was expected; members that
 * are not known are kept as they are.
 */
final class OpenAiChatRequestDecoder {
    private static final Names REQUEST =
            Names.of(
                    "model",
                    "messages",
                    "stream",
                    "stream_options",
                    "max_completion_tokens",
                    "max_tokens",
                    "temperature",
                    "top_p",
                    "top_k",
                    "min_p",
                    "presence_penalty",
                    "frequency_penalty",
                    "repetition_penalty",
                    "seed",
                    "logprobs",
                    "top_logprobs",
                    "logit_bias",
                    "stop",
                    "n",
                    "user",
                    "service_tier",
                    "response_format",
                    "tools",
                    "tool_choice",
                    "parallel_tool_calls",
                    "functions",
                    "function_call",
                    "reasoning_effort",
                    "prompt",
                    "suffix",
                    "echo",
                    "best_of");
    private static final Names STREAM_OPTIONS = Names.of("include_usage");

    /** What llama.cpp and LM Studio clients send for "as many as fit". */
    private static final long UNLIMITED = -1;

    /** Tokens of the answer to a bare prompt that says no number: the vendor's own. */
    private static final long BARE_MOST = 16;

    private final byte[] body;
    private final JsonReader reader;
    private final Request.Builder request = Request.builder(OpenAiChatDialect.NAME);
    private final OpenAiChatMessagesDecoder messages;

    private @Nullable Double temperature;
    private @Nullable Double topP;
    private @Nullable Long topK;
    private @Nullable Double minP;
    private @Nullable Double presencePenalty;
    private @Nullable Double frequencyPenalty;
    private @Nullable Double repetitionPenalty;
    private @Nullable Long seed;
    private @Nullable Boolean logprobs;
    private @Nullable Long topLogprobs;
    private @Nullable Raw logitBias;
    private List<String> stop = List.of();
    private @Nullable Long maxTokens;
    private @Nullable Long maxCompletionTokens;
    private boolean messagesSeen;

    /** Whether it is a bare prompt and no conversation; then that prompt, and what goes with it. */
    private final boolean bare;

    private final List<Block> prompt = new ArrayList<>();
    private boolean echo;

    private OpenAiChatRequestDecoder(byte[] body, boolean bare) {
        this.body = body;
        this.bare = bare;
        reader = JsonReader.strict(body);
        messages = new OpenAiChatMessagesDecoder(reader, body, request);
    }

    static Request decode(byte[] body) {
        return new OpenAiChatRequestDecoder(body, false).request();
    }

    /**
     * Reads a request of the older form, which has a prompt in place of a conversation. What of it
     * only the server that made the model can do is opaque.
     */
    static Request decodePrompt(byte[] body) {
        return new OpenAiChatRequestDecoder(body, true).request();
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
        if (bare) {
            bareMessage();
        } else if (!messagesSeen) {
            throw invalid("messages", "the request has no messages; expected an array of them");
        }
        checkToolChoice();
        request.maxOutput = maxCompletionTokens == null ? maxTokens : maxCompletionTokens;
        request.maxOutputCountsThinking = maxCompletionTokens != null || maxTokens == null;
        request.sampling =
                new Sampling(
                        temperature,
                        topP,
                        topK,
                        minP,
                        presencePenalty,
                        frequencyPenalty,
                        repetitionPenalty,
                        seed,
                        logprobs,
                        topLogprobs,
                        logitBias,
                        stop);
        return request.build();
    }

    private void bareMessage() {
        if (prompt.isEmpty()) {
            throw invalid("prompt", "the request has no prompt; expected a text");
        }
        if (echo && prompt.getFirst() instanceof Block.Text said) {
            request.extra.put(OpenAiChatTextEncoder.ECHO, Raw.string(said.text()));
        }
        request.messages.add(new Message(Role.USER, prompt));
        if (maxTokens == null && maxCompletionTokens == null) {
            maxTokens = BARE_MOST;
        }
    }

    /** Whether the member has another meaning beside a bare prompt, or none. */
    private boolean ofPrompt(int field) {
        switch (field) {
            case 14, 29, 31 -> opaque();
            case 30 -> echo = reader.bool();
            case 28 -> {
                if (reader.peek() == Kind.STRING) {
                    prompt.addFirst(new Block.Text(reader.string()));
                } else {
                    prompts();
                }
            }
            // Neither can be told in the answer.
            case 1, 22, 23, 24, 25, 26 -> request.extra.put(reader.fieldName(), reader.raw());
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A list of one text is that text; several, or tokens as numbers, are for the vendor alone. */
    private void prompts() {
        Raw whole = reader.raw();
        JsonReader items = whole.reader();
        if (items.peek() == Kind.ARRAY) {
            items.beginArray();
            if (items.hasNext() && items.peek() == Kind.STRING) {
                String only = items.string();
                if (!items.hasNext()) {
                    prompt.addFirst(new Block.Text(only));
                    return;
                }
            }
        }
        prompt.add(new Block.Opaque("prompt", whole));
    }

    private void opaque() {
        String name = reader.fieldName();
        Raw value = reader.raw();
        boolean said =
                switch (value.toString()) {
                    case "false", "\"\"" -> false;
                    case "1" -> !name.equals("best_of");
                    default -> true;
                };
        if (said) {
            prompt.add(new Block.Opaque(name, value));
        }
    }

    private void member(int field) {
        if (bare && ofPrompt(field)) {
            return;
        }
        switch (field) {
            case 0 -> request.model = reader.string();
            case 1 -> {
                messagesSeen = true;
                messages.read();
            }
            case 2 -> request.stream = reader.bool();
            case 3 -> streamOptions();
            case 4 -> maxCompletionTokens = maxOutput("max_completion_tokens");
            case 5 -> maxTokens = maxOutput("max_tokens");
            case 6 -> temperature = within("temperature", 0, 2);
            case 7 -> topP = within("top_p", 0, 1);
            case 8 -> topK = reader.integer();
            case 9 -> minP = within("min_p", 0, 1);
            case 10 -> presencePenalty = within("presence_penalty", -2, 2);
            case 11 -> frequencyPenalty = within("frequency_penalty", -2, 2);
            case 12 -> repetitionPenalty = reader.number();
            case 13 -> seed = reader.integer();
            case 14 -> logprobs = reader.bool();
            case 15 -> topLogprobs = whole("top_logprobs", 0, 20);
            case 16 -> logitBias = object();
            case 17 -> stop = stop();
            case 18 -> request.choices = (int) whole("n", 1, 128);
            case 19 -> request.user = reader.string();
            case 20 -> request.serviceTier = reader.string();
            case 21 -> responseFormat();
            case 22 -> OpenAiChatToolsDecoder.tools(reader, body, request.tools);
            case 23 -> toolChoice();
            case 24 -> request.parallelToolCalls = reader.bool();
            case 25 -> OpenAiChatToolsDecoder.functions(reader, request.tools);
            case 26 -> request.toolChoice = OpenAiChatToolsDecoder.functionCall(reader);
            case 27 -> reasoningEffort();
            default -> request.extra.put(reader.fieldName(), reader.raw());
        }
    }

    private Raw object() {
        if (reader.peek() != Kind.OBJECT) {
            throw reader.error("expected an object, found " + reader.peek().words());
        }
        return reader.raw();
    }

    private double within(String name, int least, int most) {
        double value = reader.number();
        if (value < least || value > most) {
            throw invalid(name, name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
        return value;
    }

    private long whole(String name, int least, int most) {
        long value = reader.integer();
        if (value < least || value > most) {
            throw invalid(name, name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
        return value;
    }

    private @Nullable Long maxOutput(String name) {
        long value = reader.integer();
        if (value == UNLIMITED) {
            return null;
        }
        if (value < 1) {
            throw invalid(name, name + ": " + value + " (expected: at least 1)");
        }
        return value;
    }

    private List<String> stop() {
        List<String> texts = new ArrayList<>();
        if (reader.peek() == Kind.STRING) {
            texts.add(reader.string());
        } else {
            reader.beginArray();
            while (reader.hasNext()) {
                texts.add(reader.string());
            }
        }
        texts.removeIf(String::isEmpty);
        return texts;
    }

    private void streamOptions() {
        Raw whole = Lenient.rawAt(body, reader.position());
        reader.beginObject();
        boolean others = false;
        for (int f = reader.nextField(STREAM_OPTIONS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(STREAM_OPTIONS)) {
            if (f != 0) {
                others = true;
                reader.skip();
            } else if (!reader.skipNull()) {
                request.includeUsage = reader.bool();
            }
        }
        if (others) {
            request.extra.put("stream_options", whole);
        }
    }

    private void responseFormat() {
        Raw whole = Lenient.rawAt(body, reader.position());
        request.responseFormat = OpenAiChatToolsDecoder.responseFormat(reader);
        if (request.responseFormat == null) {
            request.extra.put("response_format", whole);
        }
    }

    private void toolChoice() {
        Raw whole = Lenient.rawAt(body, reader.position());
        request.toolChoice = OpenAiChatToolsDecoder.toolChoice(reader);
        if (request.toolChoice == null) {
            request.extra.put("tool_choice", whole);
        }
    }

    private void reasoningEffort() {
        Raw whole = Lenient.rawAt(body, reader.position());
        String word = reader.string();
        for (ThinkingConfig.Effort effort : ThinkingConfig.Effort.values()) {
            if (effort != ThinkingConfig.Effort.UNSAID && effort.word().equals(word)) {
                request.thinking = ThinkingConfig.effort(effort);
                return;
            }
        }
        request.extra.put("reasoning_effort", whole);
    }

    private void checkToolChoice() {
        switch (request.toolChoice) {
            case null -> {}
            case ToolChoice.Auto _, ToolChoice.None _ -> {}
            case ToolChoice.Required _ -> {
                if (request.tools.isEmpty()) {
                    throw invalid(
                            "tool_choice", "tool_choice asks for a tool where `tools` has none");
                }
            }
            case ToolChoice.Named named -> checkKnown(named.name());
            case ToolChoice.Allowed allowed -> allowed.names().forEach(this::checkKnown);
        }
    }

    private void checkKnown(String name) {
        for (Tool tool : request.tools) {
            if (tool.name().equals(name)) {
                return;
            }
        }
        throw invalid(
                "tool_choice",
                "tool_choice names the tool `"
                        + Lenient.shortened(name)
                        + "`, which is not in `tools`");
    }

    private static RuntimeException invalid(String param, String message) {
        return Failure.invalid(param, message).asException();
    }
}
