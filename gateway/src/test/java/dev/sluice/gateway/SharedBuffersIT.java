package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.event.Event;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.provider.Head;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.LogCapture;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.stream.FoldedAnswer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The streams of a loop share buffers, and none ever sees what is another's. Every buffer is spoilt
 * as soon as it is given back, every client has a canary of its own, and the network library tells
 * of each buffer that nobody gave back.
 */
@Tag("R19")
@Tag("slow")
class SharedBuffersIT {
    private static final Duration WAIT = Duration.ofSeconds(90);
    private static final int STREAMS = 200;
    private static final int TOKENS = 80;

    /** Stands in no UTF-8: whoever reads on in a buffer that is not his meets it. */
    private static final byte SPOILT = (byte) 0xfe;

    /** In a binary frame it may stand in a checksum; the judge holds whole frames to theirs. */
    private static final int CHECKSUM = 4;

    private static final Pattern CANARY = Pattern.compile("<canary-(\\d+)>");

    private ResourceLeakDetector.Level level;

    @BeforeEach
    void rememberTheLevel() {
        level = ResourceLeakDetector.getLevel();
    }

    @AfterEach
    void watchAsBefore() {
        ResourceLeakDetector.setLevel(level);
    }

    static Stream<Pair> pairs() {
        return Pair.some();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void nobodyReadsABufferThatWasGivenBack(Pair pair) {
        assertBuffersAreSpoilt();
        long seed = Splits.seed();
        try (LogCapture log = LogCapture.start();
                Rig rig =
                        Rig.before(
                                pair.upstream(),
                                setup ->
                                        setup.around(Spoiling::new)
                                                .config(
                                                        c ->
                                                                c.toBuilder()
                                                                        .keepalive(
                                                                                Duration.ofMillis(
                                                                                        20))
                                                                        .build()))) {
            // Not before: Vert.x turns it off when it is loaded.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
            rig.upstream()
                    .sendBuffer(16 << 10)
                    .deadline(WAIT)
                    .otherwise(request -> answer(pair.upstream(), request, seed));
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                clients.add(client(rig, pair.client(), i, seed));
            }
            for (CompletableFuture<Void> client : clients) {
                Eventually.completes(WAIT, "a client, seed " + seed, client);
            }
            Eventually.within(WAIT, "nothing runs", () -> rig.gateway().inFlight() == 0);
            assertNoBufferIsLost(log);
        }
    }

    /** The switch is the one that turns assertions on. */
    private static void assertBuffersAreSpoilt() {
        ByteBuilder buffer = new ByteBuilder().add("text");
        buffer.clear();
        assertThat(buffer.array()).startsWith(SPOILT, SPOILT, SPOILT, SPOILT);
    }

    /** Loses some on purpose, until one is told: then all that were lost before are too. */
    private static void assertNoBufferIsLost(LogCapture log) {
        Eventually.within(
                WAIT,
                "a lost buffer is told",
                () -> {
                    lose();
                    System.gc();
                    PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
                    return log.text().contains("lost on purpose");
                });
        // It may be told more than once; no other may be.
        assertThat(Stream.of(log.text().split("LEAK:", -1)).skip(1))
                .isNotEmpty()
                .allSatisfy(told -> assertThat(told).contains("lost on purpose"));
    }

    private static void lose() {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(16);
        buffer.touch("lost on purpose at " + System.nanoTime());
    }

    private static Script answer(Tongue tongue, UpstreamRequest request, long seed) {
        Matcher asked = CANARY.matcher(request.text());
        assertThat(asked.find()).isTrue();
        int number = Integer.parseInt(asked.group(1));
        byte[] bytes = tongue.stream(tokens(number, seed).toArray(String[]::new));
        SplittableRandom random = new SplittableRandom(seed ^ number);
        return tongue.head()
                .send(
                        Splits.sized(bytes, random.nextInt(100, 8_000)),
                        Duration.ofMillis(random.nextInt(4)));
    }

