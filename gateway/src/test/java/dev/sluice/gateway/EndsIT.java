package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.gateway.exchange.Timeouts;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whatever mix of ends exchanges come to, each ends once, and nothing counts as open afterwards.
 */
@Tag("R61")
@Tag("slow")
class EndsIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final int EXCHANGES = 300;
    private static final int SLOTS = 24;

    /** Short where a test waits for it, long where a busy machine must not meet it. */
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1), WAIT);

    /** What an upstream makes of a request. */
    private enum Fate {
        COMPLETE,
        UNAVAILABLE,
        REFUSED,
        WEB_PAGE,
        RESET,
        CLOSED,
        SILENT,
        SILENT_AFTER_THE_HEAD,
        ERROR_MIDWAY,
        RESET_MIDWAY,
        ENDED_MIDWAY,
        SILENT_MIDWAY,
        NONSENSE;

        Script script(Tongue tongue, boolean streamed) {
            byte[] begun = tongue.begun("one");
            return switch (this) {
                case COMPLETE ->
                        streamed
                                ? tongue.head().send(tongue.stream("one", "two"))
                                : Script.json(200, tongue.whole("one"));
                case UNAVAILABLE -> Script.json(503, tongue.error("overloaded_error", "later"));
                case REFUSED -> Script.json(400, tongue.error("invalid_request_error", "no"));
                case WEB_PAGE -> Script.html(200);
                case RESET -> Script.resetAtOnce();
                case CLOSED -> Script.closeAtOnce();
                case SILENT -> Script.silent();
                case SILENT_AFTER_THE_HEAD -> tongue.head().sendHead().hold();
                case ERROR_MIDWAY ->
                        tongue.head().send(tongue.failing("api_error", "oh", "one")).hold();
                case RESET_MIDWAY -> tongue.head().send(begun).reset();
                case ENDED_MIDWAY -> tongue.head().send(begun).endAndClose();
                case SILENT_MIDWAY -> tongue.head().send(begun).hold();
                case NONSENSE -> tongue.head().send("data: {\"x\n\n").send(begun).hold();
            };
        }
    }

    /** What a client does about it. */
    private enum Patience {
        READS_ALL,
        READS_ALL_TOO,
        READS_A_BIT,
        RESETS_AT_ONCE,
        RESETS_SOON,
        HALF_CLOSES;

        void with(RawClient client, SplittableRandom random) {
            switch (this) {
                case READS_ALL, READS_ALL_TOO -> client.response().drain();
                case READS_A_BIT -> {
                    RawResponse response = client.response();
                    if (!response.isAtEnd()) {
                        response.read();
                    }
                    client.reset();
                }
                case RESETS_AT_ONCE -> client.reset();
                case RESETS_SOON -> {
                    client.deadline(Duration.ofMillis(random.nextInt(1, 500)));
                    try {
                        client.response().drain();
                    } catch (AssertionError notInTime) {
                        client.reset();
                    }
                }
                case HALF_CLOSES -> {
                    client.halfClose();
                    client.awaitEnd();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void leaveNothingOpen(Tongue upstream) {
        long seed = Splits.seed();
        SplittableRandom random = new SplittableRandom(seed);
        try (FakeUpstream first = fated(upstream, 0);
                FakeUpstream second = fated(upstream, 1);
                TestGateway gateway = gateway(upstream, first, second)) {
            runMany(gateway, random.split(), seed);
            assertQuiet(gateway, seed);
            assertEachEndedOnce(gateway, seed);
            assertAllSlotsAreFree(gateway, seed);
            shutDownInTheMiddle(gateway, upstream, seed);
        }
    }

    private static TestGateway gateway(Tongue spoken, FakeUpstream first, FakeUpstream second) {
        TestGateway.Setup setup =
                TestGateway.setup()
                        .config(
                                c ->
                                        c.toBuilder()
                                                .limits(c.limits().withStreams(SLOTS))
                                                .keepalive(Duration.ofMillis(50))
                                                .shutdown(Duration.ofMillis(200))
                                                .build())
                        .timeouts(TIMEOUTS);
        spoken.upstream(setup, first.uri());
        return spoken.upstream(setup, second.uri()).start();
    }

    /**
     * An upstream that finds in the prompt what to do: the first word is for the first upstream.
     */
    private static FakeUpstream fated(Tongue tongue, int place) {
        return FakeUpstream.start()
                .deadline(WAIT)
                .otherwise(request -> script(tongue, place, request));
    }

    private static Script script(Tongue tongue, int place, UpstreamRequest request) {
        String text = request.text();
        if (text.contains("fates:none;")) {
            byte[] one = tongue.text("one");
            return tongue.head()
                    .send(tongue.preamble())
                    .endlessFrames(Duration.ofMillis(50), _ -> one);
        }
        int at = text.indexOf("fates:") + "fates:".length();
        String[] fates = text.substring(at, text.indexOf(';', at)).split(",", -1);
        return Fate.valueOf(fates[place]).script(tongue, tongue.isAskedToStream(request));
    }

    private static void runMany(TestGateway gateway, SplittableRandom random, long seed) {
        AtomicInteger left = new AtomicInteger(EXCHANGES);
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int i = 0; i < SLOTS; i++) {
            SplittableRandom own = random.split();
            CompletableFuture<Void> done = new CompletableFuture<>();
            workers.add(done);
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    while (left.getAndDecrement() > 0) {
                                        runOne(gateway.port(), own);
                                    }
                                    done.complete(null);
                                } catch (Throwable e) {
                                    done.completeExceptionally(e);
                                }
                            });
        }
        for (CompletableFuture<Void> worker : workers) {
            Eventually.completes(WAIT.multipliedBy(2), "a worker, seed " + seed, worker);
        }
    }

    private static void runOne(int port, SplittableRandom random) {
        Tongue tongue = any(Tongue.values(), random);
        String prompt =
                "fates:" + any(Fate.values(), random) + "," + any(Fate.values(), random) + ";";
        boolean streamed = random.nextInt(4) > 0;
        try (RawClient client = RawClient.connect(port).deadline(WAIT)) {
            client.send(tongue.request(streamed, prompt));
            any(Patience.values(), random).with(client, random);
        }
    }

    private static <T> T any(T[] all, SplittableRandom random) {
        return all[random.nextInt(all.length)];
    }

    private static void assertQuiet(TestGateway gateway, long seed) {
        Eventually.within(
                WAIT,
                "nothing is in flight, seed " + seed,
                () -> gateway.inFlight() == 0 && gateway.gateway().running() == 0);
    }

    private static void assertEachEndedOnce(TestGateway gateway, long seed) {
        List<ExchangeRecord> records = gateway.records();
        assertThat(gateway.ended()).as("seed %d", seed).isEqualTo(gateway.started());
        assertThat(records.stream().map(ExchangeRecord::outcome))
                .as("seed %d", seed)
                .contains(Outcome.values());
        assertThat(records.stream().map(ExchangeRecord::requestId))
                .as("seed %d", seed)
                .doesNotHaveDuplicates();
    }

    /** All of them can be taken at once, and not one more. */
    private static void assertAllSlotsAreFree(TestGateway gateway, long seed) {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < SLOTS; i++) {
                RawClient client = RawClient.connect(gateway.port()).deadline(WAIT);
                clients.add(client);
                int status = client.exchange(lasting()).status();
                assertThat(status).as("stream %d, seed %d", i, seed).isEqualTo(200);
            }
            try (RawClient oneMore = RawClient.connect(gateway.port())) {
                assertThat(oneMore.exchange(lasting()).status()).isEqualTo(503);
            }
        } finally {
            clients.forEach(RawClient::reset);
        }
        assertQuiet(gateway, seed);
    }

    private static RawRequest lasting() {
        return Tongue.CHAT.request(true, "fates:none;");
    }

    private static void shutDownInTheMiddle(TestGateway gateway, Tongue upstream, long seed) {
        List<RawClient> clients = new ArrayList<>();
        try {
            int before = gateway.started();
            for (int i = 0; i < SLOTS; i++) {
                Fate fate = i % 2 == 0 ? Fate.SILENT_MIDWAY : Fate.SILENT;
                RawClient client = RawClient.connect(gateway.port()).deadline(WAIT);
                clients.add(client);
                client.send(upstream.request(i % 3 > 0, "fates:" + fate + "," + fate + ";"));
            }
            Eventually.within(WAIT, "all have begun", () -> gateway.started() == before + SLOTS);
            gateway.gateway().stop();
            assertThat(gateway.inFlight()).as("seed %d", seed).isZero();
            assertThat(gateway.ended()).as("seed %d", seed).isEqualTo(gateway.started());
        } finally {
            clients.forEach(RawClient::close);
        }
    }
}
