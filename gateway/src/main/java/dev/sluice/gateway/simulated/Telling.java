package dev.sluice.gateway.simulated;

import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.Text;
import dev.sluice.gateway.simulated.Plan.Ending;
import dev.sluice.gateway.simulated.Plan.Part;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.List;

/**
 * Turns a plan into events, one token at a time, and stops it where the request's limit or a stop
 * sequence says. What belongs to a token comes with it: the start of its block before it, the end
 * of its block and of the message after it. A failing end is a step of its own.
 */
final class Telling {
    /**
     * Bounds and counts.
     *
     * @param maxOutput most tokens
     * @param maxCountsThinking whether thinking is counted against them
     * @param input tokens of the prompt
     * @param usage whether counts are told
     */
    record Terms(long maxOutput, boolean maxCountsThinking, long input, boolean usage) {}

    private final Event.MessageStart start;
    private final Terms terms;
    private final Iterator<Part> parts;
    private final StopMatcher stops;
    private Ending ending;
    private @Nullable Part part;
    private boolean started;
    private boolean opened;
    private boolean over;
    private int index;
    private long output;
    private long reasoning;

    private Telling(Event.MessageStart start, Plan plan, Terms terms) {
        this.start = start;
        this.terms = terms;
        this.parts = plan.parts().iterator();
        this.stops = new StopMatcher(plan.stops());
        this.ending = plan.ending();
    }

    /** A telling of {@code plan} as the message {@code id} of {@code model}. */
    static Telling of(String id, String model, long created, Plan plan, Terms terms) {
        Usage known =
                terms.usage()
                        ? Usage.of(terms.input(), 0, 0, Usage.UNKNOWN, Usage.UNKNOWN)
                        : Usage.NONE;
        return new Telling(new Event.MessageStart(id, model, created, known), plan, terms);
    }

    /** A telling that fails before it has begun. */
    static Telling refused(Failure failure) {
        Plan nothing = new Plan(List.of(), new Ending.Broken(failure), List.of());
        Telling telling =
                new Telling(
                        new Event.MessageStart("", "", 0, Usage.NONE),
                        nothing,
                        new Terms(0, true, 0, false));
        telling.started = true;
        return telling;
    }

    /** Whether all was told. */
    boolean over() {
        return over;
    }

    /** How it ends, which is not always as planned. */
    Ending ending() {
        return ending;
    }

    /** Tells the next token with what belongs to it, or a failing end. */
    void next(EventSink out) {
        if (!started) {
            started = true;
            out.onEvent(start);
            part = nextPart();
            closeFinished(out);
        } else if (atEnd()) {
            breakOff(out);
            return;
        }
        if (part != null && hasToken(part) && hasRoom(part)) {
            tell(part, out);
        }
        goOn(out);
    }

    /** Closes what is finished, up to the next token that there is room for, or to the end. */
    private void goOn(EventSink out) {
        if (stops.met().isPresent()) {
            close(out);
            stop(StopReason.STOP_SEQUENCE, out);
            return;
        }
        closeFinished(out);
        if (part != null && hasToken(part)) {
            if (!hasRoom(part)) {
                close(out);
                stop(StopReason.MAX_TOKENS, out);
            }
        } else if (ending instanceof Ending.Stopped(StopReason reason)) {
            stop(reason, out);
        }
    }

    private @Nullable Part nextPart() {
        opened = false;
        return parts.hasNext() ? parts.next() : null;
    }

    private static boolean hasToken(Part part) {
        return part.tokens().hasNext();
    }

    private boolean atEnd() {
        return part == null || !hasToken(part);
    }

    private boolean hasRoom(Part part) {
        if (terms.maxCountsThinking()) {
            return output < terms.maxOutput();
        }
        return part.kind() == BlockKind.THINKING || output - reasoning < terms.maxOutput();
    }

    /** Closes blocks that have all their tokens; the last one stays open before a failing end. */
    private void closeFinished(EventSink out) {
        while (part != null
                && !hasToken(part)
                && (parts.hasNext() || ending instanceof Ending.Stopped)) {
            open(part, out);
            close(out);
            part = nextPart();
        }
    }

    private void tell(Part telling, EventSink out) {
        Token token = telling.tokens().next();
        output++;
        if (telling.kind() == BlockKind.THINKING) {
            reasoning++;
        }
        open(telling, out);
        if (telling.kind() == BlockKind.TEXT && !stops.isIdle()) {
            say(telling, Text.of(stops.feed(token.text())), out);
        } else if (telling.shown()) {
            say(telling, token.escaped(), out);
        }
    }

    private void say(Part telling, Text text, EventSink out) {
        if (!text.isEmpty()) {
            out.onEvent(new Event.Delta(index, telling.growth(), text));
        }
    }

    private void open(Part opening, EventSink out) {
        if (!opened) {
            opened = true;
            out.onEvent(
                    new Event.BlockStart(
                            index, opening.kind(), opening.id(), opening.name(), opening.data()));
        }
    }

    /** Closes the block that is open, if one is; thinking is sealed if it is whole. */
    private void close(EventSink out) {
        if (part == null || !opened) {
            return;
        }
        if (part.kind() == BlockKind.TEXT && stops.met().isEmpty()) {
            say(part, Text.of(stops.rest()), out);
        }
        if (!hasToken(part) && !part.signature().isEmpty()) {
            out.onEvent(new Event.Delta(index, DeltaKind.SIGNATURE, part.signature()));
        }
        out.onEvent(new Event.BlockStop(index));
        index++;
        opened = false;
    }

    private void stop(StopReason reason, EventSink out) {
        ending = new Ending.Stopped(reason);
        over = true;
        Usage usage = terms.usage() ? Usage.of(terms.input(), 0, 0, output, reasoning) : Usage.NONE;
        out.onEvent(new Event.MessageDelta(reason, stops.met().map(Text::of).orElse(null), usage));
        out.onEvent(Event.STOP);
    }

    private void breakOff(EventSink out) {
        over = true;
        if (ending instanceof Ending.Failed(Failure failure)) {
            out.onEvent(new Event.Failed(failure));
        }
    }
}
