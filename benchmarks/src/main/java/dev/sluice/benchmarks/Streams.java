package dev.sluice.benchmarks;

import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.framing.EventStreamEncoder;
import dev.sluice.core.json.ByteBuilder;

/** Streams as the vendors write them, with what they count, number and pad. */
final class Streams {
    /** Tokens in each stream of the benchmarks that know one length. */
    static final int TOKENS = 1000;

    private static final String[] WORDS = {
        " the", " stream", " of", " tokens", " grüßt", " \\\"you\\\"", " now"
    };
    private static final String PADDING = "abcdefghijklmnopqrstuvwxyzABCDEF";
    private static final String ITEM =
            "\"item_id\":\"msg_9f2c41d07ab34e6e8d5b1f60\",\"output_index\":0";

    /** What the tokens of a stream are. */
    enum Content {
        /** The words of a text. */
        TEXT,
        /** Fragments of the arguments of a tool use, one long string in an object. */
        ARGUMENTS
    }

    private final ByteBuilder out = new ByteBuilder(1 << 16);
    private final EventStreamEncoder frames = new EventStreamEncoder();
    private final int tokens;
    private final Content content;
    private int sequence;

    private Streams(int tokens, Content content) {
        this.tokens = tokens;
        this.content = content;
    }

    /** What an encoder of a client's answer is told. */
    static EncodeContext toClient(boolean sameDialect) {
        return new EncodeContext(
                "0123456789abcdef", "model", 1_760_000_000, true, "req_1", 10, sameDialect);
    }

    static DecodeContext fromUpstream(boolean sameDialect) {
        return new DecodeContext(Quirks.vendor("openai"), sameDialect);
    }

    /** A stream of {@code tokens} words of text in a dialect. */
    static byte[] of(String dialect, int tokens) {
        return of(dialect, tokens, Content.TEXT);
    }

    /** A stream of {@code tokens} pieces in a dialect. */
    static byte[] of(String dialect, int tokens, Content content) {
        Streams stream = new Streams(tokens, content);
        switch (dialect) {
            case "openai-chat" -> stream.openAiChat();
            case "openai-responses" -> stream.openAiResponses();
            case "anthropic" -> stream.anthropic();
            case "ollama" -> stream.ollama();
            case "gemini" -> stream.gemini();
            case "bedrock" -> stream.bedrock();
            default -> throw new IllegalArgumentException("dialect: " + dialect);
        }
        return stream.out.toBytes();
    }

    private String piece(int i) {
        String word = WORDS[i % WORDS.length];
        if (content == Content.TEXT) {
            return word;
        }
        String inside = word.replace("\\", "\\\\").replace("\"", "\\\"");
        return (i == 0 ? "{\\\"text\\\":\\\"" : "") + inside + (i == tokens - 1 ? "\\\"}" : "");
    }

    private boolean isText() {
        return content == Content.TEXT;
    }

    private static String padding(int i) {
        return PADDING.substring(0, 1 + i * 7 % 31);
    }

