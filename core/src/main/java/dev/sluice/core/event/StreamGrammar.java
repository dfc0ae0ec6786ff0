package dev.sluice.core.event;

import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.BlockStop;
import dev.sluice.core.event.Event.Delta;

import org.jspecify.annotations.Nullable;

/**
 * The legal order of events, as a machine with a few numbers of state:
 *
 * <pre>
 * stream  = MessageStart (block | MessageDelta | Ping)* (MessageStop | Failed)
 *         | Failed
 * block   = BlockStart(i) (Delta(i) | Annotation(i) | MessageDelta | Ping)* BlockStop(i)
 *           i = 0, 1, 2 … without gaps, one open at a time
 * </pre>
 *
 * A delta fits its block's kind. A MessageDelta that tells a stop reason stands behind the last
 * block, one that tells usage alone anywhere; a MessageStop needs a stop reason. Pings may stand
 * anywhere before the end. An event that is refused changes nothing.
 */
public final class StreamGrammar {
    private boolean started;
    private boolean ended;
    private boolean reasonSeen;
    private int nextIndex;
    private @Nullable BlockKind open;
    private String violation = "";

    /** Whether a MessageStop or a Failed was accepted. */
    public boolean ended() {
        return ended;
    }

    /** Whether the message has started. */
    public boolean started() {
        return started;
    }

    /** Index of the open block, or -1. */
    public int openBlock() {
        return open == null ? -1 : nextIndex - 1;
    }

    /**
     * Takes the next event; tells whether it is legal here. After a no, {@link #violation} says
     * why.
     */
    public boolean accept(Event event) {
        String found = check(event);
        if (found == null) {
            return true;
        }
        violation = found;
        return false;
    }

    /** What was wrong with the event that was not accepted. */
    public String violation() {
        return violation;
    }

    private @Nullable String check(Event event) {
        if (ended) {
            return "an event after the end";
        }
        return switch (event) {
            case Event.Ping _ -> null;
            case Event.Failed _ -> {
                ended = true;
                yield null;
            }
            case Event.MessageStart _ -> {
                if (started) {
                    yield "a second start of the message";
                }
                started = true;
                yield null;
            }
            case BlockStart start -> blockStart(start);
            case Delta delta -> delta(delta);
            case Event.Annotation annotation -> inOpenBlock(annotation.index());
            case BlockStop stop -> blockStop(stop);
            case Event.MessageDelta delta -> messageDelta(delta);
            case Event.MessageStop _ -> stop();
        };
    }

    private @Nullable String blockStart(BlockStart start) {
        if (!started) {
            return "a block before the start of the message";
        }
        if (open != null) {
            return "block " + start.index() + " starts while block " + (nextIndex - 1) + " is open";
        }
        if (start.index() != nextIndex) {
            return "block " + start.index() + " starts where block " + nextIndex + " is next";
        }
        if (reasonSeen) {
            return "block " + start.index() + " starts after the stop reason";
        }
        nextIndex++;
        open = start.kind();
        return null;
    }

    private @Nullable String blockStop(BlockStop stop) {
        String found = inOpenBlock(stop.index());
        if (found == null) {
            open = null;
        }
        return found;
    }

    private @Nullable String messageDelta(Event.MessageDelta delta) {
        if (!started) {
            return "a message delta before the start of the message";
        }
        if (delta.stopReason() == null) {
            return null;
        }
        if (open != null) {
            return "a stop reason while block " + (nextIndex - 1) + " is open";
        }
        reasonSeen = true;
        return null;
    }

    private @Nullable String delta(Delta delta) {
        String violation = inOpenBlock(delta.index());
        if (violation != null) {
            return violation;
        }
        boolean fits =
                switch (delta.kind()) {
                    case TEXT -> open == BlockKind.TEXT;
                    case THINKING, SIGNATURE -> open == BlockKind.THINKING;
                    case ARGUMENTS -> open == BlockKind.TOOL_USE || open == BlockKind.OPAQUE;
                    case REFUSAL -> open == BlockKind.REFUSAL;
                };
        return fits ? null : "a " + delta.kind() + " delta in a block of " + open;
    }

    private @Nullable String inOpenBlock(int index) {
        return open != null && index == nextIndex - 1
                ? null
                : "block " + index + " is touched while it is not open";
    }

    private @Nullable String stop() {
        if (!started || open != null || !reasonSeen) {
            return !started
                    ? "the end of a message that did not start"
                    : open != null
                            ? "the end of the message while block " + (nextIndex - 1) + " is open"
                            : "the end of a message without a stop reason";
        }
        ended = true;
        return null;
    }
}
