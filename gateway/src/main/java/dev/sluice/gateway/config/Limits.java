package dev.sluice.gateway.config;

import java.time.Duration;

/**
 * The bounds of everything that grows with input.
 *
 * @param body bytes of a request's body, after decompression
 * @param event bytes of one event of a stream
 * @param header bytes of all headers of a request or a response
 * @param streams exchanges at once, in the whole process
 * @param slowReader bytes held for a client that does not read as fast as its stream comes
 * @param slowReaderTime how long such a client may take none of them before it is cut
 * @param answer bytes of an unstreamed answer
 */
public record Limits(
        int body,
        int event,
        int header,
        int streams,
        int slowReader,
        Duration slowReaderTime,
        int answer) {

    static final Range<Integer> BODIES = Range.ofSizes("1KiB", "1GiB");
    static final Range<Integer> HEADERS = Range.ofSizes("1KiB", "1MiB");
    static final Range<Integer> STREAMS = Range.ofNumbers(1, 1_000_000);
    static final Range<Integer> SLOW_READERS = Range.ofSizes("1KiB", "64MiB");

    /** What suits one machine with large requests and many streams. */
    public static final Limits DEFAULT =
            new Limits(
                    32 << 20,
                    16 << 20,
                    16 << 10,
                    20_000,
                    256 << 10,
                    Duration.ofSeconds(60),
                    64 << 20);

    /** Refuses bounds that would stop everything, or nothing. */
    public Limits {
        BODIES.check("body", body);
        BODIES.check("event", event);
        HEADERS.check("header", header);
        STREAMS.check("streams", streams);
        SLOW_READERS.check("slow-reader", slowReader);
        Timeouts.RANGE.check("slow-reader-time", slowReaderTime);
        BODIES.check("answer", answer);
    }

    /** This with another bound of a request's body, in bytes. */
    public Limits withBody(int bytes) {
        return new Limits(bytes, event, header, streams, slowReader, slowReaderTime, answer);
    }

    /** This with another bound of an event, in bytes. */
    public Limits withEvent(int bytes) {
        return new Limits(body, bytes, header, streams, slowReader, slowReaderTime, answer);
    }

    /** This with another bound of headers, in bytes. */
    public Limits withHeader(int bytes) {
        return new Limits(body, event, bytes, streams, slowReader, slowReaderTime, answer);
    }

    /** This with another number of exchanges at once. */
    public Limits withStreams(int count) {
        return new Limits(body, event, header, count, slowReader, slowReaderTime, answer);
    }

    /** This with another bound for slow clients: bytes held, and how long without progress. */
    public Limits withSlowReader(int bytes, Duration time) {
        return new Limits(body, event, header, streams, bytes, time, answer);
    }

    /** This with another bound of an unstreamed answer, in bytes. */
    public Limits withAnswer(int bytes) {
        return new Limits(body, event, header, streams, slowReader, slowReaderTime, bytes);
    }
}
