package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Head;

import java.util.function.Consumer;

/** Chooses how the body of an answer is read, once, by what was asked and the head that came. */
final class Readers {
    private final Exchange exchange;
    private final Attempt attempt;
    private final EventSink events;
    private final Dialect dialect;
    private final Head head;
    private final DecodeContext context;

    private Readers(
            Exchange exchange, Attempt attempt, EventSink events, Dialect dialect, Head head) {
        this.exchange = exchange;
        this.attempt = attempt;
        this.events = events;
        this.dialect = dialect;
        this.head = head;
        this.context =
                new DecodeContext(
                        attempt.candidate().target().quirks(), exchange.client().sameDialect());
    }

    /**
     * A reader of the body behind {@code head}.
     *
     * @param events where events go if the body is read as such
     * @throws dev.sluice.core.failure.FailureException when it cannot be an answer
     */
    static BodyReader of(
            Exchange exchange, Attempt attempt, EventSink events, Dialect dialect, Head head) {
        return new Readers(exchange, attempt, events, dialect, head).choose();
    }

    private BodyReader choose() {
        if (!head.isSuccess()) {
            return new ErrorReader(attempt, dialect, head);
        }
        Operation operation = exchange.call().operation();
        if (operation == Operation.EMBED) {
            return whole(this::embeddings);
        }
        if (operation == Operation.COUNT_TOKENS && !attempt.isRelay()) {
            return whole(this::count);
        }
        if (!operation.generates()) {
            return whole(exchange.ending()::reply);
        }
        if (head.mediaType().equals("text/html")) {
            throw webPage().asException();
        }
        if (!attempt.candidate().target().stream()) {
            return whole(this::verbatim);
        }
        boolean document = isDocument();
        if (document && !dialect.streamsJson()) {
            return whole(body -> dialect.decodeAnswer(body, context, events));
        }
        return attempt.isRelay() && !document ? relay() : translate();
    }

    /** Lines of JSON are often called JSON. */
    private boolean isDocument() {
        return head.mediaType().equals("application/json")
                && !dialect.streamContentType().contains("json");
    }

    private BodyReader whole(Consumer<byte[]> body) {
        return new WholeReader(attempt, exchange.settings().maxAnswerBytes(), body);
    }

    private BodyReader relay() {
        return new RelayReader(
                exchange,
                attempt,
                dialect.frames(exchange.settings().maxEventBytes()),
                dialect.tap(exchange.call().request().includeUsage()));
    }

    private BodyReader translate() {
        return new TranslateReader(
                attempt,
                dialect.frames(exchange.settings().maxEventBytes()),
                dialect.decoder(context),
                events);
    }

    private void count(byte[] body) {
        long tokens =
                dialect.decodeCount(body)
                        .orElseThrow(
                                () ->
                                        Failure.of(
                                                        FailureCode.UPSTREAM_BROKEN,
                                                        "the upstream's answer has no count of"
                                                                + " tokens")
                                                .asException());
        exchange.ending().counted(tokens);
    }

    private void embeddings(byte[] body) {
        exchange.ending().embedded(dialect.decodeEmbeddings(body), attempt.isRelay() ? body : null);
    }

    /** A whole answer that is the client's already. */
    private void verbatim(byte[] body) {
        Accumulator tap = new Accumulator(exchange.settings().maxAnswerBytes());
        dialect.decodeAnswer(body, context, tap);
        if (tap.failure().isPresent()) {
            attempt.failed(tap.failure().get());
            return;
        }
        exchange.ending().reply(body, tap.answer());
    }

    private Failure webPage() {
        return Failure.of(
                FailureCode.UPSTREAM_BROKEN,
                "the upstream answered with a web page where a model's answer was expected; check"
                        + " the URL of provider `"
                        + attempt.candidate().provider().name()
                        + "`");
    }
}
