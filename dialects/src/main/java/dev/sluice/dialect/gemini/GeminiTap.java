package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.Tap;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.ByteBuilder;

import java.util.Optional;

/**
 * Watches pieces that go to the client as they are. No piece is the last: counts may follow the one
 * that tells why the message ends, so the end of the stream is its end.
 */
final class GeminiTap implements Tap {
    private final GeminiChunk chunk = new GeminiChunk(false);
    private String model = "";
    private Usage usage = Usage.NONE;
    private boolean called;
    private boolean ended;
    private String finishReason = "";
    private boolean blocked;
    private Optional<Failure> failure = Optional.empty();

    @Override
    public Sight onFrame(Frame frame) {
        // Official clients take the vendor's events alone, and that marker is another vendor's.
        if (ended || frame.dataEquals("[DONE]")) {
            return Sight.HIDDEN;
        }
        if (!frame.hasData()) {
            return Sight.PING;
        }
        chunk.read(frame.dataBuffer(), frame.dataOffset(), frame.dataLength());
        if (chunk.isError()) {
            ended = true;
            failure =
                    Optional.of(
                            GeminiErrorReader.ofFrame(
                                    frame.dataBuffer(), frame.dataOffset(), frame.dataLength()));
            return Sight.FAILURE;
        }
        model = model.isEmpty() ? chunk.model().toString() : model;
        usage = usage.merge(chunk.usage());
        called |= chunk.parts().stream().anyMatch(part -> part.call() != null);
        blocked |= !chunk.blockReason().isEmpty();
        if (!chunk.finishReason().isEmpty()) {
            finishReason = chunk.finishReason().toString();
        }
        return chunk.hasContent() ? Sight.CONTENT : Sight.PREAMBLE;
    }

    @Override
    public Optional<Failure> onEnd(ByteBuilder out) {
        if (!ended && finishReason.isEmpty() && !blocked) {
            failure =
                    Optional.of(
                            Failure.of(
                                    FailureCode.UPSTREAM_BROKEN,
                                    "the upstream's stream ended before it said why"));
        }
        ended = true;
        return failure;
    }

    @Override
    public Usage usage() {
        return usage;
    }

    @Override
    public Optional<StopReason> stopReason() {
        if (!finishReason.isEmpty()) {
            return Optional.of(GeminiStops.read(finishReason, called));
        }
        return blocked ? Optional.of(StopReason.REFUSAL) : Optional.empty();
    }

    @Override
    public Optional<Failure> failure() {
        return failure;
    }

    @Override
    public String model() {
        return model;
    }
}
