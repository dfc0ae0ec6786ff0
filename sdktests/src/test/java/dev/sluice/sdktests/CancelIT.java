package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Tag;

import java.time.Duration;

/** A library that has heard enough, or waits no longer: the upstream is told at once. */
class CancelIT {
    /** The requirement is 100 ms; the rest is for a machine that is busy with other builds. */
    private static final long LIMIT_MILLIS = 100 + 1900;

    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Question QUESTION = Question.of("Tell me everything.");

    private static Script endless(Pair pair) {
        ChatEvents chat = ChatEvents.of("chatcmpl-n", "gpt-5-mini");
        AnthropicEvents message = AnthropicEvents.of("msg_n", "claude-sonnet-4-5");
        return switch (pair.upstream()) {
            case OPENAI ->
                    Script.stream()
                            .send(chat.role())
                            .endless(Duration.ofMillis(5), i -> chat.text("t" + i + " "));
            case ANTHROPIC ->
                    Script.stream()
                            .send(message.start(9) + message.textStart(0))
                            .endless(Duration.ofMillis(5), i -> message.text(0, "t" + i + " "));
        };
    }

    private static void gone(Rig rig, long left) {
        long took = rig.upstream().request().awaitPeerClose(SOON).millisSince(left);
        assertThat(took).isLessThan(LIMIT_MILLIS);
        assertThat(rig.gateway().nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(rig.gateway().inFlight()).isZero();
        Eventually.within(SOON, () -> rig.upstream().openConnections() == 0);
    }

    @InAllPairs
    @Tag("R16")
    void inTheMiddleOfAStream(Pair pair) {
        try (Rig rig = Rig.of(pair, endless(pair))) {
            long left;
            try (Sdk.Hearing hearing = rig.sdk().open(QUESTION)) {
                while (!hearing.text().startsWith("t0 t1 t2")) {
                    assertThat(hearing.next()).isTrue();
                }
                left = System.nanoTime();
            }
            gone(rig, left);
        }
    }

    @InAllWays
    @Tag("R16")
    void beforeTheHead(Way way) {
        try (Rig rig = Rig.of(way.pair(), Script.silent())) {
            timesOut(way, rig);
        }
    }

    @InAllWays
    @Tag("R16")
    void beforeTheFirstToken(Way way) {
        try (Rig rig = Rig.of(way.pair(), Script.stream().sendHead().hold())) {
            timesOut(way, rig);
        }
    }

    /** The whole of an answer is asked for, and the upstream is still telling it. */
    @InAllPairs
    @Tag("R16")
    void inTheMiddleOfAnAnswerThatIsNotStreamed(Pair pair) {
        Script script =
                pair.isSame()
                        ? Script.status(200)
                                .header("content-type", "application/json")
                                .send("{\"id\":")
                                .hold()
                        : endless(pair);
        try (Rig rig = Rig.of(pair, script)) {
            timesOut(new Way(pair, false), rig);
        }
    }

    private static void timesOut(Way way, Rig rig) {
        assertThatThrownBy(
                        () -> {
                            if (way.streamed()) {
                                rig.sdk().open(QUESTION, PATIENCE).close();
                            } else {
                                rig.sdk().ask(QUESTION, PATIENCE);
                            }
                        })
                .hasMessageContaining("failed");
        gone(rig, System.nanoTime());
    }
}
