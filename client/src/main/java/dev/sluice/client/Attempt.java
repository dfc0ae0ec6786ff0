package dev.sluice.client;

import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EmulatedStream;
import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StreamGrammar;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.provider.Head;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;

import org.jspecify.annotations.Nullable;

/**
 * One try to get the answer. It reads bytes as events where they come as bytes, holds the events to
 * their grammar, and turns every accident on the way into a failure; after it is done nothing of it
 * reaches the exchange.
 */
final class Attempt implements Receiver, EventSink {
    private static final int MAX_FRAME_BYTES = 8 << 20;
    private static final int MAX_ANSWER_BYTES = 64 << 20;
    private static final int MAX_ERROR_BYTES = 64 << 10;

    /** What is done with the body. */
    private enum Reading {
        /** There is none, or not yet. */
        NOTHING,
        /** It is a stream of frames. */
        FRAMES,
        /** It is an answer in one piece. */
        WHOLE,
        /** It is an error, of which the beginning will do. */
        ERROR
    }

    private final Exchange exchange;
    private final Provider provider;
    private final ProviderCall call;
    private final StreamGrammar grammar = new StreamGrammar();
    private final EventSink events;
    private final @Nullable EmulatedStream emulated;
    private final ByteBuilder body = new ByteBuilder();
    private Reading reading = Reading.NOTHING;
    private @Nullable Head head;
    private @Nullable FrameDecoder frames;
    private @Nullable EventDecoder decoder;
    private @Nullable Stream stream;
    private boolean done;

    Attempt(Exchange exchange, Provider provider, ProviderCall call) {
        this.exchange = exchange;
        this.provider = provider;
        this.call = call;
        this.emulated =
                call.encoded().emulations().isNone()
                        ? null
                        : new EmulatedStream(call.encoded().emulations(), this);
        this.events = emulated == null ? this : emulated;
    }

    void open() {
        guarded(() -> stream = provider.open(call, this));
    }

    void pause() {
        if (stream != null && !done) {
            guarded(stream::pause);
        }
    }

    void resume() {
        if (stream != null && !done) {
            guarded(stream::resume);
        }
    }

    /** Gives the answer up. */
    void cancel() {
        if (!done) {
            done = true;
            leave();
        }
    }

    /** Ends what may still be under way, after this try was done. */
    void leave() {
        if (stream != null) {
            try {
                stream.cancel();
            } catch (RuntimeException accident) {
                exchange.report(accident);
            }
        }
    }

    /**
     * The message is whole. The server may still end its answer in order, so that the connection
     * can be used again.
     */
    private void release() {
        boolean isCut = emulated != null && emulated.stopped();
        if (isCut) {
            cancel();
        } else if (!done) {
            resume();
            done = true;
        }
    }

    @Override
    public void onConnected() {}

    @Override
    public void onHead(Head answered) {
        if (!done) {
            guarded(() -> begin(answered));
        }
    }

    private void begin(Head answered) {
        head = answered;
        Dialect dialect = dialect();
        if (!answered.isSuccess()) {
            reading = Reading.ERROR;
            return;
        }
        switch (answered.mediaType()) {
            case "text/html" ->
                    throw broken(
                                    "`"
                                            + provider.name()
                                            + "` answered with a web page where a model's answer"
                                            + " was expected; check its base URL")
                            .asException();
            case "application/json" -> reading = Reading.WHOLE;
            default -> {
                reading = Reading.FRAMES;
                frames = dialect.frames(MAX_FRAME_BYTES);
                decoder = dialect.decoder(context());
            }
        }
    }

    private Dialect dialect() {
        return provider.dialect()
                .orElseThrow(() -> new IllegalStateException("a head without a dialect"));
    }

    private DecodeContext context() {
        return new DecodeContext(call.target().quirks(), true);
    }

    @Override
    public void onBytes(byte[] bytes, int offset, int length) {
        if (!done) {
            guarded(() -> read(bytes, offset, length));
        }
    }

