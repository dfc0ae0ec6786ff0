package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.sse.SseEvent;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of one Chat Completions stream: what is common to its chunks. The choices have their
 * own, {@link ChatChoiceFold}.
 */
final class ChatFold {
    private static final int MOST_CHOICES = 128;

    private final WriterRules rules;
    private final boolean usageAsked;
    private final SortedMap<Integer, ChatChoiceFold> choices = new TreeMap<>();
    private @Nullable JsonNode first;
    private @Nullable JsonNode usage;
    private @Nullable JsonNode error;
    private boolean done;

    ChatFold(WriterRules rules, boolean usageAsked) {
        this.rules = rules;
        this.usageAsked = usageAsked;
    }

    void onEvent(SseEvent event) {
        rules.onEvent(event.data());
        rules.require(!done, "an event after [DONE]");
        rules.require(error == null, "an event after the error");
        rules.require(event.type().equals(SseEvent.UNNAMED), "a named event: " + event.type());
        if (done) {
            return;
        }
        if (event.isDone()) {
            onDone();
            return;
        }
        ObjectNode chunk = event.json();
        if (chunk.hasNonNull("error")) {
            onError(chunk);
        } else {
            rules.require(!chunk.has("error"), "an error member in a good chunk");
            onChunk(chunk);
        }
    }

    FoldedAnswer finish() {
        rules.require(done || error != null, "the stream ends without [DONE] and without an error");
        ChatChoiceFold zero = choices.get(0);
        FoldedAnswer.Parts parts = zero == null ? new FoldedAnswer.Parts() : zero.parts();
        parts.usage = usage;
        parts.error = error;
        boolean finished = !choices.isEmpty() && allFinished();
        return parts.toAnswer(response(), finished && error == null);
    }

    private void onDone() {
        done = true;
        rules.require(!choices.isEmpty(), "[DONE] without a chunk");
        rules.require(allFinished(), "[DONE] before every choice has a finish reason");
        rules.require(usage != null || !usageAsked, "[DONE] without the usage chunk");
        rules.require(
                choices.isEmpty() || choices.lastKey() == choices.size() - 1,
                "a gap between the indices of choices");
    }

    private void onError(ObjectNode chunk) {
        JsonNode body = chunk.path("error");
        error = body;
        rules.require(body.isObject(), "an error that is no object");
        rules.requireString(body, "message");
        rules.requireText(body, "type");
        rules.require(body.has("param") && body.has("code"), "an error without param or code");
        rules.require(chunk.size() == 1, "an error together with other members");
    }

    private void onChunk(ObjectNode chunk) {
        checkCommon(chunk);
        rules.require(usage == null, "a chunk after the usage chunk");
        JsonNode counts = chunk.path("usage");
        if (chunk.path("choices").isEmpty()) {
            rules.require(counts.isObject(), "a chunk with neither choices nor usage");
            rules.require(!counts.isObject() || usageAsked, "usage that nobody asked for");
            rules.require(allFinished(), "usage before the finish chunk");
        } else {
            rules.require(
                    counts.isMissingNode() || counts.isNull(), "usage on a chunk with choices");
        }
        if (counts.isObject()) {
            checkUsage(counts);
            usage = counts;
        }
        for (JsonNode choice : chunk.path("choices")) {
            onChoice(choice);
        }
    }

    private void checkCommon(ObjectNode chunk) {
        rules.requireText(chunk, "id");
        rules.requireText(chunk, "model");
        rules.requireCount(chunk, "created");
        rules.require(chunk.path("choices").isArray(), "choices is no array");
        rules.require(
                WriterRules.text(chunk, "object").equals("chat.completion.chunk"),
                "a wrong object: " + chunk.path("object"));
        if (first == null) {
            first = chunk;
        }
        for (String member : new String[] {"id", "model", "created"}) {
            rules.require(
                    chunk.path(member).equals(first.path(member)),
                    member + " differs from the first chunk's");
        }
    }

    private void checkUsage(JsonNode counts) {
        rules.requireCount(counts, "prompt_tokens");
        rules.requireCount(counts, "completion_tokens");
        rules.requireCount(counts, "total_tokens");
        long prompt = counts.path("prompt_tokens").asLong(0);
        long completion = counts.path("completion_tokens").asLong(0);
        rules.require(
                counts.path("total_tokens").asLong(0) == prompt + completion,
                "total_tokens is not the sum");
        long cached = counts.path("prompt_tokens_details").path("cached_tokens").asLong(0);
        long reasoning =
                counts.path("completion_tokens_details").path("reasoning_tokens").asLong(0);
        rules.require(cached <= prompt, "more cached_tokens than prompt_tokens");
        rules.require(reasoning <= completion, "more reasoning_tokens than completion_tokens");
    }

    private void onChoice(JsonNode choice) {
        JsonNode index = choice.path("index");
        boolean legal =
                index.isIntegralNumber()
                        && index.intValue() >= 0
                        && index.intValue() < MOST_CHOICES;
        rules.require(legal, "a choice with the index " + index);
        choices.computeIfAbsent(index.asInt(0), i -> new ChatChoiceFold(rules, i)).onChoice(choice);
    }

    private boolean allFinished() {
        return choices.values().stream().allMatch(ChatChoiceFold::isFinished);
    }

    private ObjectNode response() {
        ObjectNode response = Json.object();
        if (first != null) {
            response.set("id", first.path("id"));
            response.put("object", "chat.completion");
            response.set("created", first.path("created"));
            response.set("model", first.path("model"));
        }
        ArrayNode list = response.putArray("choices");
        choices.values().forEach(choice -> list.add(choice.toJson()));
        if (usage != null) {
            response.set("usage", usage);
        }
        return response;
    }
}