    /** All pieces, joined. */
    private String whole() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < tokens; i++) {
            all.append(piece(i));
        }
        return all.toString();
    }

    // ---- OpenAI Chat Completions ----

    private void openAiChat() {
        chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
        if (!isText()) {
            chunk(
                    "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"write\",\"arguments\":\"\"}}]}",
                    "null");
        }
        for (int i = 0; i < tokens; i++) {
            chunk(
                    isText()
                            ? "{\"content\":\"" + piece(i) + "\"}"
                            : "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\""
                                    + piece(i)
                                    + "\"}}]}",
                    "null");
        }
        chunk("{}", isText() ? "\"stop\"" : "\"tool_calls\"");
        out.add("data: [DONE]\n\n");
    }

    private void chunk(String delta, String finish) {
        out.add(
                "data:"
                    + " {\"id\":\"chatcmpl-9f2c41d07ab34e6e8d5b1f60\",\"object\":\"chat.completion.chunk\",\"created\":1735689600,\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"delta\":");
        out.add(delta).add(",\"logprobs\":null,\"finish_reason\":").add(finish).add("}]}\n\n");
    }

    // ---- OpenAI Responses ----

    private void openAiResponses() {
        response("response.created", "in_progress", "", "null");
        response("response.in_progress", "in_progress", "", "null");
        event(
                "response.output_item.added",
                "\"output_index\":0,\"item\":" + item("in_progress", ""));
        if (isText()) {
            event(
                    "response.content_part.added",
                    ITEM + ",\"content_index\":0,\"part\":" + part(""));
        }
        for (int i = 0; i < tokens; i++) {
            String place = isText() ? ",\"content_index\":0,\"delta\":\"" : ",\"delta\":\"";
            String end =
                    isText() ? "\",\"logprobs\":[],\"obfuscation\":\"" : "\",\"obfuscation\":\"";
            event(deltas() + ".delta", ITEM + place + piece(i) + end + padding(i) + '"');
        }
        String all = whole();
        if (isText()) {
            String place = ITEM + ",\"content_index\":0,";
            event(deltas() + ".done", place + "\"text\":\"" + all + "\",\"logprobs\":[]");
            event("response.content_part.done", place + "\"part\":" + part(all));
        } else {
            event(deltas() + ".done", ITEM + ",\"arguments\":\"" + all + '"');
        }
        String item = item("completed", all);
        event("response.output_item.done", "\"output_index\":0,\"item\":" + item);
        response(
                "response.completed",
                "completed",
                item,
                "{\"input_tokens\":10,\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":"
                        + tokens
                        + ",\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":"
                        + (tokens + 10)
                        + "}");
    }

    private String deltas() {
        return isText() ? "response.output_text" : "response.function_call_arguments";
    }

    private static String part(String text) {
        return "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\""
                + text
                + "\"}";
    }

    private String item(String status, String all) {
        String head =
                "{\"id\":\"msg_9f2c41d07ab34e6e8d5b1f60\",\"status\":\""
                        + status
                        + "\",\"type\":\"";
        return isText()
                ? head
                        + "message\",\"role\":\"assistant\",\"content\":["
                        + (all.isEmpty() ? "" : part(all))
                        + "]}"
                : head
                        + "function_call\",\"call_id\":\"call_1\",\"name\":\"write\",\"arguments\":\""
                        + all
                        + "\"}";
    }

    private void event(String type, String members) {
        out.add("event: ").add(type).add("\ndata: {\"type\":\"").add(type);
        out.add("\",\"sequence_number\":").number(sequence++);
        out.add(",").add(members).add("}\n\n");
    }

    private void response(String type, String status, String item, String usage) {
        event(
                type,
                "\"response\":{\"id\":\"resp_9f2c41d07ab34e6e8d5b1f60\",\"object\":\"response\",\"created_at\":1760000000,\"status\":\""
                        + status
                        + "\",\"error\":null,\"incomplete_details\":null,\"model\":\"gpt-5-mini\",\"output\":["
                        + item
                        + "],\"text\":{\"format\":{\"type\":\"text\"}},\"usage\":"
                        + usage
                        + "}");
    }

    // ---- Anthropic Messages ----

    private void anthropic() {
        message(
                "message_start",
                ",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}");
        message(
                "content_block_start",
                isText()
                        ? ",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"
                        : ",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"write\",\"input\":{}}");
        String delta =
                isText()
                        ? "{\"type\":\"text_delta\",\"text\":\""
                        : "{\"type\":\"input_json_delta\",\"partial_json\":\"";
        for (int i = 0; i < tokens; i++) {
            message("content_block_delta", ",\"index\":0,\"delta\":" + delta + piece(i) + "\"}");
        }
        message("content_block_stop", ",\"index\":0");
        message(
                "message_delta",
                ",\"delta\":{\"stop_reason\":\""
                        + (isText() ? "end_turn" : "tool_use")
                        + "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":"
                        + tokens
                        + "}");
        message("message_stop", "");
    }

    private void message(String type, String members) {
        out.add("event: ").add(type).add("\ndata: {\"type\":\"").add(type).add('"');
        out.add(members).add("}\n\n");
    }

    // ---- dialects whose calls come whole ----

    private void ollama() {
        needText("ollama");
        for (int i = 0; i < tokens; i++) {
            line(i, piece(i), "\"done\":false");
        }
        line(
                tokens,
                "",
                "\"done_reason\":\"stop\",\"done\":true,\"total_duration\":1,\"prompt_eval_count\":10,\"eval_count\":"
                        + tokens);
    }

    private void line(int i, String text, String end) {
        out.add("{\"model\":\"llama3\",\"created_at\":\"2025-01-01T00:00:00.");
        out.number(100_000 + i % 900_000)
                .add("Z\",\"message\":{\"role\":\"assistant\",\"content\":\"");
        out.add(text).add("\"},").add(end).add("}\n");
    }

    private void gemini() {
        needText("gemini");
        for (int i = 0; i < tokens; i++) {
            candidate(piece(i), "", i + 1);
        }
        candidate("", "\"finishReason\":\"STOP\",", tokens);
    }

    private void candidate(String text, String finish, int count) {
        out.add("data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"").add(text);
        out.add("\"}],\"role\":\"model\"},").add(finish);
        out.add(
                "\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":");
        out.number(count).add(",\"totalTokenCount\":").number(count + 10L);
        out.add(",\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":10}]},");
        out.add(
                "\"modelVersion\":\"gemini-2.5-flash\",\"responseId\":\"9f2c41d07ab34e6e\"}\r\n\r\n");
    }

    private void needText(String dialect) {
        if (!isText()) {
            throw new IllegalArgumentException("a call of " + dialect + " has no fragments");
        }
    }

    // ---- Bedrock ----

    private void bedrock() {
        frame("messageStart", "{\"role\":\"assistant\",\"p\":\"abc\"}");
        if (!isText()) {
            frame(
                    "contentBlockStart",
                    "{\"contentBlockIndex\":0,\"start\":{\"toolUse\":{\"toolUseId\":\"tooluse_1\",\"name\":\"write\"}}}");
        }
        String delta = isText() ? "{\"text\":\"" : "{\"toolUse\":{\"input\":\"";
        String end = isText() ? "\"},\"p\":\"" : "\"}},\"p\":\"";
        for (int i = 0; i < tokens; i++) {
            frame(
                    "contentBlockDelta",
                    "{\"contentBlockIndex\":0,\"delta\":"
                            + delta
                            + piece(i)
                            + end
                            + padding(i)
                            + "\"}");
        }
        frame("contentBlockStop", "{\"contentBlockIndex\":0}");
        frame("messageStop", "{\"stopReason\":\"" + (isText() ? "end_turn" : "tool_use") + "\"}");
        frame(
                "metadata",
                "{\"usage\":{\"inputTokens\":10,\"outputTokens\":"
                        + tokens
                        + ",\"totalTokens\":"
                        + (tokens + 10)
                        + "},\"metrics\":{\"latencyMs\":12}}");
    }

    private void frame(String type, String payload) {
        frames.begin(
                out,
                EventStreamEncoder.headers(
                        ":event-type",
                        type,
                        ":content-type",
                        "application/json",
                        ":message-type",
                        "event"));
        out.add(payload);
        frames.end(out);
    }
}
