package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Split;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.SseReader;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.FoldedAnswer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A million events against a clock that has a sign of life to send every millisecond: whatever
 * falls between two pieces of an event, nothing falls into it.
 */
@Tag("R25")
@Tag("slow")
class KeepaliveRaceIT {
    private static final Duration WAIT = Duration.ofMinutes(4);
    private static final int STREAMS = 25;
    private static final int TOKENS = 10_000;
    private static final int KINDS = 5;

    static Stream<Pair> pairs() {
        return Pair.some();
    }

    /** A quarter of the million, for each pair. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void signsOfLifeStandBetweenEvents(Pair pair) {
        long seed = Splits.seed();
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        List<Split> answers = answers(pair.upstream(), random, text);
        AtomicInteger next = new AtomicInteger();
        AtomicLong signs = new AtomicLong();
        try (Rig rig = Rig.before(pair.upstream(), KeepaliveRaceIT::eachMillisecond)) {
            rig.upstream()
                    .deadline(WAIT)
                    .otherwise(
                            _ ->
                                    pair.upstream()
                                            .head()
                                            .send(
                                                    answers.get(next.getAndIncrement() % KINDS),
                                                    Duration.ofMillis(5)));
            List<CompletableFuture<FoldedAnswer>> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                streams.add(heard(rig, pair.client(), signs));
            }
            for (CompletableFuture<FoldedAnswer> stream : streams) {
                FoldedAnswer answer = Eventually.completes(WAIT, "a stream, seed " + seed, stream);
                assertThat(answer.isComplete()).as("seed %d", seed).isTrue();
                assertThat(answer.text().contentEquals(text)).as("seed %d", seed).isTrue();
            }
        }
        if (pair.client() == Tongue.OLLAMA) {
            // It has no sign that means nothing.
            assertThat(signs.get()).isZero();
        } else {
            // Without them this would be no race.
            assertThat(signs.get()).isGreaterThan(STREAMS);
        }
    }

    /** The same where what is written is kept for those who come back. */
    @Test
    void signsOfLifeStandBetweenTheEventsOfAStreamThatIsKept() {
        long seed = Splits.seed();
        StringBuilder text = new StringBuilder();
        List<Split> answers = answers(Tongue.CHAT, new SplittableRandom(seed), text);
        AtomicInteger next = new AtomicInteger();
        int signs = 0;
        try (Rig rig = Rig.before(Tongue.CHAT, KeepaliveRaceIT::eachMillisecond)) {
            rig.upstream()
                    .deadline(WAIT)
                    .otherwise(
                            _ ->
                                    Tongue.CHAT
                                            .head()
                                            .send(
                                                    answers.get(next.getAndIncrement() % KINDS),
                                                    Duration.ofMillis(5)));
            for (int i = 0; i < KINDS; i++) {
                try (RawClient raw = rig.connect().deadline(WAIT)) {
                    SseReader stream =
                            raw.exchange(RawRequest.get("/stream?prompt=hi")).lenientEvents();
                    StringBuilder heard = new StringBuilder();
                    long number = 0;
                    SseEvent event = stream.take();
                    while (event.json().path("type").asString("").equals("token")) {
                        assertThat(event.json().path("token_num").asLong()).isEqualTo(++number);
                        heard.append(event.json().path("text").asString(""));
                        event = stream.take();
                    }
                    assertThat(event.json().path("type").asString("")).isEqualTo("done");
                    assertThat(heard.compareTo(text)).as("seed %d", seed).isZero();
                    assertThat(stream.next()).isEmpty();
                    signs += stream.comments().size();
                }
            }
        }
        assertThat(signs).isGreaterThan(KINDS);
    }

    private static TestGateway.Setup eachMillisecond(TestGateway.Setup setup) {
        return setup.config(c -> c.toBuilder().keepalive(Duration.ofMillis(1)).build());
    }

    /** The same stream, cut in several ways: hardly ever between two events. */
    private static List<Split> answers(
            Tongue upstream, SplittableRandom random, StringBuilder text) {
        String[] tokens = new String[TOKENS];
        for (int i = 0; i < TOKENS; i++) {
            tokens[i] = "t" + i + " ";
            text.append(tokens[i]);
        }
        byte[] bytes = upstream.stream(tokens);
        List<Split> splits = new ArrayList<>();
        for (int i = 0; i < KINDS; i++) {
            splits.add(Splits.sized(bytes, random.nextInt(bytes.length / 400, bytes.length / 100)));
        }
        return splits;
    }

    private static CompletableFuture<FoldedAnswer> heard(Rig rig, Tongue client, AtomicLong signs) {
        CompletableFuture<FoldedAnswer> heard = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (RawClient raw = rig.connect().deadline(WAIT)) {
                                byte[] body = raw.exchange(client.request()).body();
                                signs.addAndGet(client.signsOfLife(body));
                                heard.complete(client.judge(body));
                            } catch (Throwable e) {
                                heard.completeExceptionally(e);
                            }
                        });
        return heard;
    }
}
