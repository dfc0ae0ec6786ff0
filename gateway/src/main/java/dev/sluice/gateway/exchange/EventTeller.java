package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StreamGrammar;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

import org.jspecify.annotations.Nullable;

/**
 * Takes the events of one try: holds them to their legal order, notes what they say of the answer,
 * and has the client told, event by event or, where it wants no stream, all at the end.
 */
final class EventTeller implements EventSink {
    private final Exchange exchange;
    private final Attempt attempt;
    private final ClientStream client;
    private final Tally tally;
    private final boolean counting;
    private final @Nullable Accumulator accumulator;
    private final StreamGrammar grammar = new StreamGrammar();

    EventTeller(Exchange exchange, Attempt attempt) {
        this.exchange = exchange;
        this.attempt = attempt;
        this.client = exchange.client();
        this.tally = exchange.tally();
        ClientCall call = client.call();
        this.counting = call.operation() == Operation.COUNT_TOKENS;
        this.accumulator =
                call.streamed() ? null : new Accumulator(exchange.settings().maxAnswerBytes());
    }

    @Override
    public void onEvent(Event event) {
        if (attempt.isDone()) {
            return;
        }
        if (!grammar.accept(event)) {
            attempt.failed(
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream's stream is out of order: " + grammar.violation()));
        } else if (counting) {
            count(event);
        } else {
            take(event);
        }
    }

    private void take(Event event) {
        switch (event) {
            case Event.Delta delta -> {
                if (!delta.text().isEmpty()) {
                    exchange.content();
                }
                tell(event);
            }
            case Event.Failed failed -> attempt.failed(failed.failure());
            case Event.MessageStart message -> {
                tally.usage(message.usage());
                tell(event);
            }
            case Event.BlockStart block -> {
                if (isContent(block.kind())) {
                    exchange.content();
                }
                if (block.kind() == BlockKind.OPAQUE && !client.sameDialect()) {
                    client.lose("content_block");
                }
                tell(event);
            }
            case Event.Annotation _ -> {
                exchange.commit();
                tell(event);
            }
            case Event.MessageDelta delta -> {
                tally.usage(delta.usage());
                tally.stopReason(delta.stopReason());
                tell(event);
            }
            case Event.MessageStop _ -> {
                exchange.commit();
                tell(event);
                complete();
            }
            case Event.BlockStop _ -> tell(event);
            case Event.Ping _ -> ping();
        }
    }

    private static boolean isContent(BlockKind kind) {
        return switch (kind) {
            case TOOL_USE, REDACTED_THINKING, OPAQUE -> true;
            case TEXT, THINKING, REFUSAL -> false;
        };
    }

    private void tell(Event event) {
        if (accumulator == null) {
            client.write(event);
        } else {
            accumulator.onEvent(event);
            accumulator.failure().ifPresent(exchange.ending()::fail);
        }
    }

    private void ping() {
        if (client.isStarted()) {
            client.write(Event.PING);
        }
    }

    private void complete() {
        boolean upstreamDone = !attempt.isCutByEmulation();
        if (accumulator == null) {
            exchange.ending().complete(upstreamDone);
        } else {
            exchange.ending().complete(accumulator.answer(), upstreamDone);
        }
    }

    /** A provider inside the process counts the tokens of a prompt. */
    private void count(Event event) {
        switch (event) {
            case Event.MessageDelta count -> tally.usage(count.usage());
            case Event.MessageStop _ -> exchange.ending().counted();
            case Event.Failed failed -> attempt.failed(failed.failure());
            case Event.BlockStart _,
                    Event.Delta _,
                    Event.Annotation _,
                    Event.BlockStop _,
                    Event.MessageStart _,
                    Event.Ping _ -> {}
        }
    }
}
