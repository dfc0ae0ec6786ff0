package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;

/** Writes the pieces of a stream of Gemini's API as text: what a scripted upstream sends. */
public final class GeminiEvents {
    private final String after;

    private GeminiEvents(String model) {
        after = "\"modelVersion\":" + Json.quote(model) + ",\"responseId\":\"resp1\"}";
    }

    /** The pieces of one answer. */
    public static GeminiEvents of(String model) {
        return new GeminiEvents(model);
    }

    /** A piece with one part, as it is written. */
    public String part(String part) {
        return "data: " + piece(part, "") + "\r\n\r\n";
    }

    /** A piece as an object alone; the reason is left out if it is empty. */
    public String piece(String part, String reason) {
        return "{\"candidates\":[{\"content\":{\"parts\":["
                + part
                + "],\"role\":\"model\"}"
                + (reason.isEmpty() ? "" : ",\"finishReason\":" + Json.quote(reason))
                + ",\"index\":0}],"
                + (reason.isEmpty()
                        ? ""
                        : "\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":5,\"totalTokenCount\":15},")
                + after;
    }

    /** A piece of text. */
    public String text(String text) {
        return part("{\"text\":" + Json.quote(text) + "}");
    }

    /** A piece of a thought. */
    public String thought(String text) {
        return part("{\"text\":" + Json.quote(text) + ",\"thought\":true}");
    }

    /** A call; the arguments are an object in JSON. */
    public String tool(String id, String name, String arguments, String seal) {
        return part(
                "{\"functionCall\":{\"id\":"
                        + Json.quote(id)
                        + ",\"name\":"
                        + Json.quote(name)
                        + ",\"args\":"
                        + arguments
                        + "}"
                        + (seal.isEmpty() ? "" : ",\"thoughtSignature\":" + Json.quote(seal))
                        + "}");
    }

    /** The last piece, with 10 tokens in and 5 out. */
    public String end(String reason) {
        return "data: " + piece("{\"text\":\"\"}", reason) + "\r\n\r\n";
    }

    /** An unstreamed answer. */
    public String whole(String text, String reason) {
        return piece("{\"text\":" + Json.quote(text) + "}", reason);
    }

    /** An error in the middle of the stream. */
    public String error(int code, String status, String message) {
        return "data: " + status(code, status, message) + "\r\n\r\n";
    }

    /** The body of an error. */
    public String status(int code, String status, String message) {
        return "{\"error\":{\"code\":"
                + code
                + ",\"message\":"
                + Json.quote(message)
                + ",\"status\":"
                + Json.quote(status)
                + "}}";
    }
}
