package dev.sluice.gateway.upstream;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Head;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.gateway.coding.ContentCoding;
import dev.sluice.gateway.exchange.Loop;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** One request to a model server and its answer, whatever carries them. */
final class HttpStream implements Stream {
    /** A connection of HTTP/1.1 for its time, or a stream of HTTP/2. */
    interface Carrier {
        /** Whether the server's bytes are wanted now. Over when its stream is over. */
        void reading(boolean wanted);

        /** Gives the request up; nothing is told afterwards. */
        void reset();
    }

    private static final System.Logger LOG = System.getLogger(HttpStream.class.getName());

    private final HttpUpstream upstream;
    private final Loop loop;
    private final Receiver receiver;
    private final Stream connection = new Connection();
    private @Nullable Carrier carrier;
    private @Nullable CodedBody coded;
    private boolean answered;
    private boolean over;

    HttpStream(HttpUpstream upstream, Loop loop, Receiver receiver) {
        this.upstream = upstream;
        this.loop = loop;
        this.receiver = receiver;
    }

    /** Whether nobody waits for anything any more. */
    boolean isOver() {
        return over;
    }

    /** No connection could be had. */
    void unreachable(Throwable cause) {
        fail(Accidents.unreachable(upstream, cause));
    }

    /** All connections are taken, and enough wait for one. */
    void crowdedOut(int connections) {
        fail(Accidents.crowdedOut(upstream, connections));
    }

    /** A connection was had; returns whether the request is still wanted. */
    boolean connected(Carrier found) {
        if (over) {
            return false;
        }
        carrier = found;
        guarded(receiver::onConnected);
        return !over;
    }

    /** The answer begins. */
    void head(Head head) {
        if (!over) {
            answered = true;
            guarded(() -> begin(head));
        }
    }

    private void begin(Head head) {
        Optional<String> coding =
                head.headers()
                        .get("content-encoding")
                        .filter(c -> !c.isBlank() && !c.trim().equalsIgnoreCase("identity"));
        if (coding.isEmpty() || decode(coding.get())) {
            receiver.onHead(head);
        }
    }

    private boolean decode(String field) {
        Optional<ContentCoding> coding = ContentCoding.of(field);
        if (coding.isEmpty()) {
            connection.cancel();
            receiver.onFailure(
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream's answer has a content-encoding that is not known"));
            return false;
        }
        coded = new CodedBody(coding.get()::decoding, receiver, connection, loop);
        return true;
    }

    /** The next piece of the body. */
    void bytes(byte[] bytes, int offset, int length) {
        if (over) {
            return;
        }
        if (coded == null) {
            receiver.onBytes(bytes, offset, length);
        } else {
            coded.onBytes(bytes, offset, length);
        }
    }

    /** The body is complete. */
    void ended() {
        if (over) {
            return;
        }
        finish();
        if (coded == null) {
            receiver.onEnd();
        } else {
            coded.onEnd();
        }
    }

    /** The connection broke, before the answer or within it. */
    void brokeOff(Throwable cause) {
        fail(Accidents.brokeOff(upstream, answered, cause));
    }

    /** What the server sent is no HTTP. */
    void malformed(MalformedResponse cause) {
        fail(Accidents.malformed(upstream, cause));
    }

    /** An accident outside of the receiver, who looks after his own, ends this stream alone. */
    void accident(Throwable accident) {
        LOG.log(
                System.Logger.Level.ERROR,
                "an accident on the way to provider `" + upstream.name() + "`",
                accident);
        cancel();
        receiver.onFailure(
                Failure.of(
                        FailureCode.INTERNAL,
                        "the gateway failed on the way to the upstream; see its log"));
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error accident) {
            accident(accident);
        }
    }

    private void fail(Failure failure) {
        if (!over) {
            finish();
            if (coded == null) {
                receiver.onFailure(failure);
            } else {
                coded.onFailure(failure);
            }
        }
    }

    private void finish() {
        over = true;
        upstream.streamOver();
    }

    @Override
    public void pause() {
        way().pause();
    }

    @Override
    public void resume() {
        way().resume();
    }

    private Stream way() {
        return coded == null ? connection : coded;
    }

    @Override
    public void cancel() {
        if (coded != null) {
            coded.cancel();
        }
        connection.cancel();
    }

    /** What carries the stream, below the body's coding. */
    private final class Connection implements Stream {
        @Override
        public void pause() {
            reading(false);
        }

        @Override
        public void resume() {
            reading(true);
        }

        private void reading(boolean wanted) {
            if (carrier != null && answered && !over) {
                carrier.reading(wanted);
            }
        }

        @Override
        public void cancel() {
            if (!over) {
                finish();
                if (carrier != null) {
                    carrier.reset();
                }
            }
        }
    }
}
