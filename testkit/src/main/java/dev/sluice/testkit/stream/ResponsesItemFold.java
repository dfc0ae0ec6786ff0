package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The state of one output item of a Responses stream. */
final class ResponsesItemFold {
    /** The events of an item's text, by what they begin with, and the member that has it whole. */
    private static final Map<String, String> WHOLE =
            Map.of(
                    "response.output_text", "text",
                    "response.refusal", "refusal",
                    "response.reasoning_text", "text",
                    "response.reasoning_summary_text", "text",
                    "response.function_call_arguments", "arguments",
                    "response.custom_tool_call_input", "input");

    private final WriterRules rules;
    private final JsonNode start;
    private final String type;
    private final StringBuilder text = new StringBuilder();
    private final List<JsonNode> parts = new ArrayList<>();
    private JsonNode done = Json.object();
    private boolean open = true;
    private boolean partOpen;
    private boolean textDone;

    ResponsesItemFold(WriterRules rules, JsonNode item) {
        this.rules = rules;
        this.start = item;
        this.type = WriterRules.text(item, "type");
        rules.requireText(item, "type");
        rules.requireText(item, "id");
        switch (type) {
            case "message" -> {
                requireEmpty("content");
                rules.require(
                        WriterRules.text(item, "role").equals("assistant"),
                        "a message of the role " + item.path("role"));
            }
            case "reasoning" -> requireEmpty("summary");
            case "function_call" -> requireCall("arguments");
            case "custom_tool_call" -> requireCall("input");
            default -> {
                // Items of hosted tools and newer ones pass as they are.
            }
        }
    }

    private void requireEmpty(String member) {
        JsonNode node = start.path(member);
        rules.require(node.isArray() && node.isEmpty(), type + " begins without empty " + member);
    }

    private void requireCall(String member) {
        rules.requireText(start, "call_id");
        rules.requireText(start, "name");
        rules.require(
                start.path(member).isString() && WriterRules.text(start, member).isEmpty(),
                "a call that does not begin with empty " + member);
    }

    String id() {
        return WriterRules.text(start, "id");
    }

    boolean isOpen() {
        return open;
    }

    /** The item as it was when it was done. */
    JsonNode done() {
        return done;
    }

    void onEvent(String event, ObjectNode data) {
        int dot = event.lastIndexOf('.');
        String stem = event.substring(0, dot);
        String stage = event.substring(dot + 1);
        if (stem.equals("response.content_part")
                || stem.equals("response.reasoning_summary_part")) {
            onPart(stage, data);
        } else if (stem.equals("response.output_text.annotation")) {
            requirePart(data);
            rules.requireCount(data, "annotation_index");
        } else if (WHOLE.containsKey(stem)) {
            onText(stem, stage, data);
        } else {
            rules.require(false, "an unknown event: " + event);
        }
    }

    private void onPart(String stage, ObjectNode data) {
        if (stage.equals("added")) {
            rules.require(!partOpen, "a part begins while another is open");
            partOpen = true;
            textDone = false;
            text.setLength(0);
            requirePart(data);
            rules.requireText(data.path("part"), "type");
            return;
        }
        requirePart(data);
        rules.require(textDone, "a part is done before its text");
        JsonNode part = data.path("part");
        String whole = WriterRules.text(part, "type").equals("refusal") ? "refusal" : "text";
        rules.require(
                WriterRules.text(part, whole).contentEquals(text), "a part with another text");
        parts.add(part);
        partOpen = false;
    }

    private void requirePart(ObjectNode data) {
        rules.require(partOpen, "an event of a part that is not open");
        String index = data.has("summary_index") ? "summary_index" : "content_index";
        rules.require(
                data.path(index).asInt(-1) == parts.size(),
                index + " is " + data.path(index) + " and should be " + parts.size());
    }

    private void onText(String stem, String stage, ObjectNode data) {
        boolean inPart = !stem.contains("call");
        if (inPart) {
            requirePart(data);
        }
        rules.require(!textDone, "more text after its end");
        if (stage.equals("delta")) {
            rules.requireString(data, "delta");
            text.append(WriterRules.text(data, "delta"));
            return;
        }
        textDone = true;
        String whole = WHOLE.getOrDefault(stem, "text");
        rules.requireString(data, whole);
        if (!rules.isStrict() && text.isEmpty()) {
            text.append(WriterRules.text(data, whole));
        }
        rules.require(
                WriterRules.text(data, whole).contentEquals(text),
                "the whole text is not that of the deltas");
        if (stem.equals("response.output_text")) {
            rules.require(data.path("logprobs").isArray(), "text without logprobs");
        }
    }

    void onDone(JsonNode item) {
        open = false;
        done = item;
        rules.require(!partOpen, "an item is done while a part is open");
        for (String member : List.of("id", "type", "call_id", "name")) {
            rules.require(
                    item.path(member).equals(start.path(member)), member + " differs at the end");
        }
        switch (type) {
            case "message" -> requireParts("content");
            case "reasoning" -> requireParts(item.has("content") ? "content" : "summary");
            case "function_call" -> requireText("arguments");
            case "custom_tool_call" -> requireText("input");
            default -> {
                // Whole as it is.
            }
        }
    }

    private void requireParts(String member) {
        rules.require(
                done.path(member) instanceof ArrayNode list
                        && list.valueStream().toList().equals(parts),
                "an item with other parts than were done");
    }

    private void requireText(String member) {
        rules.require(textDone, "a call is done before its " + member);
        rules.require(
                WriterRules.text(done, member).contentEquals(text),
                "a call with other " + member + " than in deltas");
    }

    void addTo(FoldedAnswer.Parts answer) {
        switch (type) {
            case "message" -> {
                for (JsonNode part : parts) {
                    answer.text.append(WriterRules.text(part, "text"));
                    answer.refusal.append(WriterRules.text(part, "refusal"));
                }
                if (partOpen) {
                    answer.text.append(text);
                }
            }
            case "reasoning" -> {
                parts.forEach(part -> answer.thinking.append(WriterRules.text(part, "text")));
                String sealed = WriterRules.text(done, "encrypted_content");
                if (!sealed.isEmpty()) {
                    answer.signatures.add(sealed);
                }
            }
            case "function_call", "custom_tool_call" ->
                    answer.toolCalls.add(
                            new FoldedToolCall(
                                    WriterRules.text(start, "call_id"),
                                    WriterRules.text(start, "name"),
                                    text.toString()));
            default -> {
                // Not in the flat picture; the response has it.
            }
        }
    }
}
