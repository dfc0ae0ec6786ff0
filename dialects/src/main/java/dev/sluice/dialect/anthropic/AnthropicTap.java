package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.Tap;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * Watches a relayed stream of messages. Once there was content, everything but pings and ends is
 * content: a relay has no reason to hold it.
 */
final class AnthropicTap implements Tap {
    private final AnthropicFrameReader frames = new AnthropicFrameReader();
    private Usage usage = Usage.NONE;
    private String model = "";
    private @Nullable StopReason stopReason;
    private @Nullable Failure failure;
    private boolean started;
    private boolean content;
    private boolean toolSeen;
    private boolean ended;

    @Override
    public Sight onFrame(Frame frame) {
        if (ended || failure != null) {
            return Sight.HIDDEN;
        }
        return switch (frames.read(frame)) {
            case BLOCK_DELTA -> sight(hasContent());
            case MESSAGE_START -> messageStart();
            case BLOCK_START -> sight(isContent(frames.block));
            case BLOCK_STOP -> sight(false);
            case UNKNOWN -> sight(false);
            case MESSAGE_DELTA -> messageDelta();
            case MESSAGE_STOP -> messageStop();
            case PING, NOTHING -> Sight.PING;
            case ERROR -> failed(AnthropicErrors.orBroken(frames.failure), frame);
        };
    }

    private Sight sight(boolean more) {
        content |= more;
        started = true;
        return content ? Sight.CONTENT : Sight.PREAMBLE;
    }

    /**
     * An error that the client would not know for one, or that is none of its own, is told in the
     * gateway's words.
     */
    private Sight failed(Failure why, Frame frame) {
        failure = why;
        if (!frames.isPlainError(frame) || why.code() == FailureCode.UPSTREAM_CREDENTIALS) {
            throw why.asException();
        }
        return Sight.FAILURE;
    }

    private boolean hasContent() {
        return frames.deltaKind == null || !frames.text.isEmpty();
    }

    private boolean isContent(@Nullable Raw raw) {
        if (raw == null) {
            return false;
        }
        WireBlock block = WireBlock.read(raw);
        toolSeen |= block.type().equals("tool_use");
        return switch (block.type()) {
            case "text" -> !block.text().isEmpty();
            case "thinking" -> !block.thinking().isEmpty();
            default -> true;
        };
    }

    private Sight messageStart() {
        usage = usage.merge(frames.usage);
        model = frames.model;
        return sight(false);
    }

    private Sight messageDelta() {
        usage = usage.merge(frames.usage);
        if (!frames.stopReason.isEmpty()) {
            stopReason =
                    AnthropicStops.inMessage(
                            AnthropicStops.read(frames.stopReason), toolSeen, frames.stopSequence);
        }
        return sight(false);
    }

    private Sight messageStop() {
        if (!started) {
            failure = AnthropicErrors.cut();
            throw failure.asException();
        }
        ended = true;
        if (stopReason == null) {
            stopReason = AnthropicStops.inMessage(StopReason.END_TURN, toolSeen, null);
        }
        return Sight.END;
    }

    @Override
    public Optional<Failure> onEnd(ByteBuilder out) {
        if (failure != null) {
            return Optional.of(failure);
        }
        if (ended) {
            return Optional.empty();
        }
        if (stopReason == null) {
            return Optional.of(AnthropicErrors.cut());
        }
        ended = true;
        AnthropicEventEncoder.writeMessageStop(out);
        return Optional.empty();
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
        return model;
    }
}
