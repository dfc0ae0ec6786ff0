package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.stream.AnthropicEvents;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an answer loses on its way to a client of another dialect is told. */
class LossesIT {
    private static final AnthropicEvents EVENTS = AnthropicEvents.of("msg_1", "claude-sonnet-4-5");
    private static final String LOST = "dropped=citations_delta";

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.before(Tongue.MESSAGES);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    /** An answer that cites something. */
    private static byte[] citing() {
        String citation =
                "event: content_block_delta\n"
                    + "data:"
                    + " {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"citations_delta\",\"citation\":{\"cited_text\":\"x\"}}}\n\n";
        return (EVENTS.start(10)
                        + EVENTS.textStart(0)
                        + EVENTS.text(0, "a")
                        + citation
                        + EVENTS.blockStop(0)
                        + EVENTS.messageDelta("end_turn", 5)
                        + EVENTS.stop())
                .getBytes(UTF_8);
    }

    private static RawResponse ask(Tongue client, boolean streamed) {
        rig.forget();
        rig.upstream().otherwise(Tongue.MESSAGES.head().send(citing()));
        try (RawClient raw = rig.connect()) {
            return raw.exchange(client.request(streamed));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MESSAGES")
    @Tag("R45")
    void toTheClientAndInTheRecordOfAnAnswerInOnePiece(Tongue client) {
        RawResponse response = ask(client, false);
        assertThat(response.header("x-gateway-warnings").orElse("")).contains(LOST);
        assertThat(rig.gateway().nextRecord().warnings()).contains(LOST);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MESSAGES")
    @Tag("R45")
    void inTheRecordOfAStreamWhoseHeadIsOutBefore(Tongue client) {
        RawResponse response = ask(client, true);
        assertThat(response.header("x-gateway-warnings").orElse("")).doesNotContain(LOST);
        assertThat(client.judge(response.body()).isComplete()).isTrue();
        assertThat(rig.gateway().nextRecord().warnings()).contains(LOST);
    }

    @ParameterizedTest
    @EnumSource(names = "MESSAGES")
    void notWhereTheClientHasAllOfIt(Tongue client) {
        RawResponse response = ask(client, true);
        assertThat(new String(response.body(), UTF_8)).contains("citations_delta");
        ExchangeRecord record = rig.gateway().nextRecord();
        assertThat(record.relayed()).isTrue();
        assertThat(record.warnings()).isEmpty();
    }
}
