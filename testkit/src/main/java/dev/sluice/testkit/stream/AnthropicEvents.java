package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;

/**
 * Writes the events of an Anthropic Messages stream as text, each with its closing blank line: what
 * a scripted upstream sends.
 *
 * {@snippet :
 * AnthropicEvents message = AnthropicEvents.of("msg_1", "claude-sonnet-4-5");
 * Script.stream().send(message.start(24)).send(message.textBlock(0, "Hel", "lo")).send(message.end("end_turn", 2));
 * }
 */
public final class AnthropicEvents {
    private final String id;
    private final String model;

    private AnthropicEvents(String id, String model) {
        this.id = id;
        this.model = model;
    }

    /** The events of one answer. */
    public static AnthropicEvents of(String id, String model) {
        return new AnthropicEvents(id, model);
    }

    /** message_start. */
    public String start(int inputTokens) {
        return event(
                "message_start",
                "\"message\":{\"id\":"
                        + Json.quote(id)
                        + ",\"type\":\"message\",\"role\":\"assistant\",\"model\":"
                        + Json.quote(model)
                        + ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":"
                        + inputTokens
                        + ",\"output_tokens\":1}}");
    }

    /** content_block_start with this block, in JSON. */
    public String blockStart(int index, String block) {
        return event("content_block_start", "\"index\":" + index + ",\"content_block\":" + block);
    }

    /** The start of a text block. */
    public String textStart(int index) {
        return blockStart(index, "{\"type\":\"text\",\"text\":\"\"}");
    }

    /** The start of a thinking block. */
    public String thinkingStart(int index) {
        return blockStart(index, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}");
    }

    /** The start of a tool_use block. */
    public String toolStart(int index, String toolId, String name) {
        return blockStart(
                index,
                "{\"type\":\"tool_use\",\"id\":"
                        + Json.quote(toolId)
                        + ",\"name\":"
                        + Json.quote(name)
                        + ",\"input\":{}}");
    }

    /** text_delta. */
    public String text(int index, String text) {
        return delta(index, "text_delta", "text", text);
    }

    /** thinking_delta. */
    public String thinking(int index, String text) {
        return delta(index, "thinking_delta", "thinking", text);
    }

    /** signature_delta. */
    public String signature(int index, String signature) {
        return delta(index, "signature_delta", "signature", signature);
    }

    /** input_json_delta. */
    public String input(int index, String fragment) {
        return delta(index, "input_json_delta", "partial_json", fragment);
    }

    /** content_block_stop. */
    public String blockStop(int index) {
        return event("content_block_stop", "\"index\":" + index);
    }

    /** A whole text block. */
    public String textBlock(int index, String... texts) {
        StringBuilder all = new StringBuilder(textStart(index));
        for (String text : texts) {
            all.append(text(index, text));
        }
        return all.append(blockStop(index)).toString();
    }

    /** message_delta. */
    public String messageDelta(String stopReason, int outputTokens) {
        return event(
                "message_delta",
                "\"delta\":{\"stop_reason\":"
                        + Json.quote(stopReason)
                        + ",\"stop_sequence\":null},\"usage\":{\"output_tokens\":"
                        + outputTokens
                        + "}");
    }

    /** message_stop. */
    public String stop() {
        return event("message_stop", "");
    }

    /** message_delta and message_stop. */
    public String end(String stopReason, int outputTokens) {
        return messageDelta(stopReason, outputTokens) + stop();
    }

    /** ping. */
    public String ping() {
        return event("ping", "");
    }

    /** A whole answer: one text block. */
    public String answer(String... texts) {
        return start(10) + textBlock(0, texts) + end("end_turn", 5);
    }

    /** An error in the middle of the stream. */
    public String error(String type, String message) {
        return event(
                "error",
                "\"error\":{\"type\":"
                        + Json.quote(type)
                        + ",\"message\":"
                        + Json.quote(message)
                        + "}");
    }

    private static String delta(int index, String type, String member, String value) {
        return event(
                "content_block_delta",
                "\"index\":"
                        + index
                        + ",\"delta\":{\"type\":\""
                        + type
                        + "\",\""
                        + member
                        + "\":"
                        + Json.quote(value)
                        + "}");
    }

    /** An event of this type with these members, in JSON without braces. */
    public static String event(String type, String members) {
        String comma = members.isEmpty() ? "" : ",";
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + comma + members + "}\n\n";
    }
}
