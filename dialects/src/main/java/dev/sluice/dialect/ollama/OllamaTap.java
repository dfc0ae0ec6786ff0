package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.Tap;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.ByteBuilder;

import java.util.Optional;

/** Watches lines that go to the client as they are. */
final class OllamaTap implements Tap {
    private final OllamaLine line = new OllamaLine();
    private String model = "";
    private Usage usage = Usage.NONE;
    private boolean called;
    private boolean ended;
    private Optional<StopReason> stopReason = Optional.empty();
    private Optional<Failure> failure = Optional.empty();

    @Override
    public Sight onFrame(Frame frame) {
        // Clients of this dialect do not bear blank lines.
        if (ended || !frame.hasData()) {
            return Sight.HIDDEN;
        }
        line.read(frame.dataBuffer(), frame.dataOffset(), frame.dataLength());
        if (line.isError()) {
            ended = true;
            failure =
                    Optional.of(
                            OllamaErrorReader.ofLine(
                                    frame.dataBuffer(), frame.dataOffset(), frame.dataLength()));
            return Sight.FAILURE;
        }
        model = model.isEmpty() ? line.model().toString() : model;
        called |= line.calls() != null;
        if (line.isDone()) {
            ended = true;
            usage = usage.merge(line.usage());
            stopReason = Optional.of(OllamaStops.read(line.doneReason(), called));
            return Sight.END;
        }
        return line.hasContent() ? Sight.CONTENT : Sight.PING;
    }

    @Override
    public Optional<Failure> onEnd(ByteBuilder out) {
        if (!ended) {
            ended = true;
            failure =
                    Optional.of(
                            Failure.of(
                                    FailureCode.UPSTREAM_BROKEN,
                                    "the upstream's stream ended before its line with `done`"));
        }
        return failure;
    }

    @Override
    public Usage usage() {
        return usage;
    }

    @Override
    public Optional<StopReason> stopReason() {
        return stopReason;
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
