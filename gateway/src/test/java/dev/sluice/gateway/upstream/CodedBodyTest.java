package dev.sluice.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Event;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Head;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.gateway.coding.ContentCoding;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.Splits;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

class CodedBodyTest {
    private static final Duration WAIT = Duration.ofSeconds(20);

    /** All decoded pieces, the one that the thread has in hand, and the one that is delivered. */
    private static final long MOST_DECODED = (CodedBody.MOST_PIECES + 2L) * CodedBody.PIECE;

    private final OneThread loop = new OneThread();
    private final Ear ear = new Ear();
    private final Line line = new Line();

    @AfterEach
    void stop() {
        loop.thread.shutdownNow();
    }

    @Test
    @Tag("R24")
    void holdsAFewDecodedPiecesForAClientThatIsPaused() {
        Bomb bomb = new Bomb();
        CodedBody body = paused(_ -> bomb);
        Eventually.within(WAIT, "the decoding has begun", () -> bomb.decoded.get() > 0);
        Eventually.stays(
                Duration.ofMillis(200),
                "the decoding stops",
                () -> bomb.decoded.get() <= MOST_DECODED);
        assertThat(ear.received.get()).isZero();
        assertThat(line.isPaused()).isTrue();
        loop.run(body::resume);
        Eventually.within(WAIT, "the rest flows", () -> ear.received.get() > 10 * MOST_DECODED);
        assertThat(line.isPaused()).isFalse();
        loop.run(body::pause);
        long before = ear.received.get();
        Eventually.stays(
                Duration.ofMillis(200),
                "nothing comes during a pause",
                () -> ear.received.get() == before);
        loop.run(body::cancel);
        assertThat(bomb.mostAhead.get()).isLessThanOrEqualTo(MOST_DECODED);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @Tag("R24")
    void losesNothingInAnyMixOfPausesAndPieces(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] plain = new byte[3_000_000];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) ('a' + random.nextInt(4));
        }
        CodedBody body = body(ContentCoding.GZIP::decoding);
        for (byte[] piece : Splits.sized(gzip(plain), random.nextInt(500, 5_000)).pieces()) {
            loop.run(() -> body.onBytes(piece, 0, piece.length));
            switch (random.nextInt(8)) {
                case 0, 1 -> loop.run(body::pause);
                case 2, 3 -> loop.run(body::resume);
                default -> {}
            }
        }
        loop.run(body::onEnd);
        loop.run(body::pause);
        loop.run(body::resume);
        assertThat(ear.end()).isEqualTo("end");
        assertThat(ear.bytes()).isEqualTo(plain);
    }

    @Test
    @Tag("R24")
    void pausesTheConnectionWhileTheDecodingIsBehind() {
        Gate gate = Gate.closed();
        CodedBody body =
                body(
                        coded -> {
                            gate.await(WAIT);
                            return new Swallowing(coded);
                        });
        byte[] piece = new byte[1024];
        int sent = 0;
        while (!line.isPaused()) {
            loop.run(() -> body.onBytes(piece, 0, piece.length));
            sent += piece.length;
            assertThat(sent).isLessThanOrEqualTo(CodedBody.MOST_CODED_BYTES + piece.length);
        }
        gate.open();
        // All of it stands for not a single byte, so that no delivery gives occasion to resume.
        Eventually.within(WAIT, "the connection goes on", () -> !line.isPaused());
        loop.run(body::onEnd);
        assertThat(ear.end()).isEqualTo("end");
    }

    @Test
    @Tag("R50")
    void tellsWhatCameBeforeTheAnswerBrokeOffFirst() {
        byte[] plain = "one two three".getBytes(StandardCharsets.UTF_8);
        CodedBody body = paused(ContentCoding.GZIP::decoding);
        byte[] flushed = gzipUnfinished(plain);
        loop.run(() -> body.onBytes(flushed, 0, flushed.length));
        loop.run(() -> body.onFailure(Failure.of(FailureCode.UPSTREAM_BROKEN, "a reset")));
        loop.run(body::resume);
        assertThat(ear.end()).isEqualTo("UPSTREAM_BROKEN: a reset");
        assertThat(ear.bytes()).isEqualTo(plain);
    }

    @Test
    void readsSeveralMembersAndEndsWithTheBodyNotWithTheCoding() {
        byte[] one = gzip("one".getBytes(StandardCharsets.UTF_8));
        byte[] two = gzip("two".getBytes(StandardCharsets.UTF_8));
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        CodedBody body = body(ContentCoding.GZIP::decoding);
        loop.run(() -> body.onBytes(both, 0, both.length));
        Eventually.within(WAIT, "both are read", () -> ear.received.get() == 6);
        Eventually.stays(Duration.ofMillis(100), "the body goes on", () -> !ear.end.isDone());
        loop.run(body::onEnd);
        assertThat(ear.end()).isEqualTo("end");
        assertThat(ear.bytes()).isEqualTo("onetwo".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void saysThatATruncatedCodingIsNone() {
        byte[] coded = gzip("one".getBytes(StandardCharsets.UTF_8));
        CodedBody body = body(ContentCoding.GZIP::decoding);
        loop.run(() -> body.onBytes(coded, 0, coded.length - 4));
        loop.run(body::onEnd);
        assertThat(ear.end()).startsWith("UPSTREAM_BROKEN").contains("content-encoding");
        assertThat(line.cancelled.get()).isEqualTo(1);
    }

    static List<Arguments> accidents() {
        return List.of(
                Arguments.of(error(StackOverflowError::new), FailureCode.INTERNAL),
                Arguments.of(error(OutOfMemoryError::new), FailureCode.INTERNAL),
                Arguments.of(error(AssertionError::new), FailureCode.INTERNAL),
                Arguments.of(
                        (CodedBody.Decoding)
                                _ -> {
                                    throw new IllegalStateException();
                                },
                        FailureCode.UPSTREAM_BROKEN),
                Arguments.of(
                        (CodedBody.Decoding)
                                _ -> {
                                    throw new IOException();
                                },
                        FailureCode.UPSTREAM_BROKEN));
    }

    private static CodedBody.Decoding error(Supplier<Error> accident) {
        return _ -> {
            throw accident.get();
        };
    }

    @ParameterizedTest
    @MethodSource("accidents")
    @Tag("R22")
    void anAccidentOfTheCodecEndsTheStream(CodedBody.Decoding decoding, FailureCode told) {
        body(decoding);
        assertThat(ear.end()).startsWith(told.name());
        assertThat(line.cancelled.get()).isEqualTo(1);
    }

    @Test
    void stopsTheDecodingWhenItIsCancelled() {
        Bomb bomb = new Bomb();
        CodedBody body = body(_ -> bomb);
        Eventually.within(WAIT, "the decoding has begun", () -> ear.received.get() > 0);
        loop.run(body::cancel);
        long received = ear.received.get();
        Eventually.completes(WAIT, "the decoder is closed", bomb.closed);
        loop.run(() -> {});
        assertThat(ear.received.get()).isEqualTo(received);
        assertThat(ear.end.isDone()).isFalse();
    }

    private CodedBody body(CodedBody.Decoding decoding) {
        return begun(decoding, _ -> {});
    }

    /** For a client that is paused before the first piece. */
    private CodedBody paused(CodedBody.Decoding decoding) {
        return begun(decoding, CodedBody::pause);
    }

    private CodedBody begun(CodedBody.Decoding decoding, Consumer<CodedBody> first) {
        CompletableFuture<CodedBody> made = new CompletableFuture<>();
        loop.run(
                () -> {
                    CodedBody body = new CodedBody(decoding, ear, line, loop);
                    first.accept(body);
                    made.complete(body);
                });
        return made.join();
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return coded.toByteArray();
    }

    private static byte[] gzipUnfinished(byte[] plain) {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(coded, true)) {
            out.write(plain);
            out.flush();
            return coded.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Decodes nothing into as much as anybody asks for. */
    private final class Bomb extends InputStream {
        final AtomicLong decoded = new AtomicLong();
        final AtomicLong mostAhead = new AtomicLong();
        final CompletableFuture<Void> closed = new CompletableFuture<>();

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            long ahead = decoded.addAndGet(length) - ear.received.get();
            mostAhead.accumulateAndGet(ahead, Math::max);
            return length;
        }

        @Override
        public void close() {
            closed.complete(null);
        }
    }

    /** Reads all and gives nothing. */
    private static final class Swallowing extends InputStream {
        private final InputStream coded;

        Swallowing(InputStream coded) {
            this.coded = coded;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            while (coded.read(into, offset, length) >= 0) {}
            return -1;
        }
    }

    /** A loop that is one thread. */
    private static final class OneThread implements Loop {
        final ExecutorService thread = Executors.newSingleThreadExecutor();

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long currentTimeMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public Timer schedule(long delayMillis, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void execute(Runnable task) {
            thread.execute(task);
        }

        /** Runs this on the loop, and waits for it. */
        void run(Runnable task) {
            Eventually.completes(WAIT, "the loop", CompletableFuture.runAsync(task, thread));
        }
    }

    private static final class Line implements Stream {
        final AtomicInteger pauses = new AtomicInteger();
        final AtomicInteger cancelled = new AtomicInteger();

        boolean isPaused() {
            return pauses.get() > 0;
        }

        @Override
        public void pause() {
            assertThat(pauses.incrementAndGet()).isEqualTo(1);
        }

        @Override
        public void resume() {
            assertThat(pauses.decrementAndGet()).isZero();
        }

        @Override
        public void cancel() {
            cancelled.incrementAndGet();
        }
    }

    private static final class Ear implements Receiver {
        final AtomicLong received = new AtomicLong();
        final CompletableFuture<String> end = new CompletableFuture<>();
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();

        String end() {
            return Eventually.completes(WAIT, "the end", end);
        }

        byte[] bytes() {
            return all.toByteArray();
        }

        @Override
        public void onBytes(byte[] bytes, int offset, int length) {
            assertThat(end.isDone()).isFalse();
            if (received.addAndGet(length) < 10_000_000) {
                all.write(bytes, offset, length);
            }
        }

        @Override
        public void onEnd() {
            assertThat(end.complete("end")).isTrue();
        }

        @Override
        public void onFailure(Failure failure) {
            assertThat(end.complete(failure.code() + ": " + failure.message())).isTrue();
        }

        @Override
        public void onConnected() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void onHead(Head head) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void onEvent(Event event) {
            throw new UnsupportedOperationException();
        }
    }
}
