package dev.sluice.gateway.upstream;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.gateway.coding.ContentCoding;
import dev.sluice.gateway.exchange.Loop;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The body of an upstream that compresses although nobody asked it to. Decoding blocks, so it runs
 * on a virtual thread: coded pieces go to it over a queue, decoded ones come back to the loop. Both
 * ways are bounded: the upstream is paused when the queue is long, the thread waits when the loop
 * is behind.
 */
final class CodedBody {
    private static final int MOST_QUEUED_BYTES = 256 << 10;
    private static final int PIECE = 16 << 10;
    private static final int MOST_PIECES = 16;
    private static final byte[] END = new byte[0];

    private final Receiver receiver;
    private final Stream upstream;
    private final Loop loop;
    private final LinkedBlockingQueue<byte[]> coded = new LinkedBlockingQueue<>();
    private final AtomicInteger queuedBytes = new AtomicInteger();
    private final Semaphore pieces = new Semaphore(MOST_PIECES);
    private final Thread thread;
    private boolean pausedForUs;
    private boolean pausedByClient;
    private volatile boolean cancelled;

    CodedBody(ContentCoding coding, Receiver receiver, Stream upstream, Loop loop) {
        this.receiver = receiver;
        this.upstream = upstream;
        this.loop = loop;
        this.thread = Thread.ofVirtual().name("upstream-decoding").start(() -> decodeAll(coding));
    }

    /** On the loop: a coded piece. */
    void onBytes(byte[] bytes, int offset, int length) {
        coded.add(Arrays.copyOfRange(bytes, offset, offset + length));
        if (queuedBytes.addAndGet(length) > MOST_QUEUED_BYTES && !pausedForUs) {
            pausedForUs = true;
            upstream.pause();
        }
    }

    /** On the loop: the coded body is at its end. */
    void onEnd() {
        coded.add(END);
    }

    /** On the loop: the client cannot take more; decoded pieces stop coming. */
    void pause() {
        if (!pausedByClient) {
            pausedByClient = true;
            pieces.drainPermits();
        }
    }

    /** On the loop: the client takes more. */
    void resume() {
        if (pausedByClient) {
            pausedByClient = false;
            pieces.release(Math.max(0, MOST_PIECES - pieces.availablePermits()));
        }
    }

    /** On the loop: nobody wants the rest. */
    void cancel() {
        cancelled = true;
        thread.interrupt();
    }

    private void decodeAll(ContentCoding coding) {
        try (InputStream in = coding.decoding(new Queued())) {
            byte[] piece = new byte[PIECE];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                pieces.acquire();
                byte[] decoded = Arrays.copyOf(piece, n);
                loop.execute(() -> deliver(decoded));
            }
            loop.execute(this::ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            loop.execute(this::broken);
        }
    }

    private void deliver(byte[] decoded) {
        if (!pausedByClient && pieces.availablePermits() < MOST_PIECES) {
            pieces.release();
        }
        if (cancelled) {
            return;
        }
        if (pausedForUs && queuedBytes.get() < MOST_QUEUED_BYTES / 2) {
            pausedForUs = false;
            upstream.resume();
        }
        receiver.onBytes(decoded, 0, decoded.length);
    }

    private void ended() {
        if (!cancelled) {
            receiver.onEnd();
        }
    }

    private void broken() {
        if (!cancelled) {
            cancelled = true;
            upstream.cancel();
            receiver.onFailure(
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream's answer is not what its content-encoding says"));
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

        private void next() throws IOException {
            try {
                current = coded.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("cancelled", e);
            }
            at = 0;
            ended = current.length == 0;
            queuedBytes.addAndGet(-current.length);
        }
    }
}
