package dev.sluice.gateway.streams;

import dev.sluice.core.json.ByteBuilder;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;

/** The last events of a stream, as they were written. Not safe for threads. */
final class EventTail {
    /** What an object costs beside its bytes. */
    private static final int OVERHEAD = 32;

    private final ArrayDeque<byte[]> events = new ArrayDeque<>();
    private long first = 1;
    private long bytes;

    /** The number of the first event that is here. */
    long first() {
        return first;
    }

    /** The number of the event that comes next. */
    long next() {
        return first + events.size();
    }

    /** What the events cost. */
    long bytes() {
        return bytes;
    }

    /**
     * Takes the events of {@code written}, each of which begins with its id and ends with an empty
     * line. Comments, and what opens a stream, are no events.
     */
    void add(ByteBuilder written) {
        byte[] from = written.array();
        int start = 0;
        for (int i = 1; i < written.length(); i++) {
            if (from[i] == '\n' && from[i - 1] == '\n') {
                if (from[start] == 'i') {
                    byte[] event = Arrays.copyOfRange(from, start, i + 1);
                    events.add(event);
                    bytes += event.length + OVERHEAD;
                }
                start = i + 1;
            }
        }
    }

    /** The event of that number, null if it has not come yet or is here no more. */
    byte @Nullable [] get(long number) {
        long behind = next() - 1 - number;
        if (number < first || behind < 0) {
            return null;
        }
        // Readers are near one of the two ends.
        boolean nearStart = number - first < behind;
        Iterator<byte[]> walk = nearStart ? events.iterator() : events.descendingIterator();
        for (long skip = nearStart ? number - first : behind; skip > 0; skip--) {
            walk.next();
        }
        return walk.next();
    }

    /** Drops events from the front, those before {@code keep} alone, until {@code most} bytes. */
    void trim(long most, long keep) {
        while (bytes > most && first < keep && !events.isEmpty()) {
            bytes -= events.removeFirst().length + OVERHEAD;
            first++;
        }
    }
}
