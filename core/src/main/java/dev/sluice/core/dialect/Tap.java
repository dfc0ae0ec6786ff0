package dev.sluice.core.dialect;

import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.ByteBuilder;

import java.util.Optional;

/**
 * Watches a stream that is relayed as it is. It reads no more of a frame than it needs: whether
 * there is content in it, usage, the stop reason, a failure, the end.
 */
public interface Tap {
    /** What a frame is to a relay. */
    enum Sight {
        /** The message has begun and says nothing yet: role, start, ping. May be held back. */
        PREAMBLE,
        /** Something for the reader. */
        CONTENT,
        /** Only a sign of life. */
        PING,
        /** Something that the client did not ask for; not passed on. */
        HIDDEN,
        /** The message ends well with this frame. */
        END,
        /** The upstream tells a failure. */
        FAILURE
    }

    /** Looks at the next frame. */
    Sight onFrame(Frame frame);

    /**
     * The upstream's answer is at its end.
     *
     * @param out takes bytes that the client is still owed, such as a terminal marker that the
     *     upstream left out
     * @return empty if the message is whole; else what is wrong
     */
    Optional<Failure> onEnd(ByteBuilder out);

    /** How many events have gone on; only where the dialect numbers them. */
    default long events() {
        return 0;
    }

    /** Tokens reported so far. */
    Usage usage();

    /** Why the message ended, if it has said so. */
    Optional<StopReason> stopReason();

    /** The failure that the upstream told. */
    Optional<Failure> failure();

    /** The upstream's name of the model, empty if not seen. */
    String model();
}
