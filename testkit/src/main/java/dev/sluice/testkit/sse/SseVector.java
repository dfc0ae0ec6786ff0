package dev.sluice.testkit.sse;

import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One byte-level vector for readers of server-sent events, from the golden files. */
public final class SseVector {
    private final JsonNode node;

    private SseVector(JsonNode node) {
        this.node = node;
    }

    /** All vectors. */
    public static List<SseVector> all() {
        List<SseVector> vectors = new ArrayList<>();
        for (JsonNode node : Json.parse(Goldens.bytes("sse/vectors.json")).path("vectors")) {
            vectors.add(new SseVector(node));
        }
        return List.copyOf(vectors);
    }

    /** What it shows. */
    public String name() {
        return node.path("name").stringValue();
    }

    /** The network reads, in order; fresh copies. */
    public List<byte[]> chunks() {
        return node.path("chunks")
                .valueStream()
                .map(chunk -> Base64.getDecoder().decode(chunk.stringValue()))
                .toList();
    }

    /** What a reader dispatches, each at time 0. */
    public List<SseEvent> events() {
        return node.path("events").valueStream().map(SseVector::event).toList();
    }

    /** The last event id at the end, where the vector states it. */
    public Optional<String> lastEventId() {
        return node.optional("final_last_event_id").map(JsonNode::stringValue);
    }

    /** The reconnection time at the end in milliseconds, where the vector states it. */
    public OptionalLong retryMillis() {
        JsonNode retry = node.path("final_retry_ms");
        return retry.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(retry.longValue());
    }

    @Override
    public String toString() {
        return name();
    }

    private static SseEvent event(JsonNode event) {
        return new SseEvent(
                event.path("type").stringValue(),
                event.path("data").stringValue(),
                event.path("lastEventId").stringValue(),
                0);
    }
}
