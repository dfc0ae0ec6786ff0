package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.sse.SseEvent;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;

/** The state of one stream of Ollama's API, of either form. */
final class OllamaFold {
    private static final int LONGEST_LINE = 8 << 20;
    private static final Set<String> REASONS = Set.of("stop", "length", "load", "unload");
    private static final List<String> COUNTS =
            List.of(
                    "total_duration",
                    "load_duration",
                    "prompt_eval_count",
                    "prompt_eval_duration",
                    "eval_count",
                    "eval_duration");

    private final WriterRules rules;
    private final FoldedAnswer.Parts parts = new FoldedAnswer.Parts();
    private final ArrayNode calls = Json.object().putArray("calls");
    private String model = "";
    private @Nullable ObjectNode first;
    private @Nullable ObjectNode last;

    OllamaFold(WriterRules rules) {
        this.rules = rules;
    }

    void onLine(SseEvent event) {
        rules.onEvent(event.data());
        rules.require(last == null, "a line after the one with `done`");
        rules.require(parts.error == null, "a line after the error");
        rules.require(event.data().length() < LONGEST_LINE, "a line of 8 MiB or more");
        ObjectNode line = event.json();
        if (line.hasNonNull("error")) {
            rules.require(line.size() == 1, "an error together with other members");
            rules.requireText(line, "error");
            parts.error = line.path("error");
            return;
        }
        rules.require(!line.has("error"), "an error member in a good line");
        onGoodLine(line);
    }

    private void onGoodLine(ObjectNode line) {
        first = first == null ? line : first;
        rules.requireText(line, "model");
        rules.require(isTime(line.path("created_at").asString("")), "created_at is no time");
        boolean conversation = line.has("message");
        rules.require(conversation == first.has("message"), "another form of line");
        rules.require(conversation != line.has("response"), "neither message nor response");
        JsonNode said = conversation ? line.path("message") : line;
        if (conversation) {
            rules.require(
                    WriterRules.text(said, "role").equals("assistant"), "a role but assistant");
        }
        String text = conversation ? "content" : "response";
        rules.requireString(said, text);
        parts.text.append(WriterRules.text(said, text));
        if (said.has("thinking")) {
            rules.requireText(said, "thinking");
            parts.thinking.append(WriterRules.text(said, "thinking"));
        }
        if (said.has("tool_calls")) {
            onCalls(said.path("tool_calls"));
        }
        onDone(line);
        boolean silent = WriterRules.text(said, text).isEmpty() && !said.has("thinking");
        if (!silent || said.has("tool_calls") || last != null) {
            model = model.isEmpty() ? WriterRules.text(line, "model") : model;
            rules.require(WriterRules.text(line, "model").equals(model), "another model");
        }
    }

    private static boolean isTime(String text) {
        try {
            return text.endsWith("Z") && Instant.parse(text).getEpochSecond() > 0;
        } catch (DateTimeParseException noTime) {
            return false;
        }
    }

    private void onCalls(JsonNode list) {
        rules.require(list.isArray() && !list.isEmpty(), "an empty list of calls");
        for (JsonNode call : list) {
            JsonNode function = call.path("function");
            rules.requireText(call, "id");
            rules.requireText(function, "name");
            rules.require(
                    function.path("index").asInt(-1) == calls.size(),
                    "call " + calls.size() + " has the index " + function.path("index"));
            rules.require(function.path("arguments").isObject(), "arguments are no object");
            calls.add(call);
            parts.toolCalls.add(
                    new FoldedToolCall(
                            WriterRules.text(call, "id"),
                            WriterRules.text(function, "name"),
                            function.path("arguments").toString()));
        }
    }

    private void onDone(ObjectNode line) {
        rules.require(line.path("done").isBoolean(), "done is no boolean");
        boolean done = line.path("done").asBoolean(false);
        for (String count : COUNTS) {
            if (line.has(count)) {
                rules.require(done, count + " before the last line");
                rules.requireCount(line, count);
                rules.require(line.path(count).asLong(0) > 0, count + " is 0");
            }
        }
        rules.require(done == line.has("done_reason"), "done and done_reason disagree");
        if (done) {
            last = line;
            String reason = WriterRules.text(line, "done_reason");
            rules.require(REASONS.contains(reason), "a reason that is none: " + reason);
            parts.stopReason = reason;
            parts.usage = line;
        }
    }

    FoldedAnswer finish() {
        rules.require(
                last != null || parts.error != null,
                "the stream ends without `done` and without an error");
        return parts.toAnswer(response(), last != null && parts.error == null);
    }

    private ObjectNode response() {
        ObjectNode response = Json.object();
        ObjectNode from = last == null ? first : last;
        if (from == null) {
            return response;
        }
        response.setAll(from.deepCopy());
        ObjectNode said =
                from.has("message") && response.path("message") instanceof ObjectNode message
                        ? message
                        : response;
        said.put(from.has("message") ? "content" : "response", parts.text.toString());
        if (!parts.thinking.isEmpty()) {
            said.put("thinking", parts.thinking.toString());
        }
        if (!calls.isEmpty()) {
            said.set("tool_calls", calls);
        }
        return response;
    }
}