    private void read(byte[] bytes, int offset, int length) {
        switch (reading) {
            case NOTHING -> {}
            case FRAMES -> {
                if (frames != null && decoder != null) {
                    EventDecoder reader = decoder;
                    frames.feed(
                            bytes,
                            offset,
                            length,
                            frame -> {
                                if (!done) {
                                    reader.onFrame(frame, events);
                                }
                            });
                }
            }
            case WHOLE -> {
                if (body.length() + length > MAX_ANSWER_BYTES) {
                    throw broken(
                                    "the answer is larger than "
                                            + MAX_ANSWER_BYTES
                                            + " bytes, the most that is read in one piece")
                            .asException();
                }
                body.add(bytes, offset, length);
            }
            case ERROR -> {
                body.add(bytes, offset, Math.min(length, MAX_ERROR_BYTES - body.length()));
                if (body.length() == MAX_ERROR_BYTES) {
                    refused();
                }
            }
        }
    }

    @Override
    public void onEnd() {
        if (!done) {
            guarded(this::end);
        }
    }

    private void end() {
        switch (reading) {
            case NOTHING -> {}
            case FRAMES -> {
                if (decoder != null) {
                    decoder.onEnd(events);
                }
            }
            case WHOLE -> dialect().decodeAnswer(body.toBytes(), context(), events);
            case ERROR -> refused();
        }
        if (!done) {
            failed(broken("the answer ended before the message was complete"));
        }
    }

    private void refused() {
        if (head != null) {
            failed(dialect().decodeError(head.status(), head.headers(), body.toBytes()));
        }
    }

    @Override
    public void onFailure(Failure failure) {
        if (done) {
            return;
        }
        if (reading == Reading.ERROR) {
            // What came of the error says more than that it was cut.
            guarded(this::refused);
        } else {
            failed(failure);
        }
    }

    /** Events that come from a provider; those of the decoder come the same way. */
    @Override
    public void onEvent(Event event) {
        if (done) {
            return;
        }
        if (reading == Reading.NOTHING) {
            guarded(() -> pass(event));
        } else {
            pass(event);
        }
    }

    private void pass(Event event) {
        if (!grammar.accept(event)) {
            throw broken(
                            "`"
                                    + provider.name()
                                    + "` broke the order of events: "
                                    + grammar.violation())
                    .asException();
        }
        switch (event) {
            case Event.Ping _ -> {}
            case Event.Failed(Failure failure) -> failed(failure);
            case Event.MessageStop _ -> {
                exchange.event(event);
                release();
            }
            case Event.MessageStart _,
                    Event.BlockStart _,
                    Event.Delta _,
                    Event.Annotation _,
                    Event.BlockStop _,
                    Event.MessageDelta _ ->
                    exchange.event(event);
        }
    }

    private static Failure broken(String what) {
        return Failure.of(FailureCode.UPSTREAM_BROKEN, what);
    }

    private void failed(Failure failure) {
        failed(failure, null);
    }

    private void failed(Failure failure, @Nullable Throwable accident) {
        if (!done) {
            cancel();
            exchange.attemptFailed(told(failure), accident);
        }
    }

    /** Dialects speak of the gateway's key; here it is the caller's own. */
    private Failure told(Failure failure) {
        if (failure.code() != FailureCode.UPSTREAM_CREDENTIALS) {
            return failure;
        }
        String answered = failure.status() == 0 ? "" : " (HTTP " + failure.status() + ")";
        return failure.withCode(FailureCode.AUTHENTICATION)
                .withMessage("`" + provider.name() + "` refused the key" + answered);
    }

    /** Runs a step; whatever it throws becomes the failure of this try. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (FailureException carried) {
            failed(carried.failure());
        } catch (MalformedJson malformed) {
            failed(
                    broken(
                            "`"
                                    + provider.name()
                                    + "` sent something that is not its dialect: "
                                    + malformed.getMessage()));
        } catch (RuntimeException | Error accident) {
            failed(
                    Failure.of(
                            FailureCode.INTERNAL,
                            "an accident while the answer was read; the cause says which"),
                    accident);
        }
    }
}
