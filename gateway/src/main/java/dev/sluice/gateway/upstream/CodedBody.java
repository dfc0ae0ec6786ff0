package dev.sluice.gateway.upstream;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.gateway.exchange.Loop;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The body of an upstream that compresses although nobody asked it to. Decoding blocks, so it runs
 * on a virtual thread: coded pieces go to it over one queue, decoded ones come back to the loop.
 *
 * <p>What is held is bounded, however much a coded byte stands for. A decoded piece has a permit
 * from before it is sent to the loop until the receiver has it, so that a client that is paused
 * stops the decoding after a few pieces. The connection is paused with the client, and whenever the
 * queue of coded pieces is long.
 *
 * <p>How soon a token can be read is for the coding to say: the decoder of br works on 4 KiB of
 * coded bytes at a time.
 */
final class CodedBody implements Stream {
    static final int PIECE = 16 << 10;
    static final int MOST_PIECES = 16;
    static final int MOST_CODED_BYTES = 256 << 10;
    private static final int FEW_CODED_BYTES = MOST_CODED_BYTES / 2;

    private static final System.Logger LOG = System.getLogger(CodedBody.class.getName());
    private static final byte[] END = new byte[0];

    /** What undoes a coding. */
    @FunctionalInterface
    interface Decoding {
        /** A stream of the decoded bytes. */
        InputStream of(InputStream coded) throws IOException;
    }

    private final Receiver receiver;
    private final Stream connection;
    private final Loop loop;
    private final LinkedBlockingQueue<byte[]> coded = new LinkedBlockingQueue<>();
    private final AtomicInteger codedBytes = new AtomicInteger();
    private final Semaphore permits = new Semaphore(MOST_PIECES);
    private final ArrayDeque<byte[]> decoded = new ArrayDeque<>();
    private final Thread thread;
    private @Nullable Failure brokenOff;

    /** What the receiver is told after the last decoded piece. */
    private @Nullable Runnable last;

    private boolean connectionPaused;
    private boolean paused;
    private boolean over;

    /**
     * A body that is decoded from now on.
     *
     * @param connection what the coded bytes come from
     */
    CodedBody(Decoding decoding, Receiver receiver, Stream connection, Loop loop) {
        this.receiver = receiver;
        this.connection = connection;
        this.loop = loop;
        this.thread = Thread.ofVirtual().name("upstream-decoding").start(() -> decode(decoding));
    }

    // ---- on the loop ----

    /** A coded piece. */
    void onBytes(byte[] bytes, int offset, int length) {
        codedBytes.addAndGet(length);
        coded.add(Arrays.copyOfRange(bytes, offset, offset + length));
        steer();
    }

    /** The coded body is at its end. */
    void onEnd() {
        coded.add(END);
    }

    /** The coded body breaks off; what came before is decoded and told first. */
    void onFailure(Failure failure) {
        brokenOff = failure;
        coded.add(END);
    }

    @Override
    public void pause() {
        paused = true;
        steer();
    }

    @Override
    public void resume() {
        if (paused) {
            paused = false;
            steer();
            loop.execute(this::deliver);
        }
    }

    @Override
    public void cancel() {
        over = true;
        decoded.clear();
        thread.interrupt();
    }

    private void steer() {
        int most = connectionPaused ? FEW_CODED_BYTES : MOST_CODED_BYTES;
        boolean pausing = paused || codedBytes.get() > most;
        if (pausing != connectionPaused && !over) {
            connectionPaused = pausing;
            if (pausing) {
                connection.pause();
            } else {
                connection.resume();
            }
        }
    }

    private void arrived(byte[] piece) {
        decoded.add(piece);
        deliver();
    }

    private void deliver() {
        while (!paused && !over && !decoded.isEmpty()) {
            byte[] piece = decoded.remove();
            permits.release();
            receiver.onBytes(piece, 0, piece.length);
        }
        if (!paused && !over && last != null) {
            over = true;
            last.run();
        }
    }

    private void ended() {
        finish(() -> receiver.onEnd());
    }

    private void failed(Failure failure) {
        finish(
                () -> {
                    connection.cancel();
                    receiver.onFailure(failure);
                });
    }

    private void finish(Runnable telling) {
        Failure first = brokenOff;
        last = first == null ? telling : () -> receiver.onFailure(first);
        deliver();
    }

    // ---- on the thread ----

    private void decode(Decoding decoding) {
        Queued queued = new Queued();
        try (InputStream in = decoding.of(queued)) {
            byte[] piece = new byte[PIECE];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                permits.acquire();
                byte[] copy = Arrays.copyOf(piece, n);
                loop.execute(() -> arrived(copy));
            }
            queued.skipRest();
            loop.execute(this::ended);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException notCoded) {
            Failure failure =
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream's answer is not what its content-encoding says");
            loop.execute(() -> failed(failure));
        } catch (Error accident) {
            LOG.log(System.Logger.Level.ERROR, "an upstream's answer cannot be decoded", accident);
            Failure failure =
                    Failure.of(
                            FailureCode.INTERNAL,
                            "the gateway failed while it decompressed the upstream's answer");
            loop.execute(() -> failed(failure));
        }
    }

    private void taken(int length) {
        int before = codedBytes.getAndAdd(-length);
        if (before > FEW_CODED_BYTES && before - length <= FEW_CODED_BYTES) {
            loop.execute(this::steer);
        }
    }

    /** The coded pieces as a stream; a read waits for the next piece. */
    private final class Queued extends InputStream {
        private byte[] current = END;
        private int at;
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (!ended && at == current.length) {
                next();
            }
            if (ended) {
                return -1;
            }
            int count = Math.min(length, current.length - at);
            System.arraycopy(current, at, into, offset, count);
            at += count;
            return count;
        }

        /** A decoder that asks this before it looks for another member must not miss it. */
        @Override
        public int available() {
            return current.length - at + codedBytes.get();
        }

        /** What stands behind the end of the coding means nothing; the end of the body does. */
        void skipRest() throws IOException {
            while (!ended) {
                next();
            }
        }

        private void next() throws IOException {
            try {
                current = coded.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("cancelled", e);
            }
            at = 0;
            ended = current.length == 0;
            taken(current.length);
        }
    }
}
