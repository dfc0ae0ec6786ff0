package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;

/**
 * Writes the events of an OpenAI Chat Completions stream as text, each with its closing blank line:
 * what a scripted upstream sends.
 *
 * {@snippet :
 * ChatEvents chat = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
 * Script.stream().send(chat.role()).events(200, Duration.ofMillis(20), i -> chat.text("t" + i)).send(chat.end("stop"));
 * }
 */
public final class ChatEvents {
    private final String before;

    private ChatEvents(String id, String model) {
        before =
                "data: {\"id\":"
                        + Json.quote(id)
                        + ",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":"
                        + Json.quote(model)
                        + ",\"choices\":[";
    }

    /** The events of one answer. */
    public static ChatEvents of(String id, String model) {
        return new ChatEvents(id, model);
    }

    /** The first chunk. */
    public String role() {
        return delta("{\"role\":\"assistant\",\"content\":\"\"}");
    }

    /** A chunk of text. */
    public String text(String text) {
        return delta("{\"content\":" + Json.quote(text) + "}");
    }

    /** A chunk of a refusal. */
    public String refusal(String text) {
        return delta("{\"refusal\":" + Json.quote(text) + "}");
    }

    /** A chunk of reasoning. */
    public String reasoning(String text) {
        return delta("{\"reasoning_content\":" + Json.quote(text) + "}");
    }

    /** The opening fragment of a tool call. */
    public String tool(int index, String id, String name) {
        return delta(
                "{\"tool_calls\":[{\"index\":"
                        + index
                        + ",\"id\":"
                        + Json.quote(id)
                        + ",\"type\":\"function\",\"function\":{\"name\":"
                        + Json.quote(name)
                        + ",\"arguments\":\"\"}}]}");
    }

    /** A fragment of a tool call's arguments. */
    public String arguments(int index, String fragment) {
        return delta(
                "{\"tool_calls\":[{\"index\":"
                        + index
                        + ",\"function\":{\"arguments\":"
                        + Json.quote(fragment)
                        + "}}]}");
    }

    /** The chunk with the finish reason. */
    public String finish(String reason) {
        return choice("{}", Json.quote(reason));
    }

    /** The usage chunk. */
    public String usage(int promptTokens, int completionTokens) {
        return before
                + "],\"usage\":{\"prompt_tokens\":"
                + promptTokens
                + ",\"completion_tokens\":"
                + completionTokens
                + ",\"total_tokens\":"
                + (promptTokens + completionTokens)
                + "}}\n\n";
    }

    /** {@code [DONE]}. */
    public String done() {
        return "data: [DONE]\n\n";
    }

    /** Finish chunk, usage chunk of 10 and 5 tokens, {@code [DONE]}. */
    public String end(String reason) {
        return finish(reason) + usage(10, 5) + done();
    }

    /** A whole answer of these texts, with usage. */
    public String answer(String... texts) {
        StringBuilder all = new StringBuilder(role());
        for (String text : texts) {
            all.append(text(text));
        }
        return all.append(end("stop")).toString();
    }

    /** An error in the middle of the stream. */
    public String error(String type, String message) {
        return "data: {\"error\":{\"message\":"
                + Json.quote(message)
                + ",\"type\":"
                + Json.quote(type)
                + ",\"param\":null,\"code\":null}}\n\n";
    }

    /** A chunk with this delta, in JSON. */
    public String delta(String json) {
        return choice(json, "null");
    }

    private String choice(String delta, String finishReason) {
        return before
                + "{\"index\":0,\"delta\":"
                + delta
                + ",\"finish_reason\":"
                + finishReason
                + "}]}\n\n";
    }
}
