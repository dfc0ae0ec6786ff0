package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EmulatedStream;
import dev.sluice.core.dialect.Emulations;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.Embeddings;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.provider.Head;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;

import org.jspecify.annotations.Nullable;

/**
 * One try to get the answer from one upstream. It chooses how the body is read, once, by the mode
 * of the exchange and the head of the answer; it turns every accident on the way into a failure;
 * after it is done nothing of the upstream reaches the exchange.
 */
final class Attempt implements Receiver {
    private final Exchange exchange;
    private final Candidate candidate;
    private final boolean relay;
    private final @Nullable EmulatedStream emulated;
    private final EventSink events;
    private @Nullable Stream stream;
    private @Nullable BodyReader reader;
    private boolean done;
    private boolean bodyEnded;
    private @Nullable Failure timeout;

    Attempt(Exchange exchange, Asking.OfUpstream asking) {
        this.exchange = exchange;
        this.candidate = asking.candidate();
        this.relay = asking.relay();
        EventSink teller = new EventTeller(exchange, this);
        Emulations emulations = asking.request().emulations();
        this.emulated = emulations.isNone() ? null : new EmulatedStream(emulations, teller);
        this.events = emulated == null ? teller : emulated;
    }

    /** Asks; the request is not kept. */
    void open(EncodedRequest request) {
        ClientCall call = exchange.call();
        stream =
                candidate
                        .provider()
                        .open(
                                new ProviderCall(
                                        operation(call),
                                        call.request(),
                                        request,
                                        candidate.target(),
                                        candidate.timeouts().connect(),
                                        call.exchangeId()),
                                this);
    }

    /** A prompt that is translated is a conversation; a count stays a count. */
    private Operation operation(ClientCall call) {
        return relay || !call.operation().generates() ? call.operation() : Operation.GENERATE;
    }

    Candidate candidate() {
        return candidate;
    }

    boolean isDone() {
        return done;
    }

    boolean isRelay() {
        return relay;
    }

    /** Whether the gateway itself ended the answer before the upstream did. */
    boolean isCutByEmulation() {
        return emulated != null && emulated.stopped();
    }

    boolean bodyEnded() {
        return bodyEnded;
    }

    void pause() {
        Stream open = stream;
        if (open != null) {
            guarded(open::pause);
        }
    }

    void resume() {
        Stream open = stream;
        if (open != null) {
            guarded(open::resume);
        }
    }

    /** Gives the upstream up. */
    void cancel() {
        done = true;
        if (stream != null && !bodyEnded) {
            try {
                stream.cancel();
            } catch (RuntimeException | Error accident) {
                exchange.accidents().report(accident);
            }
        }
    }

    /**
     * The answer is whole: what the upstream still sends is of no interest, but its connection may
     * live on.
     */
    void release() {
        done = true;
        resume();
    }

    /** This try has failed. */
    void failed(Failure failure) {
        if (done) {
            return;
        }
        observeLast();
        cancel();
        exchange.attemptFailed(timeout == null ? withoutSecrets(failure) : timeout);
    }

    /** A server may repeat the key that it was shown. */
    private Failure withoutSecrets(Failure failure) {
        String clean = candidate.provider().withoutSecrets(failure.message());
        return clean.equals(failure.message()) ? failure : failure.withMessage(clean);
    }

    /** Tells the exchange what is known so far. */
    void observe() {
        if (reader != null) {
            reader.observe();
        }
    }

    /** Tells the exchange what was known at the end; what cannot be is no reason to fail. */
    void observeLast() {
        try {
            observe();
        } catch (RuntimeException | Error accident) {
            exchange.accidents().report(accident);
        }
    }

    /** How many of the upstream's events have gone on as they were, where they are numbered. */
    long eventsRelayed() {
        return reader == null ? 0 : reader.eventsRelayed();
    }

    /**
     * The upstream fell silent. What came may still be a whole answer whose end marker is missing;
     * if not, the silence is what failed it.
     */
    void silent(Failure silence) {
        if (done) {
            return;
        }
        timeout = silence;
        BodyReader body = reader;
        if (body != null) {
            guarded(body::onEnd);
        }
        if (exchange.isEnded()) {
            cancel();
        } else {
            failed(silence);
        }
    }

    @Override
    public void onConnected() {
        exchange.turn();
    }

    @Override
    public void onHead(Head head) {
        if (!done) {
            guarded(() -> reader = readerFor(head));
        }
    }

    private BodyReader readerFor(Head head) {
        Dialect dialect =
                candidate
                        .provider()
                        .dialect()
                        .orElseThrow(() -> new IllegalStateException("a head without a dialect"));
        exchange.headOf(head, dialect);
        return Readers.of(exchange, this, events, dialect, head);
    }

    @Override
    public void onBytes(byte[] bytes, int offset, int length) {
        BodyReader body = reader;
        if (done || body == null) {
            return;
        }
        exchange.turn();
        try {
            body.onBytes(bytes, offset, length);
        } catch (RuntimeException | Error e) {
            thrown(e);
        }
        exchange.afterRead();
    }

    @Override
    public void onEnd() {
        bodyEnded = true;
        BodyReader body = reader;
        if (done || body == null) {
            return;
        }
        exchange.turn();
        guarded(body::onEnd);
        if (!done && !exchange.isEnded()) {
            failed(
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream's answer ended before the message was complete"));
        }
        exchange.afterRead();
    }

    @Override
    public void onEvent(Event event) {
        if (done) {
            return;
        }
        exchange.turn();
        bodyEnded = event instanceof Event.MessageStop || event instanceof Event.Failed;
        try {
            events.onEvent(event);
        } catch (RuntimeException | Error e) {
            thrown(e);
        }
        exchange.afterRead();
    }

    @Override
    public void onEmbeddings(Embeddings embeddings) {
        if (done) {
            return;
        }
        exchange.turn();
        bodyEnded = true;
        guarded(() -> exchange.ending().embedded(embeddings, null));
    }

    @Override
    public void onFailure(Failure failure) {
        bodyEnded = true;
        BodyReader body = reader;
        if (done) {
            return;
        }
        exchange.turn();
        if (body == null) {
            failed(failure);
        } else {
            guarded(() -> body.onBroken(this, failure));
        }
    }

    /** Runs a step; whatever it throws becomes the failure of this try. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            thrown(e);
        }
    }

    private void thrown(Throwable e) {
        failed(
                switch (e) {
                    case FailureException carried -> carried.failure();
                    case MalformedJson malformed ->
                            Failure.of(
                                    FailureCode.UPSTREAM_BROKEN,
                                    "the upstream sent something that is not its dialect: "
                                            + malformed.getMessage());
                    default -> exchange.accidents().failure(e, "read the answer");
                });
    }
}
