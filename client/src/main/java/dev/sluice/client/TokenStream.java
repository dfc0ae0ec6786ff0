package dev.sluice.client;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The answer of a model while it is made. It is read once, in one of these ways, by one thread at a
 * time:
 *
 * <ul>
 *   <li>{@code for (Token token : stream)} waits for each token;
 *   <li>{@link #events} gives everything that happens, tool calls and thinking too;
 *   <li>{@link #forEachToken} calls back, until it is told to stop;
 *   <li>{@link #subscribe} makes it a {@link Flow.Publisher}, for one subscriber;
 *   <li>{@link #text} and {@link #finalMessage} wait for the end.
 * </ul>
 *
 * <p>A stream that fails hands over all that came before, and then throws a {@link SluiceException}
 * that carries it too; one that was cut never looks like one that ended. While nobody reads, the
 * model is paused as soon as the buffer is full. {@link #cancel} and {@link #close} may be called
 * from any thread and reach the model at once; what can be asked at any time, {@link #textSoFar},
 * {@link #usage}, {@link #stopReason}, {@link #metrics}, may be asked by any thread.
 *
 * <p>A stream that was not read to its end holds a connection until it is closed.
 */
public final class TokenStream implements Iterable<Token>, Flow.Publisher<Token>, AutoCloseable {
    private final Exchange exchange;
    private final EventBuffer buffer;
    private final Gathered gathered;
    private final List<String> warnings;
    private final AtomicBoolean subscribed = new AtomicBoolean();
    private long delivered;

    TokenStream(Exchange exchange, List<String> warnings) {
        this.exchange = exchange;
        this.buffer = exchange.buffer();
        this.gathered = exchange.gathered();
        this.warnings = warnings;
    }

    // One after the other

    /**
     * The tokens of the answer's text that were not read yet. The iterator waits, and throws {@link
     * SluiceException} where the stream broke.
     */
    @Override
    public Iterator<Token> iterator() {
        return new Waiting<>(this::token);
    }

    /**
     * All events that were not read yet, in the order of {@link
     * dev.sluice.core.event.StreamGrammar} and without pings; their text may be kept. The iterator
     * waits and throws as that of the tokens.
     */
    public Iterable<Event> events() {
        return () -> new Waiting<>(TokenStream::event);
    }

    /**
     * All events that were not read yet, as {@link #events} gives them, each with the time at which
     * it arrived, however late it is read.
     */
    public Iterable<TimedEvent> timedEvents() {
        return () -> new Waiting<>(this::timed);
    }

    /**
     * Calls {@code reader} with each token until it returns false, which cancels the stream, or
     * throws. Returns whether the stream was heard to its end.
     */
    public boolean forEachToken(Predicate<Token> reader) {
        boolean whole = false;
        try {
            for (Token token : this) {
                if (!reader.test(token)) {
                    return false;
                }
            }
            whole = true;
        } finally {
            if (!whole) {
                close();
            }
        }
        return true;
    }

    // The whole

    /** Waits for the end; the whole text, what was read before included. */
    public String text() {
        return finalMessage().text();
    }

    /** Waits for the end; the whole message with its tool calls. */
    public Answer finalMessage() {
        awaitEnd();
        if (gathered.overflowed()) {
            throw exception(
                    Failure.of(
                            FailureCode.UNSUPPORTED,
                            "the answer is larger than what is kept of it (maxKeptBytes); read it"
                                    + " token by token"),
                    null);
        }
        return gathered.answer();
    }

    /** Waits for the end; the tools that the model wants run. */
    public List<AnswerBlock> toolCalls() {
        return finalMessage().blocks().stream()
                .filter(block -> block.kind() == BlockKind.TOOL_USE)
                .toList();
    }

    private void awaitEnd() {
        if (!subscribed.get()) {
            while (next().isPresent()) {
                // What comes is gathered.
            }
            return;
        }
        try {
            throwIfFailed(buffer.awaitEnd());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    // At any time

    /** The text up to now. */
    public String textSoFar() {
        return gathered.answer().text();
    }

    /**
     * The tokens of prompt and answer up to now; counted here, and marked as estimated, where the
     * server has not told them.
     */
    public Usage usage() {
        return gathered.usage();
    }

    /** Why the message ended, once it has. */
    public Optional<StopReason> stopReason() {
        return gathered.stopReason();
    }

    /** Time to the first token, between tokens, tokens per second: up to now. */
    public StreamMetrics metrics() {
        return gathered.metrics(System.nanoTime());
    }

    /** What the model's server could not be told as it was asked, such as {@code dropped=top_k}. */
    public List<String> warnings() {
        return warnings;
    }

    // The end

    /**
     * Cancels the stream: the model stops, and whoever reads gets {@link
     * SluiceException.Cancelled}.
     */
    public void cancel() {
        exchange.cancel("by its reader");
    }

    /** Cancels the stream if it has not ended. */
    @Override
    public void close() {
        if (buffer.ending().isEmpty()) {
            cancel();
        }
    }

    // As a publisher

    /**
     * Hands the tokens over as they are asked for. One subscriber is served; another one gets an
     * {@link IllegalStateException}. Signals come one at a time, on a virtual thread.
     */
    @Override
    public void subscribe(Flow.Subscriber<? super Token> subscriber) {
        subscribe(subscriber, this::token);
    }

    /** The events as a publisher, for one subscriber; instead of the tokens. */
    public Flow.Publisher<Event> eventPublisher() {
        return subscriber -> subscribe(subscriber, TokenStream::event);
    }

    private <T> void subscribe(
            Flow.Subscriber<? super T> subscriber, Function<Arrival, Optional<T>> map) {
        Objects.requireNonNull(subscriber, "subscriber");
        if (subscribed.compareAndSet(false, true)) {
            new StreamSubscription<>(this, buffer, subscriber, map).start();
        } else {
            StreamSubscription.refuse(
                    subscriber,
                    new IllegalStateException("the stream has a subscriber (expected: one)"));
        }
    }

    // What all ways share

    private Optional<Token> token(Arrival arrival) {
        if (arrival.event() instanceof Event.Delta(_, Event.DeltaKind kind, var text)
                && kind == Event.DeltaKind.TEXT
                && !text.isEmpty()) {
            return Optional.of(
                    new Token(text.toString(), delivered++, gathered.at(arrival.nanos())));
        }
        return Optional.empty();
    }

    private static Optional<Event> event(Arrival arrival) {
        return Optional.of(arrival.event());
    }

    private Optional<TimedEvent> timed(Arrival arrival) {
        return Optional.of(new TimedEvent(arrival.event(), gathered.at(arrival.nanos())));
    }

    /** The next event, as soon as there is one; empty at the end. */
    private Optional<Arrival> next() {
        if (subscribed.get()) {
            throw new IllegalStateException("the stream has a subscriber, who reads it");
        }
        try {
            Optional<Arrival> next = buffer.take();
            if (next.isEmpty()) {
                buffer.ending().ifPresent(this::throwIfFailed);
            }
            return next;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private SluiceException interrupted() {
        Thread.currentThread().interrupt();
        exchange.cancel("because its reader was interrupted");
        return exception(buffer.ending().orElse(Ending.WHOLE));
    }

    private void throwIfFailed(Ending ending) {
        if (ending.failure() != null) {
            throw exception(ending);
        }
    }

    /** The exception for an ending that is a failure. */
    SluiceException exception(Ending ending) {
        Failure failure = ending.failure();
        return exception(
                failure == null
                        ? Failure.of(FailureCode.CANCELLED, "the reader was interrupted")
                        : failure,
                ending.accident());
    }

    private SluiceException exception(Failure failure, @Nullable Throwable cause) {
        return SluiceException.of(failure, gathered.answer(), cause);
    }

    /** Waits for what {@code map} makes of the events. */
    private final class Waiting<T> implements Iterator<T> {
        private final Function<Arrival, Optional<T>> map;
        private Optional<T> ready = Optional.empty();
        private boolean ended;

        Waiting(Function<Arrival, Optional<T>> map) {
            this.map = map;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && !ended) {
                Optional<Arrival> next = TokenStream.this.next();
                ended = next.isEmpty();
                ready = next.flatMap(map);
            }
            return ready.isPresent();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the stream has ended");
            }
            T token = ready.orElseThrow();
            ready = Optional.empty();
            return token;
        }
    }
}
