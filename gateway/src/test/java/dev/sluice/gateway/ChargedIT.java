package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Usage;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;

/** What an exchange is charged, whatever its upstream has told of it. */
class ChargedIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-1", "gpt-5-mini");

    static Stream<Pair> pairs() {
        return Pair.all();
    }

    private static Script begun(Tongue upstream) {
        return upstream.head().send(upstream.speech().begin("one ", "two ", "three "));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    @Tag("R21")
    void whatWasRelayedToAClientThatHasLeft(Pair pair) {
        try (Rig rig = Rig.before(pair.upstream())) {
            rig.upstream().otherwise(begun(pair.upstream()).hold());
            try (RawClient client = rig.connect().deadline(SOON)) {
                StringBuilder read = new StringBuilder();
                RawResponse response = client.exchange(pair.client().request());
                while (!read.toString().contains("three")) {
                    byte[] piece = response.read().orElseThrow().bytes();
                    read.append(new String(piece, StandardCharsets.UTF_8));
                }
                client.reset();
            }
            ExchangeRecord record = rig.gateway().nextRecord();
            assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
            isCharged(record.usage());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    @Tag("R21")
    @Tag("R30")
    void whatWasRelayedBeforeItBrokeOff(Pair pair) {
        try (Rig rig = Rig.before(pair.upstream());
                RawClient client = rig.connect().deadline(SOON)) {
            rig.upstream().otherwise(begun(pair.upstream()).close());
            client.exchange(pair.client().request()).body();
            ExchangeRecord record = rig.gateway().nextRecord();
            assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
            isCharged(record.usage());
        }
    }

    private static void isCharged(Usage usage) {
        assertThat(usage.output()).isEqualTo(3);
        assertThat(usage.totalInput()).isPositive();
        assertThat(usage.estimated()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("R31")
    void whatNobodyHasCounted(boolean streamed) {
        String whole =
                """
                {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
                "message":{"role":"assistant","content":"four words and more"},\
                "finish_reason":"stop"}]}\
                """;
        Script answer =
                streamed
                        ? Script.stream()
                                .send(
                                        CHAT.role()
                                                + CHAT.text("one ")
                                                + CHAT.text("two")
                                                + CHAT.finish("stop")
                                                + CHAT.done())
                        : Script.json(200, whole);
        for (Tongue client : Tongue.values()) {
            Usage usage = usage(answer, client, streamed);
            assertThat(usage.output()).as("%s", client).isEqualTo(streamed ? 2 : 5);
            assertThat(usage.totalInput()).as("%s", client).isPositive();
            assertThat(usage.estimated()).as("%s", client).isTrue();
        }
    }

    @Test
    @Tag("R31")
    void whatTheUpstreamHasCountedIsNoGuess() {
        Script answer =
                Script.stream()
                        .send(
                                CHAT.role()
                                        + CHAT.text("one ")
                                        + CHAT.text("two")
                                        + CHAT.finish("stop")
                                        + CHAT.usage(7, 1)
                                        + CHAT.done());
        assertThat(usage(answer, Tongue.CHAT, true)).isEqualTo(Usage.of(7, -1, -1, 1, -1));
    }

    private static Usage usage(Script answer, Tongue client, boolean streamed) {
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(answer);
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient raw = RawClient.connect(gateway.port())) {
            assertThat(raw.exchange(client.request(streamed)).body()).isNotEmpty();
            ExchangeRecord record = gateway.nextRecord();
            assertThat(record.outcome()).isEqualTo(Outcome.COMPLETE);
            return record.usage();
        }
    }
}