    /** Tokens of all lengths, with nothing in them but the canary. */
    private static List<String> tokens(int number, long seed) {
        SplittableRandom random = new SplittableRandom(seed + number);
        String canary = "<canary-" + number + ">é";
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < TOKENS; i++) {
            tokens.add(canary.repeat(1 << random.nextInt(8)));
        }
        return tokens;
    }

    private static CompletableFuture<Void> client(Rig rig, Tongue tongue, int number, long seed) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                listen(rig, tongue, number, seed);
                                done.complete(null);
                            } catch (Throwable e) {
                                done.completeExceptionally(e);
                            }
                        });
        return done;
    }

    private static void listen(Rig rig, Tongue tongue, int number, long seed) {
        try (RawClient client = RawClient.connect(rig.gateway().port(), 16 << 10).deadline(WAIT)) {
            client.send(tongue.request(true, "<canary-" + number + ">"));
            RawResponse response = client.response();
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            switch (number % 5) {
                case 0 -> {
                    read(response, body, new SplittableRandom(seed ^ number).nextInt(30_000));
                    client.reset();
                }
                case 1 -> {
                    response.readSlowly(20_000, Duration.ofMillis(500));
                    assertOwn(tongue, response.body(), number);
                }
                default -> {
                    response.drain(body);
                    FoldedAnswer answer = tongue.judge(body.toByteArray());
                    assertThat(answer.isComplete()).isTrue();
                    assertThat(answer.text()).isEqualTo(String.join("", tokens(number, seed)));
                }
            }
            assertOwn(tongue, body.toByteArray(), number);
        }
    }

    private static void read(RawResponse response, ByteArrayOutputStream body, int most) {
        while (body.size() < most && !response.isAtEnd()) {
            response.read().ifPresent(part -> body.writeBytes(part.bytes()));
        }
    }

    /** How many bytes in a row are such as stand in a buffer that was given back. */
    private static int longestRun(byte[] body) {
        int longest = 0;
        int run = 0;
        for (byte b : body) {
            run = b == SPOILT ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    private static void assertOwn(Tongue tongue, byte[] body, int number) {
        assertThat(longestRun(body)).isLessThanOrEqualTo(tongue == Tongue.BEDROCK ? CHECKSUM : 0);
        Matcher canaries = CANARY.matcher(new String(body, StandardCharsets.UTF_8));
        while (canaries.find()) {
            assertThat(canaries.group(1)).isEqualTo(Integer.toString(number));
        }
    }

    /**
     * Hands all pieces of all streams over in one and the same array, and spoils it after each: as
     * a pool would in the worst case.
     */
    private record Spoiling(Provider provider, byte[] shared) implements Provider {
        Spoiling(Provider provider) {
            this(provider, new byte[128 << 10]);
        }

        @Override
        public String name() {
            return provider.name();
        }

        @Override
        public Optional<Dialect> dialect() {
            return provider.dialect();
        }

        @Override
        public Quirks quirks() {
            return provider.quirks();
        }

        @Override
        public dev.sluice.core.provider.Stream open(ProviderCall call, Receiver receiver) {
            return provider.open(call, new Ear(receiver, shared));
        }
    }

    private record Ear(Receiver receiver, byte[] shared) implements Receiver {
        @Override
        public void onBytes(byte[] bytes, int offset, int length) {
            System.arraycopy(bytes, offset, shared, 7, length);
            receiver.onBytes(shared, 7, length);
            Arrays.fill(shared, SPOILT);
        }

        @Override
        public void onConnected() {
            receiver.onConnected();
        }

        @Override
        public void onHead(Head head) {
            receiver.onHead(head);
        }

        @Override
        public void onEnd() {
            receiver.onEnd();
        }

        @Override
        public void onEvent(Event event) {
            receiver.onEvent(event);
        }

        @Override
        public void onFailure(Failure failure) {
            receiver.onFailure(failure);
        }
    }
}
