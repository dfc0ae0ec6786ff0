package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.sse.SseEvent;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/** The state of one stream of Gemini's API. */
final class GeminiFold {
    private static final Set<String> REASONS = Set.of("STOP", "MAX_TOKENS", "SAFETY", "OTHER");
    private static final List<String> COUNTS =
            List.of("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount");

    private final WriterRules rules;
    private final FoldedAnswer.Parts parts = new FoldedAnswer.Parts();
    private final ArrayNode written = Json.object().putArray("parts");
    private @Nullable ObjectNode first;
    private @Nullable ObjectNode last;
    private @Nullable JsonNode usage;

    GeminiFold(WriterRules rules) {
        this.rules = rules;
    }

    void onEvent(SseEvent event) {
        rules.onEvent(event.data());
        rules.require(event.type().equals(SseEvent.UNNAMED), "a name: " + event.type());
        rules.require(last == null, "an event after the reason");
        rules.require(parts.error == null, "an event after the error");
        ObjectNode piece = event.json();
        if (piece.hasNonNull("error")) {
            rules.require(piece.size() == 1, "an error together with other members");
            JsonNode error = piece.path("error");
            rules.requireText(error, "message");
            rules.requireText(error, "status");
            rules.require(error.path("code").asInt(0) >= 400, "a code that tells no error");
            parts.error = error;
            return;
        }
        onPiece(piece);
    }

    private void onPiece(ObjectNode piece) {
        first = first == null ? piece : first;
        rules.requireText(piece, "modelVersion");
        rules.requireText(piece, "responseId");
        for (String name : List.of("modelVersion", "responseId")) {
            rules.require(piece.path(name).equals(first.path(name)), "another " + name);
        }
        usage = piece.has("usageMetadata") ? piece.path("usageMetadata") : usage;
        JsonNode candidates = piece.path("candidates");
        if (piece.path("promptFeedback").has("blockReason")) {
            // A filter's word on the prompt stands for a candidate's on its answer.
            parts.stopReason = "SAFETY";
        } else {
            rules.require(candidates.size() == 1, "not one candidate");
        }
        for (JsonNode candidate : candidates) {
            onCandidate(candidate);
        }
        if (parts.stopReason != null) {
            rules.require(piece.has("usageMetadata"), "no counts with the reason");
            last = piece;
        }
    }

    private void onCandidate(JsonNode candidate) {
        JsonNode content = candidate.path("content");
        rules.require(candidate.path("index").asInt(-1) == 0, "an index that is not 0");
        rules.require(WriterRules.text(content, "role").equals("model"), "a role but model");
        rules.require(!content.path("parts").isEmpty(), "no part");
        content.path("parts").forEach(this::onPart);
        if (candidate.has("finishReason")) {
            String reason = WriterRules.text(candidate, "finishReason");
            rules.require(REASONS.contains(reason), "a reason that is none: " + reason);
            parts.stopReason = reason;
        }
    }

    private void onPart(JsonNode part) {
        String seal = WriterRules.text(part, "thoughtSignature");
        rules.require(!part.has("thoughtSignature") || !seal.isEmpty(), "an empty seal");
        if (!seal.isEmpty()) {
            parts.signatures.add(seal);
        }
        if (part.has("functionCall")) {
            onCall(part.path("functionCall"));
            written.add(part);
        } else if (part.has("text")) {
            rules.requireString(part, "text");
            onText((ObjectNode) part, part.path("thought").asBoolean(false), seal);
        } else {
            rules.require(part.size() > 0, "an empty part");
            written.add(part);
        }
    }

    private void onCall(JsonNode call) {
        rules.requireText(call, "name");
        rules.require(call.path("args").isObject(), "arguments are no object");
        parts.toolCalls.add(
                new FoldedToolCall(
                        WriterRules.text(call, "id"),
                        WriterRules.text(call, "name"),
                        call.path("args").toString()));
    }

    /** Texts of one kind are one, up to the first seal. */
    private void onText(ObjectNode part, boolean thought, String seal) {
        String text = WriterRules.text(part, "text");
        (thought ? parts.thinking : parts.text).append(text);
        JsonNode before = written.isEmpty() ? Json.object() : written.path(written.size() - 1);
        boolean joins =
                before.has("text")
                        && !before.has("thoughtSignature")
                        && before.path("thought").asBoolean(false) == thought
                        && (seal.isEmpty() || thought);
        if (joins) {
            ObjectNode grown = (ObjectNode) before;
            grown.put("text", WriterRules.text(before, "text") + text);
            if (!seal.isEmpty()) {
                grown.put("thoughtSignature", seal);
            }
        } else if (!text.isEmpty() || !seal.isEmpty()) {
            written.add(part.deepCopy());
        }
    }

    FoldedAnswer finish() {
        rules.require(
                last != null || parts.error != null,
                "the stream ends without a reason and without an error");
        JsonNode counts = usage;
        if (counts != null) {
            // Other dialects tell the counts with the end; so do we.
            parts.usage = parts.error == null ? counts : null;
            long sum = COUNTS.stream().mapToLong(name -> counts.path(name).asLong(0)).sum();
            rules.require(counts.path("totalTokenCount").asLong(-1) == sum, "a sum that is wrong");
        }
        return parts.toAnswer(response(), last != null && parts.error == null);
    }

    private ObjectNode response() {
        ObjectNode response = Json.object();
        ObjectNode candidate = response.putArray("candidates").addObject();
        ObjectNode content = candidate.putObject("content");
        content.put("role", "model");
        content.set("parts", written);
        if (parts.stopReason != null) {
            candidate.put("finishReason", parts.stopReason);
        }
        if (usage != null) {
            response.set("usageMetadata", usage);
        }
        if (first != null) {
            response.set("modelVersion", first.path("modelVersion"));
            response.set("responseId", first.path("responseId"));
        }
        return response;
    }
}
