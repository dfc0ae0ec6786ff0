package dev.sluice.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.Text;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.request.Request;
import dev.sluice.dialect.Dialects;
import dev.sluice.testkit.LogCapture;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Orders of events that real upstreams and clients bring about rarely. */
class ExchangeTest {
    private static final Dialect CHAT = Dialects.find("openai-chat").orElseThrow();
    private static final Dialect MESSAGES = Dialects.find("anthropic").orElseThrow();
    private static final Dialect RESPONSES = Dialects.find("openai-responses").orElseThrow();
    private static final Failure BROKEN = Failure.of(FailureCode.UPSTREAM_BROKEN, "it broke off");
    private static final long KEEPALIVE = ExchangeSettings.DEFAULT.keepalive().toMillis();

    private final ManualLoop loop = new ManualLoop();
    private final PaperClient client = new PaperClient();
    private final ScriptedProvider first = ScriptedProvider.ofEvents("first");
    private final ScriptedProvider second = ScriptedProvider.ofEvents("second");
    private final List<ExchangeRecord> records = new ArrayList<>();

    private static ClientCall call(Dialect dialect, Operation operation, String body) {
        Call call = new Call(operation, "", Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
        Request request =
                operation == Operation.COUNT_TOKENS
                        ? dialect.decodeCountRequest(call)
                        : dialect.decodeRequest(call);
        return new ClientCall("req_1", "x1", "alice", dialect, operation, call, request, false);
    }

    private static ClientCall chat() {
        return call(
                CHAT,
                Operation.GENERATE,
                """
                {"model": "m", "stream": true, "seed": 7,
                 "messages": [{"role": "user", "content": "hi"}]}\
                """);
    }

    private Exchange started(ClientCall call, Candidate... candidates) {
        Exchange exchange =
                new Exchange(
                        call,
                        loop,
                        client,
                        List.of(candidates),
                        ExchangeSettings.DEFAULT,
                        Departure.USUAL,
                        new ExchangeListener() {
                            @Override
                            public void onStarted() {}

                            @Override
                            public void onEnded(ExchangeRecord record) {
                                records.add(record);
                            }
                        });
        exchange.start();
        return exchange;
    }

    private static Event start(Usage usage) {
        return new Event.MessageStart("msg_1", "m", 0, usage);
    }

    private static Event text(String text) {
        return new Event.Delta(0, Event.DeltaKind.TEXT, Text.of(text));
    }

    private static void answer(Receiver receiver, Usage usage) {
        receiver.onEvent(start(Usage.NONE));
        receiver.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        receiver.onEvent(text("fine"));
        receiver.onEvent(new Event.BlockStop(0));
        receiver.onEvent(new Event.MessageDelta(StopReason.END_TURN, null, usage));
        receiver.onEvent(Event.STOP);
    }

    /** A bare completion has no place for thinking, which may take minutes. */
    @Test
    @Tag("R59")
    void keepsTheClientAliveWhileNothingThatComesIsForIt() {
        started(
                call(
                        CHAT,
                        Operation.COMPLETE,
                        """
                        {"model": "m", "stream": true, "prompt": "hi"}\
                        """),
                first.candidate(0));
        Receiver upstream = first.attempt(1).says();
        upstream.onEvent(start(Usage.NONE));
        upstream.onEvent(Event.BlockStart.of(0, BlockKind.THINKING));
        for (int i = 0; i < 4; i++) {
            upstream.onEvent(new Event.Delta(0, Event.DeltaKind.THINKING, Text.of("hmm")));
            loop.advance(KEEPALIVE / 2);
        }
        assertThat(client.read()).startsWith(": ping\n\n");
    }

    /** What an upstream says before its first content is told before its failure, if anything. */
    @Test
    @Tag("R52")
    void tellsAFailureAfterTheStartThatItBelongsTo() {
        started(
                call(
                        RESPONSES,
                        Operation.GENERATE,
                        """
                        {"model": "m", "stream": true, "input": "hi"}\
                        """),
                first.candidate(0));
        Receiver upstream = first.attempt(1).says();
        upstream.onEvent(start(Usage.NONE));
        loop.advance(KEEPALIVE + 1);
        upstream.onFailure(BROKEN);
        assertThat(client.read()).containsSubsequence("response.created", "event: error");
        assertThat(client.ends()).isEqualTo(1);
    }

    @Test
    @Tag("R24")
    void pausesTheNextUpstreamForAClientThatDoesNotRead() {
        started(chat(), first.candidate(0), second.candidate(0));
        loop.advance(KEEPALIVE + 1);
        client.stall();
        first.attempt(1).says().onEvent(start(Usage.NONE));
        assertThat(first.attempt(1).isPaused()).isTrue();
        first.attempt(1).says().onFailure(BROKEN);
        Receiver next = second.attempt(1).says();
        next.onEvent(start(Usage.NONE));
        assertThat(second.attempt(1).isPaused()).isTrue();
    }

    @Test
    @Tag("R30")
    void recordsTheUsageOfTheAnswerAndNotOfATryThatFailed() {
        started(chat(), first.candidate(0), second.candidate(0));
        Receiver failing = first.attempt(1).says();
        failing.onEvent(start(Usage.of(100, 7, Usage.UNKNOWN, 1, 0)));
        failing.onFailure(BROKEN);
        answer(second.attempt(1).says(), Usage.of(20, Usage.UNKNOWN, Usage.UNKNOWN, 3, 0));
        assertThat(records.getFirst().usage())
                .isEqualTo(Usage.of(20, Usage.UNKNOWN, Usage.UNKNOWN, 3, 0));
    }

    @Test
    void warnsOfWhatTheAnsweringUpstreamCannotTakeAlone() {
        ScriptedProvider anthropic = ScriptedProvider.of("anthropic", MESSAGES);
        started(chat(), anthropic.candidate(0), second.candidate(0));
        anthropic.attempt(1).says().onFailure(BROKEN);
        answer(second.attempt(1).says(), Usage.NONE);
        assertThat(client.headers().get("x-gateway-warnings")).isEmpty();
        assertThat(records.getFirst().warnings()).isEmpty();
    }

    @Test
    void recordsAnEstimateAsNobodysFrames() {
        ScriptedProvider anthropic = ScriptedProvider.of("anthropic", MESSAGES);
        started(
                call(
                        MESSAGES,
                        Operation.COUNT_TOKENS,
                        """
                        {"model": "m", "messages": [{"role": "user", "content": "hi"}]}\
                        """),
                anthropic.candidate(0),
                second.candidate(0));
        anthropic.attempt(1).says().onFailure(BROKEN);
        assertThat(client.read()).contains("input_tokens");
        assertThat(records.getFirst().relayed()).isFalse();
    }

    /** Nothing works any more, and still the place of the exchange is given back. */
    @Test
    @Tag("R22")
    void endsEvenWhenItsClientCannotBeCut() {
        try (LogCapture log = LogCapture.start()) {
            started(chat(), first.candidate(0));
            Receiver upstream = first.attempt(1).says();
            upstream.onEvent(start(Usage.NONE));
            client.breakDown();
            upstream.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
            upstream.onEvent(text("one"));
            assertThat(log.text()).contains("the way to the client is broken");
        }
        assertThat(records).hasSize(1);
        assertThat(first.attempt(1).isCancelled()).isTrue();
        assertThat(loop.timers()).isZero();
    }

    @Test
    @Tag("R22")
    void endsWhenAClientThatReadsTooSlowlyCannotBeCut() {
        try (LogCapture log = LogCapture.start()) {
            started(chat(), first.candidate(0));
            Receiver upstream = first.attempt(1).says();
            client.stall();
            upstream.onEvent(start(Usage.NONE));
            upstream.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
            upstream.onEvent(text("one"));
            assertThat(first.attempt(1).isPaused()).isTrue();
            client.breakDown();
            loop.advance(ExchangeSettings.DEFAULT.slowReader().toMillis() + 1);
            assertThat(log.text()).contains("the way to the client is broken");
        }
        assertThat(records).hasSize(1);
        assertThat(records.getFirst().failure().orElseThrow().code())
                .isEqualTo(FailureCode.SLOW_READER);
        assertThat(loop.timers()).isZero();
    }
}
