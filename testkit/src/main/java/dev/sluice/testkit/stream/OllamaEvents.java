package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;

/**
 * Writes the lines of a stream of Ollama's {@code /api/chat} as text: what a scripted upstream
 * sends.
 */
public final class OllamaEvents {
    private final String before;

    private OllamaEvents(String model) {
        before =
                "{\"model\":"
                        + Json.quote(model)
                        + ",\"created_at\":\"2025-10-26T17:15:24.1Z\",\"message\":{\"role\":\"assistant\",\"content\":";
    }

    /** The lines of one answer. */
    public static OllamaEvents of(String model) {
        return new OllamaEvents(model);
    }

    /** A line of text. */
    public String text(String text) {
        return before + Json.quote(text) + "},\"done\":false}\n";
    }

    /** A line of thinking. */
    public String thinking(String text) {
        return before + "\"\",\"thinking\":" + Json.quote(text) + "},\"done\":false}\n";
    }

    /** A line with one call; the arguments are an object in JSON. */
    public String tool(int index, String id, String name, String arguments) {
        return before
                + "\"\",\"tool_calls\":[{\"id\":"
                + Json.quote(id)
                + ",\"function\":{\"index\":"
                + index
                + ",\"name\":"
                + Json.quote(name)
                + ",\"arguments\":"
                + arguments
                + "}}]},\"done\":false}\n";
    }

    /** The last line, with 10 tokens in and 5 out. */
    public String end(String reason) {
        return whole("", reason) + "\n";
    }

    /** An unstreamed answer. */
    public String whole(String text, String reason) {
        return before
                + Json.quote(text)
                + "},\"done\":true,\"done_reason\":"
                + Json.quote(reason)
                + ",\"total_duration\":2111222333,\"load_duration\":7654321,\"prompt_eval_count\":10,"
                + "\"prompt_eval_duration\":298765000,\"eval_count\":5,\"eval_duration\":1804802003}";
    }

    /** An error in the middle of the stream. */
    public String error(String message) {
        return "{\"error\":" + Json.quote(message) + "}\n";
    }
}
