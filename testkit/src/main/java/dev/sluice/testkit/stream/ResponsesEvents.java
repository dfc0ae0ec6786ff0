package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;

/**
 * Writes the events of one OpenAI Responses stream as text, each with its closing blank line: what
 * a scripted upstream sends. The dialect numbers its events and repeats the whole text at the end,
 * so that each stream has a writer of its own.
 */
public final class ResponsesEvents {
    private static final String ITEM_ID = "msg_1";
    private static final String OF_ITEM =
            "\"item_id\":\"" + ITEM_ID + "\",\"output_index\":0,\"content_index\":0,";

    private final String head;
    private final StringBuilder text = new StringBuilder();
    private long next;

    private ResponsesEvents(String id, String model) {
        head =
                "{\"id\":"
                        + Json.quote(id)
                        + ",\"object\":\"response\",\"created_at\":1760000000,\"model\":"
                        + Json.quote(model)
                        + ",\"instructions\":null,\"metadata\":{},\"parallel_tool_calls\":true,"
                        + "\"temperature\":1.0,\"top_p\":1.0,\"tool_choice\":\"auto\",\"tools\":[],"
                        + "\"text\":{\"format\":{\"type\":\"text\"}},\"status\":";
    }

    /** The events of one answer. */
    public static ResponsesEvents of(String id, String model) {
        return new ResponsesEvents(id, model);
    }

    /** All that comes before the first text. */
    public String begin() {
        String begun = ",\"response\":" + response("in_progress", "null", "[]", "null");
        return event("response.created", begun)
                + event("response.in_progress", begun)
                + event(
                        "response.output_item.added",
                        ",\"output_index\":0,\"item\":" + item("in_progress", "[]"))
                + event("response.content_part.added", "," + OF_ITEM + "\"part\":" + part(""));
    }

    /** A piece of text. */
    public String text(String piece) {
        text.append(piece);
        return event(
                "response.output_text.delta",
                "," + OF_ITEM + "\"delta\":" + Json.quote(piece) + ",\"logprobs\":[]");
    }

    /** All that comes behind the text of a complete answer, with 10 tokens in and 5 out. */
    public String complete() {
        return end("completed", "null");
    }

    /** All that comes behind the text of an answer that met a limit. */
    public String incomplete(String reason) {
        return end("incomplete", "{\"reason\":" + Json.quote(reason) + "}");
    }

    private String end(String status, String details) {
        String part = part(text.toString());
        return event(
                        "response.output_text.done",
                        ","
                                + OF_ITEM
                                + "\"text\":"
                                + Json.quote(text.toString())
                                + ",\"logprobs\":[]")
                + event("response.content_part.done", "," + OF_ITEM + "\"part\":" + part)
                + event(
                        "response.output_item.done",
                        ",\"output_index\":0,\"item\":" + item(status, "[" + part + "]"))
                + event("response." + status, ",\"response\":" + whole(status, details));
    }

    /** An unstreamed answer of the text so far. */
    public String whole() {
        return whole("completed", "null");
    }

    private String whole(String status, String details) {
        return response(
                status,
                details,
                "[" + item(status, "[" + part(text.toString()) + "]") + "]",
                "{\"input_tokens\":10,\"input_tokens_details\":{\"cached_tokens\":0},"
                        + "\"output_tokens\":5,\"output_tokens_details\":{\"reasoning_tokens\":0},"
                        + "\"total_tokens\":15}");
    }

    /** An error in the middle of the stream, in both of its forms. */
    public String error(String type, String code, String message) {
        String flat =
                "\"code\":"
                        + Json.quote(code)
                        + ",\"message\":"
                        + Json.quote(message)
                        + ",\"param\":null";
        return event(
                "error",
                "," + flat + ",\"error\":{\"type\":" + Json.quote(type) + "," + flat + "}");
    }

    private String event(String type, String members) {
        return "event: "
                + type
                + "\ndata: {\"type\":"
                + Json.quote(type)
                + ",\"sequence_number\":"
                + next++
                + members
                + "}\n\n";
    }

    private String response(String status, String details, String output, String usage) {
        return head
                + Json.quote(status)
                + ",\"error\":null,\"incomplete_details\":"
                + details
                + ",\"output\":"
                + output
                + ",\"usage\":"
                + usage
                + "}";
    }

    private static String item(String status, String content) {
        return "{\"id\":\""
                + ITEM_ID
                + "\",\"type\":\"message\",\"role\":\"assistant\",\"status\":"
                + Json.quote(status)
                + ",\"content\":"
                + content
                + "}";
    }

    private static String part(String text) {
        return "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":"
                + Json.quote(text)
                + "}";
    }
}
