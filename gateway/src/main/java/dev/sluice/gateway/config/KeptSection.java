package dev.sluice.gateway.config;

import java.time.Duration;

/** The keys of {@code responses} and {@code resume}: what is kept for clients that come back. */
final class KeptSection {
    private static final Key<Integer> KEPT_ENTRIES =
            Key.of(
                    "entries",
                    Single.of(KeptResponses.ENTRIES),
                    KeptResponses.DEFAULT.entries(),
                    "How many at once, in the whole process; 0 keeps none.");
    private static final Key<Integer> KEPT_BYTES =
            Key.of(
                    "bytes",
                    Single.of(KeptResponses.BYTES),
                    KeptResponses.DEFAULT.bytes(),
                    "How large all of them may be together; one may be a quarter of it.");
    private static final Key<Duration> KEPT_AGE =
            Key.of(
                    "age",
                    Single.of(KeptResponses.AGES),
                    KeptResponses.DEFAULT.age(),
                    "How long one is kept.");

    static final Section<KeptResponses> KEPT =
            Section.of(
                    v -> new KeptResponses(v.get(KEPT_ENTRIES), v.get(KEPT_BYTES), v.get(KEPT_AGE)),
                    KEPT_ENTRIES,
                    KEPT_BYTES,
                    KEPT_AGE);

    private static final Key<Duration> RESUME_WINDOW =
            Key.of(
                    "window",
                    Single.of(KeptStreams.WINDOWS),
                    KeptStreams.DEFAULT.window(),
                    "How long a stream goes on without its client, and is kept after its end; 0s"
                            + " keeps none, and a lost client ends its stream.");
    private static final Key<Integer> RESUME_BUFFER =
            Key.of(
                    "buffer",
                    Single.of(KeptStreams.BUFFERS),
                    KeptStreams.DEFAULT.buffer(),
                    "What is kept of one stream: half of it behind a client that is there, all of"
                            + " it while none is; then the provider waits.");
    private static final Key<Integer> RESUME_BYTES =
            Key.of(
                    "bytes",
                    Single.of(KeptStreams.BYTES),
                    KeptStreams.DEFAULT.bytes(),
                    "What is kept of all of them together.");

    static final Section<KeptStreams> KEPT_STREAMS =
            Section.of(
                    v ->
                            new KeptStreams(
                                    v.get(RESUME_WINDOW),
                                    v.get(RESUME_BUFFER),
                                    v.get(RESUME_BYTES)),
                    RESUME_WINDOW,
                    RESUME_BUFFER,
                    RESUME_BYTES);

    private KeptSection() {}
}
