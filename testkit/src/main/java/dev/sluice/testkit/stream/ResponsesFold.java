package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.sse.SseEvent;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * The state of one Responses stream: the order of its events. The items have their own, {@link
 * ResponsesItemFold}.
 */
final class ResponsesFold {
    private final WriterRules rules;
    private final List<ResponsesItemFold> items = new ArrayList<>();
    private final FoldedAnswer.Parts parts = new FoldedAnswer.Parts();
    private @Nullable JsonNode created;
    private @Nullable JsonNode terminal;
    private long next;
    private boolean ended;

    ResponsesFold(WriterRules rules) {
        this.rules = rules;
    }

    void onEvent(SseEvent event) {
        rules.onEvent(event.data());
        rules.require(!ended, "an event after the end");
        if (event.isDone()) {
            rules.require(false, "[DONE], which this dialect does not have");
            return;
        }
        ObjectNode data = event.json();
        String type = WriterRules.text(data, "type");
        rules.require(
                event.type().equals(type),
                "the event is named " + event.type() + ", typed " + type);
        rules.require(
                data.path("sequence_number").asLong(-1) == next,
                "the number is " + data.path("sequence_number") + " and should be " + next);
        next++;
        rules.require(
                created != null || type.equals("response.created") || type.equals("error"),
                type + " before response.created");
        switch (type) {
            case "response.created" -> onCreated(data);
            case "response.in_progress", "response.queued" ->
                    rules.require(items.isEmpty(), type + " after the first item");
            case "response.output_item.added" -> onItem(data);
            case "response.output_item.done" -> {
                openItem(data).onDone(data.path("item"));
                rules.require(
                        data.path("output_index").asInt(-1) == items.size() - 1,
                        "another item is done");
            }
            case "response.completed", "response.incomplete", "response.failed" ->
                    onTerminal(type.substring("response.".length()), data.path("response"));
            case "error" -> onError(data);
            default -> onOfItem(type, data);
        }
    }

    private void onCreated(ObjectNode data) {
        rules.require(created == null, "a second response.created");
        JsonNode response = data.path("response");
        created = response;
        checkResponse(response);
        rules.require(
                WriterRules.text(response, "status").equals("in_progress"),
                "a response that begins with the status " + response.path("status"));
        rules.require(response.path("output").isEmpty(), "output in response.created");
        rules.requireNull(response, "usage");
    }

    private void checkResponse(JsonNode response) {
        rules.requireText(response, "id");
        rules.requireText(response, "model");
        rules.requireCount(response, "created_at");
        rules.require(
                WriterRules.text(response, "object").equals("response"),
                "a wrong object: " + response.path("object"));
        for (String member :
                List.of(
                        "error",
                        "incomplete_details",
                        "instructions",
                        "metadata",
                        "parallel_tool_calls",
                        "temperature",
                        "tool_choice",
                        "tools",
                        "top_p",
                        "text",
                        "usage")) {
            rules.require(response.has(member), "a response without " + member);
        }
        rules.require(response.path("output").isArray(), "output is no array");
    }

    private void onItem(ObjectNode data) {
        rules.require(items.stream().noneMatch(ResponsesItemFold::isOpen), "two items are open");
        rules.require(
                data.path("output_index").asInt(-1) == items.size(),
                "the item's index is " + data.path("output_index") + ", not " + items.size());
        ResponsesItemFold item = new ResponsesItemFold(rules, data.path("item"));
        rules.require(
                items.stream().noneMatch(other -> other.id().equals(item.id())),
                "a second item with the id " + item.id());
        items.add(item);
    }

    private ResponsesItemFold openItem(ObjectNode data) {
        int index = data.path("output_index").asInt(items.size() - 1);
        rules.require(index == items.size() - 1, "an event for item " + index);
        if (index < 0 || index >= items.size()) {
            throw rules.refuse("an event for an item that did not begin");
        }
        ResponsesItemFold item = items.get(index);
        rules.require(item.isOpen(), "an event for an item that is done");
        return item;
    }

    private void onOfItem(String type, ObjectNode data) {
        ResponsesItemFold item = openItem(data);
        rules.requireCount(data, "output_index");
        rules.require(
                WriterRules.text(data, "item_id").equals(item.id()),
                "item_id is " + data.path("item_id") + " and should be " + item.id());
        item.onEvent(type, data);
    }

    private void onTerminal(String status, JsonNode response) {
        ended = true;
        terminal = response;
        checkResponse(response);
        rules.require(
                WriterRules.text(response, "status").equals(status),
                "response." + status + " with the status " + response.path("status"));
        for (String member : List.of("id", "model", "created_at")) {
            rules.require(
                    created != null && response.path(member).equals(created.path(member)),
                    member + " differs from response.created");
        }
        boolean failed = status.equals("failed");
        rules.require(
                failed || items.stream().noneMatch(ResponsesItemFold::isOpen),
                "the response ends while an item is open");
        if (failed) {
            parts.error = response.path("error");
            rules.requireText(response.path("error"), "code");
            rules.requireString(response.path("error"), "message");
        } else {
            rules.requireNull(response, "error");
            checkOutput(response);
        }
        boolean incomplete = status.equals("incomplete");
        String reason = WriterRules.text(response.path("incomplete_details"), "reason");
        rules.require(incomplete != reason.isEmpty(), "incomplete_details do not fit " + status);
        parts.stopReason = incomplete ? reason : status;
        if (response.path("usage").isObject()) {
            parts.usage = response.path("usage");
            checkUsage(response.path("usage"));
        }
    }

    private void checkOutput(JsonNode response) {
        JsonNode output = response.path("output");
        rules.require(
                output.size() == items.size(),
                output.size() + " items at the end and " + items.size() + " in events");
        for (int i = 0; i < Math.min(output.size(), items.size()); i++) {
            rules.require(
                    output.get(i).equals(items.get(i).done()),
                    "item " + i + " at the end is not the one that was done");
        }
    }

    private void checkUsage(JsonNode usage) {
        for (String member : List.of("input_tokens", "output_tokens", "total_tokens")) {
            rules.requireCount(usage, member);
        }
        rules.requireCount(usage.path("input_tokens_details"), "cached_tokens");
        rules.requireCount(usage.path("output_tokens_details"), "reasoning_tokens");
        rules.require(
                usage.path("total_tokens").asLong(0)
                        == usage.path("input_tokens").asLong(0)
                                + usage.path("output_tokens").asLong(0),
                "total_tokens is not the sum");
    }

    private void onError(ObjectNode data) {
        ended = true;
        JsonNode nested = data.path("error");
        parts.error = nested;
        rules.require(nested.isObject(), "an error without its nested form");
        rules.requireString(nested, "message");
        rules.requireText(nested, "type");
        for (String member : List.of("code", "message", "param")) {
            rules.require(
                    data.path(member).equals(nested.path(member)),
                    member + " differs between the forms of the error");
        }
    }

    FoldedAnswer finish() {
        rules.require(ended, "the stream ends without a terminal event");
        items.forEach(item -> item.addTo(parts));
        ObjectNode response =
                terminal instanceof ObjectNode object ? object.deepCopy() : Json.object();
        return parts.toAnswer(response, ended && parts.error == null);
    }
}
