package dev.sluice.testkit.http;

import dev.sluice.testkit.sse.SseComment;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.sse.SseParser;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The events of a response, one by one as they arrive, each with its time. */
public final class SseReader {
    private final RawResponse response;
    private final SseParser parser;
    private int taken;

    SseReader(RawResponse response, SseParser parser) {
        this.response = response;
        this.parser = parser;
    }

    /** Waits for the next event; empty at the proper end of the body. */
    public Optional<SseEvent> next() {
        response.startReading();
        return nextWithinDeadline();
    }

    private Optional<SseEvent> nextWithinDeadline() {
        while (taken == parser.events().size()) {
            if (!readMore()) {
                return Optional.empty();
            }
        }
        return Optional.of(parser.events().get(taken++));
    }

    /** Waits for the next event, which must come. */
    public SseEvent take() {
        return next().orElseThrow(
                        () -> new AssertionError("the stream ended after " + taken + " events"));
    }

    /** Waits for so many events, which must come. */
    public List<SseEvent> take(int count) {
        List<SseEvent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(take());
        }
        return events;
    }

    /** All events up to the proper end of the body, all within one deadline. */
    public List<SseEvent> rest() {
        List<SseEvent> events = new ArrayList<>();
        response.startReading();
        Optional<SseEvent> event = nextWithinDeadline();
        while (event.isPresent()) {
            events.add(event.get());
            event = nextWithinDeadline();
        }
        return events;
    }

    /** Waits until so many comments have come since the start, and returns all of them. */
    public List<SseComment> awaitComments(int count) {
        response.startReading();
        while (parser.comments().size() < count) {
            if (!readMore()) {
                throw new AssertionError(
                        "the stream ended after " + parser.comments().size() + " comments");
            }
        }
        return comments();
    }

    /** The comments so far. */
    public List<SseComment> comments() {
        return List.copyOf(parser.comments());
    }

    /** Fails when an event comes, or the body ends, within this time. Comments may come. */
    public void assertNoEventFor(Duration duration) {
        long until = System.nanoTime() + duration.toNanos();
        long left = duration.toNanos();
        while (left > 0) {
            response.readWithin(Duration.ofNanos(left)).ifPresent(this::feed);
            if (taken < parser.events().size()) {
                throw new AssertionError(
                        "expected no event, but there came: " + parser.events().get(taken));
            }
            left = until - System.nanoTime();
        }
    }

    private boolean readMore() {
        if (response.isAtEnd()) {
            return false;
        }
        Optional<BodyPart> part = response.readOn();
        part.ifPresentOrElse(this::feed, parser::finish);
        return part.isPresent();
    }

    private void feed(BodyPart part) {
        parser.feed(part.bytes(), part.nanos());
    }
}
