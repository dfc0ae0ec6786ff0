package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.sse.SseEvent;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of one Messages stream: the order of its events. The blocks have their own, {@link
 * AnthropicBlockFold}.
 */
final class AnthropicFold {
    private static final Set<String> STOP_REASONS =
            Set.of(
                    "end_turn",
                    "max_tokens",
                    "stop_sequence",
                    "tool_use",
                    "pause_turn",
                    "refusal",
                    "model_context_window_exceeded");

    private final WriterRules rules;
    private final boolean signaturesNeeded;
    private final SortedMap<Integer, AnthropicBlockFold> blocks = new TreeMap<>();
    private final FoldedAnswer.Parts parts = new FoldedAnswer.Parts();
    private final ObjectNode usage = Json.object();
    private @Nullable ObjectNode message;
    private boolean delivered;
    private boolean stopped;

    AnthropicFold(WriterRules rules, boolean signaturesNeeded) {
        this.rules = rules;
        this.signaturesNeeded = signaturesNeeded;
    }

    void onEvent(SseEvent event) {
        rules.onEvent(event.data());
        rules.require(!stopped, "an event after message_stop");
        rules.require(parts.error == null, "an event after the error");
        if (event.isDone()) {
            rules.require(false, "[DONE], which this dialect does not have");
            return;
        }
        ObjectNode data = event.json();
        String type = data.path("type").stringValue(event.type());
        rules.require(
                event.type().equals(WriterRules.text(data, "type")),
                "the event is named " + event.type() + " and typed " + type);
        boolean free = type.equals("ping") || type.equals("error");
        rules.require(
                free || message != null || type.equals("message_start"),
                type + " before message_start");
        switch (type) {
            case "message_start" -> onMessageStart(data);
            case "content_block_start" -> onBlockStart(data);
            case "content_block_delta" -> onBlockDelta(data);
            case "content_block_stop" -> onBlockStop(data);
            case "message_delta" -> onMessageDelta(data);
            case "message_stop" -> onMessageStop();
            case "error" -> onError(data);
            case "ping" -> rules.require(data.size() == 1, "a ping with other members");
            default -> rules.require(false, "an unknown event: " + type);
        }
    }

    FoldedAnswer finish() {
        rules.require(
                stopped || parts.error != null,
                "the stream ends without message_stop and without an error");
        blocks.values().forEach(block -> block.addTo(parts));
        parts.usage = usage.isEmpty() ? null : usage;
        boolean complete =
                parts.error == null && (stopped || (!rules.isStrict() && parts.stopReason != null));
        return parts.toAnswer(response(), complete);
    }

    private void onMessageStart(ObjectNode data) {
        rules.require(message == null, "a second message_start");
        JsonNode started = data.path("message");
        rules.requireText(started, "id");
        rules.requireText(started, "model");
        rules.require(
                WriterRules.text(started, "type").equals("message"),
                "a message of the type " + started.path("type"));
        rules.require(
                WriterRules.text(started, "role").equals("assistant"),
                "a message of the role " + started.path("role"));
        JsonNode content = started.path("content");
        rules.require(
                content.isArray() && content.isEmpty(), "message_start without empty content");
        rules.requireNull(started, "stop_reason");
        rules.requireNull(started, "stop_sequence");
        rules.requireCount(started.path("usage"), "input_tokens");
        rules.requireCount(started.path("usage"), "output_tokens");
        if (message == null) {
            message = started instanceof ObjectNode object ? object.deepCopy() : Json.object();
        }
        mergeUsage(started.path("usage"));
    }

    private void onBlockStart(ObjectNode data) {
        int index = index(data);
        rules.require(openBlocks() == 0, "a block starts while another is open");
        rules.require(
                index == blocks.size(),
                "the block's index is " + index + " and should be " + blocks.size());
        rules.require(!delivered, "a block after message_delta");
        AnthropicBlockFold block =
                new AnthropicBlockFold(rules, signaturesNeeded, data.path("content_block"));
        String id = block.toolId();
        rules.require(
                id.isEmpty()
                        || blocks.values().stream().noneMatch(other -> other.toolId().equals(id)),
                "a second tool use with the id " + id);
        blocks.put(index, block);
    }

    private void onBlockDelta(ObjectNode data) {
        AnthropicBlockFold block = blocks.get(index(data));
        rules.require(
                block != null && block.isOpen(),
                "a delta for block " + index(data) + ", which is not open");
        if (block != null) {
            block.onDelta(data.path("delta"));
        }
    }

    private void onBlockStop(ObjectNode data) {
        AnthropicBlockFold block = blocks.get(index(data));
        rules.require(
                block != null && block.isOpen(),
                "a stop for block " + index(data) + ", which is not open");
        if (block != null) {
            block.onStop();
        }
    }

    private void onMessageDelta(ObjectNode data) {
        rules.require(openBlocks() == 0, "message_delta while a block is open");
        rules.requireCount(data.path("usage"), "output_tokens");
        delivered = true;
        mergeUsage(data.path("usage"));
        JsonNode delta = data.path("delta");
        rules.require(
                delta.has("stop_reason") && delta.has("stop_sequence"),
                "message_delta without stop_reason or stop_sequence");
        for (Map.Entry<String, JsonNode> member : delta.properties()) {
            if (message != null) {
                message.set(member.getKey(), member.getValue());
            }
        }
        delta.path("stop_reason").stringValueOpt().ifPresent(reason -> parts.stopReason = reason);
        delta.path("stop_sequence")
                .stringValueOpt()
                .ifPresent(sequence -> parts.stopSequence = sequence);
    }

    private void onMessageStop() {
        stopped = true;
        rules.require(delivered, "message_stop without message_delta");
        String reason = parts.stopReason == null ? "none" : parts.stopReason;
        rules.require(STOP_REASONS.contains(reason), "an unknown stop_reason: " + reason);
        rules.require(
                reason.equals("stop_sequence") == (parts.stopSequence != null),
                "stop_sequence does not fit the stop reason " + reason);
        if (reason.equals("tool_use")) {
            rules.require(
                    blocks.values().stream().anyMatch(AnthropicBlockFold::isToolUse),
                    "stop_reason tool_use without one");
            blocks.values().forEach(AnthropicBlockFold::checkInputIsWhole);
        }
    }

    private void onError(ObjectNode data) {
        parts.error = data;
        rules.requireText(data.path("error"), "type");
        rules.requireString(data.path("error"), "message");
    }

    private void mergeUsage(JsonNode counts) {
        for (Map.Entry<String, JsonNode> count : counts.properties()) {
            if (!count.getValue().isNull()) {
                usage.set(count.getKey(), count.getValue());
            }
        }
    }

    private int index(ObjectNode data) {
        rules.requireCount(data, "index");
        return data.path("index").asInt(-1);
    }

    private long openBlocks() {
        return blocks.values().stream().filter(AnthropicBlockFold::isOpen).count();
    }

    private ObjectNode response() {
        ObjectNode response = message == null ? Json.object() : message.deepCopy();
        ArrayNode content = response.putArray("content");
        blocks.values().forEach(block -> content.add(block.toJson()));
        if (!usage.isEmpty()) {
            response.set("usage", usage);
        }
        return response;
    }
}
