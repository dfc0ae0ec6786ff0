package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.Tap;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.ByteBuilder;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Watches frames that go to the client as they are. */
final class BedrockTap implements Tap {
    private final BedrockFrameReader frames = new BedrockFrameReader();
    private Usage usage = Usage.NONE;
    private @Nullable StopReason stopReason;
    private @Nullable Failure failure;
    private boolean content;
    private boolean toolSeen;
    private boolean metadataSeen;
    private boolean ended;

    @Override
    public Sight onFrame(Frame frame) {
        if (ended || failure != null) {
            return Sight.HIDDEN;
        }
        return switch (frames.read(frame)) {
            case BLOCK_DELTA -> sight(isContent());
            case MESSAGE_START, UNKNOWN -> sight(false);
            case BLOCK_START -> {
                toolSeen |= !frames.toolName.isEmpty();
                yield sight(true);
            }
            case BLOCK_STOP -> sight(false);
            case MESSAGE_STOP -> {
                stopReason = BedrockStops.read(frames.stopReason, toolSeen);
                yield sightOrEnd();
            }
            case METADATA -> {
                usage = usage.merge(frames.usage);
                metadataSeen = true;
                yield sightOrEnd();
            }
            case PING -> Sight.PING;
            case FAILURE -> failed(BedrockErrorReader.ofFrame(frame));
        };
    }

    private boolean isContent() {
        DeltaKind kind = frames.deltaKind;
        return kind == null || !frames.text.isEmpty();
    }

    private Sight sight(boolean more) {
        content |= more;
        return content ? Sight.CONTENT : Sight.PREAMBLE;
    }

    private Sight sightOrEnd() {
        ended = metadataSeen && stopReason != null;
        return ended ? Sight.END : sight(false);
    }

    /** What is about the gateway's own account is told in the gateway's words. */
    private Sight failed(Failure why) {
        failure = why;
        if (why.code() == FailureCode.UPSTREAM_CREDENTIALS) {
            throw why.asException();
        }
        return Sight.FAILURE;
    }

    @Override
    public Optional<Failure> onEnd(ByteBuilder out) {
        if (failure == null && stopReason == null) {
            failure = BedrockEventDecoder.cut();
        }
        return Optional.ofNullable(failure);
    }

    @Override
    public Usage usage() {
        return usage;
    }

    @Override
    public Optional<StopReason> stopReason() {
        return Optional.ofNullable(stopReason);
    }

    @Override
    public Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public String model() {
        return "";
    }
}
