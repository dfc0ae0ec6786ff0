package dev.sluice.gateway.config;

import java.time.Duration;

/** The keys of {@code limits}. */
final class LimitSection {
    private static final Key<Integer> BODY =
            Key.of(
                    "body",
                    Single.of(Limits.BODIES),
                    Limits.DEFAULT.body(),
                    "A request's body, after decompression.");
    private static final Key<Integer> EVENT =
            Key.of(
                    "event",
                    Single.of(Limits.BODIES),
                    Limits.DEFAULT.event(),
                    "One event of a stream.");
    private static final Key<Integer> HEADER =
            Key.of(
                    "header",
                    Single.of(Limits.HEADERS),
                    Limits.DEFAULT.header(),
                    "All headers of a request or a response.");
    private static final Key<Integer> STREAMS =
            Key.of(
                    "streams",
                    Single.of(Limits.STREAMS),
                    Limits.DEFAULT.streams(),
                    "Exchanges at once, in the whole process.");
    private static final Key<Integer> SLOW_READER =
            Key.of(
                    "slow-reader",
                    Single.of(Limits.SLOW_READERS),
                    Limits.DEFAULT.slowReader(),
                    "What is held for a client that reads slower than its stream comes; then the"
                            + " provider waits.");
    private static final Key<Duration> SLOW_READER_TIME =
            Key.of(
                    "slow-reader-time",
                    Single.of(Timeouts.RANGE),
                    Limits.DEFAULT.slowReaderTime(),
                    "How long such a client may take nothing at all before it is cut.");
    private static final Key<Integer> ANSWER =
            Key.of(
                    "answer",
                    Single.of(Limits.BODIES),
                    Limits.DEFAULT.answer(),
                    "An unstreamed answer.");

    static final Section<Limits> LIMITS =
            Section.of(
                    v ->
                            new Limits(
                                    v.get(BODY),
                                    v.get(EVENT),
                                    v.get(HEADER),
                                    v.get(STREAMS),
                                    v.get(SLOW_READER),
                                    v.get(SLOW_READER_TIME),
                                    v.get(ANSWER)),
                    BODY,
                    EVENT,
                    HEADER,
                    STREAMS,
                    SLOW_READER,
                    SLOW_READER_TIME,
                    ANSWER);

    private LimitSection() {}
}
