package dev.sluice.gateway.config;

import java.time.Duration;

/** The keys of {@code timeouts}, at the top and where they are wanted otherwise. */
final class TimeoutSection {
    /** Stands for what a route leaves out. */
    static final String OF_PROVIDER = "what the provider says, else the top-level one";

    /** Stands for what a provider leaves out. */
    static final String OF_ALL = "the top-level one";

    private static final Key<Duration> CONNECT =
            timeout("connect", Timeouts.DEFAULT.connect(), "For a connection to the provider.");
    private static final Key<Duration> FIRST_TOKEN =
            timeout(
                    "first-token",
                    Timeouts.DEFAULT.firstToken(),
                    "From the request to the first content.");
    private static final Key<Duration> INTER_TOKEN =
            timeout(
                    "inter-token",
                    Timeouts.DEFAULT.interToken(),
                    "From one piece of content to the next; signs of life do not count.");
    private static final Key<Duration> TOTAL =
            timeout("total", Timeouts.DEFAULT.total(), "For the whole exchange.");

    static final Section<Timeouts> TIMEOUTS =
            Section.of(
                    v ->
                            new Timeouts(
                                    v.get(CONNECT),
                                    v.get(FIRST_TOKEN),
                                    v.get(INTER_TOKEN),
                                    v.get(TOTAL)),
                    CONNECT,
                    FIRST_TOKEN,
                    INTER_TOKEN,
                    TOTAL);

    private TimeoutSection() {}

    private static Key<Duration> timeout(String name, Duration fallback, String sentence) {
        return Key.of(name, Single.of(Timeouts.RANGE), fallback, sentence);
    }

    /** The same keys where each may be left out, and stands for {@code absent} then. */
    static Section<TimeoutOverrides> overrides(String absent) {
        Key<Duration> connect = override(CONNECT, absent);
        Key<Duration> firstToken = override(FIRST_TOKEN, absent);
        Key<Duration> interToken = override(INTER_TOKEN, absent);
        Key<Duration> total = override(TOTAL, absent);
        return Section.of(
                v ->
                        new TimeoutOverrides(
                                v.find(connect),
                                v.find(firstToken),
                                v.find(interToken),
                                v.find(total)),
                connect,
                firstToken,
                interToken,
                total);
    }

    private static Key<Duration> override(Key<Duration> key, String absent) {
        return Key.optional(key.name(), key.shape(), absent, key.sentence());
    }
}
