package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Elapsed;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.event.Event;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.provider.Head;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.TokenEstimate;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What the client of one exchange is sent, in its dialect. Frames that come before the first
 * content are held, so that another upstream can still be asked; {@link #open} lets them go. A
 * client that wants no stream is sent one document and nothing before it.
 */
final class ClientStream {
    /** How far the stream has come. */
    private enum State {
        /** Nothing is out: a failure can still be a true status. */
        UNTOUCHED,
        /** The head and signs of life are out; frames are held. */
        WAITING,
        /** Frames go out. */
        OPEN
    }

    private final Loop loop;
    private final Measures measures;
    private final AnswerHeaders headers = new AnswerHeaders();
    private ClientCall call;
    private ClientTransport transport;
    private State state = State.UNTOUCHED;
    private int status;
    private boolean sameDialect;
    private @Nullable EventEncoder encoder;
    private @Nullable ByteBuilder held;

    /** This turn has something for the client. */
    private boolean written;

    private boolean left;

    ClientStream(ClientCall call, ClientTransport transport, Loop loop, Measures measures) {
        this.call = call;
        this.transport = transport;
        this.loop = loop;
        this.measures = measures;
    }

    /** What the client asks; without the prompt once the stream is open. */
    ClientCall call() {
        return call;
    }

    /** The status that was sent, 0 if none. */
    int status() {
        return status;
    }

    /** Whether something of the stream is out. */
    boolean isStarted() {
        return state != State.UNTOUCHED;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    // ---- before there is content ----

    /** Another candidate is asked: what is held of the one before is dropped. */
    void begin(Candidate candidate) {
        sameDialect = candidate.speaks(call.dialect().name());
        headers.clear();
        encoder = null;
        if (held != null) {
            held.clear();
        }
    }

    /** Whether the upstream that is asked speaks the client's dialect. */
    boolean sameDialect() {
        return sameDialect;
    }

    /** The request was changed on its way. */
    void warn(List<String> changes) {
        headers.warn(changes);
    }

    /** The client's dialect has no place for {@code what} of the answer. */
    void lose(String what) {
        headers.losses().add(what);
    }

    /** What was changed of the request, and lost of the answer. */
    List<String> warnings() {
        return headers.warnings();
    }

    /** The upstream's answer has begun. */
    void answeredWith(Head head, Dialect upstream) {
        headers.of(head, upstream, call);
    }

    /** Bytes of frames that are held. */
    int heldBytes() {
        return held == null ? 0 : held.length();
    }

    /** Sends a sign of life. */
    void keepAlive() {
        start();
        encode(Event.PING, transport.out());
        transport.flush();
    }

    private void start() {
        if (state == State.UNTOUCHED) {
            state = State.WAITING;
            status = 200;
            transport.startStream(200, headers.ofStream(call));
        }
    }

    // ---- the stream ----

    /** What is written from now on goes out; what was held goes first. */
    void open() {
        letGo();
        call = call.released();
    }

    private void letGo() {
        start();
        state = State.OPEN;
        if (held != null) {
            transport.out().add(held);
            written = true;
            held = null;
        }
    }

    /** Where a frame goes: out, or to what is held until there is content. */
    ByteBuilder out() {
        if (state == State.OPEN) {
            return transport.out();
        }
        if (held == null) {
            held = new ByteBuilder(512);
        }
        return held;
    }

    /** A part of the upstream's answer goes on as it is. */
    void write(byte[] bytes, int offset, int length) {
        out().add(bytes, offset, length);
        written = true;
    }

    /** An event goes on in the client's dialect. */
    void write(Event event) {
        encode(event, out());
    }

    /** An accident leaves nothing half written, so that it can be told after what was. */
    private void encode(Event event, ByteBuilder out) {
        EventEncoder writer = encoder();
        int before = out.length();
        try {
            writer.encode(event, out);
            written |= out.length() > before;
        } catch (RuntimeException | Error accident) {
            out.truncate(before);
            throw accident;
        }
    }

    private EventEncoder encoder() {
        if (encoder == null) {
            encoder = call.dialect().encoder(context());
        }
        return encoder;
    }

    /** Sends what this turn has brought, if anything; whether it has. */
    boolean flush() {
        if (state != State.OPEN || !written) {
            return false;
        }
        written = false;
        transport.flush();
        return true;
    }

    /** Whether the client keeps up. */
    boolean isWritable() {
        return transport.isWritable();
    }

    // ---- ends ----

    /** Ends the stream well. */
    void end() {
        transport.flush();
        transport.endStream();
    }

    /** Answers in one piece. */
    void reply(byte[] body) {
        status = 200;
        transport.reply(200, headers.ofDocument(call, Headers.NONE), body);
    }

    /**
     * Tells a failure: by its status, or within the stream if that has started.
     *
     * @param finalWord whether the client is told that another try is of no use
     * @param relayed how many of the upstream's events have gone on as they were, where they are
     *     numbered
     */
    void fail(Failure failure, boolean finalWord, long relayed) {
        if (state == State.UNTOUCHED) {
            ErrorReply error = call.dialect().encodeError(failure, call.requestId());
            status = error.status();
            transport.reply(
                    status,
                    headers.ofDocument(call, more(error.headers(), finalWord)),
                    error.body());
        } else {
            letGo();
            encoder().goOnBehind(relayed);
            encode(new Event.Failed(failure), transport.out());
            end();
        }
    }

    private static Headers more(Headers ofDialect, boolean finalWord) {
        if (!finalWord) {
            return ofDialect;
        }
        List<Header> more = new ArrayList<>(ofDialect.all());
        more.add(new Header("x-should-retry", "false"));
        return new Headers(more);
    }

    /** Cuts the client off: what it has cannot pass for whole. */
    void abort() {
        transport.abort();
    }

    /** The client has left, and the exchange goes on. */
    void leave() {
        left = true;
        transport = new Nowhere();
    }

    boolean hasLeft() {
        return left;
    }

    /** Nothing that is held will be sent. */
    void drop() {
        held = null;
    }

    // ---- what encoders are told ----

    /** What an encoder of this answer is told. */
    EncodeContext context() {
        return new EncodeContext(
                call.operation(),
                call.exchangeId(),
                call.request().model(),
                loop.currentTimeMillis() / 1000,
                call.request().includeUsage(),
                call.requestId(),
                TokenEstimate.of(call.request()),
                sameDialect,
                new Times(),
                settings(call.request()),
                headers.losses());
    }

    /** The request without the prompt, which an encoder would hold for as long as it writes. */
    private static Request settings(Request request) {
        Request.Builder bare = request.toBuilder();
        bare.system.clear();
        bare.messages.clear();
        return bare.build();
    }

    private final class Times implements Elapsed {
        @Override
        public long total() {
            return loop.nanoTime() - measures.start();
        }

        @Override
        public long toFirstContent() {
            return measures.nanosToFirst();
        }
    }
}
