package dev.sluice.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.gateway.exchange.ExchangeRecords;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.time.Instant;

class AccessLineTest {
    private static final Instant AT = Instant.parse("2026-11-21T05:00:00.123456Z");

    private static String text(ExchangeRecords record) {
        return AccessLine.of(record.build(), AT).text();
    }

    private static String json(ExchangeRecords record) {
        return AccessLine.of(record.build(), AT).json();
    }

    @Test
    void tellsOneExchangeOnOneLine() {
        ExchangeRecords record =
                ExchangeRecords.record().tokensAfter(100, 120, 140).warnings("dropped=top_k");

        assertThat(text(record))
                .isEqualTo(
                        "2026-11-21T05:00:00.123Z id=req_1 key=alice client=anthropic op=generate"
                                + " model=fast upstream=local/qwen3 mode=translate stream=yes"
                                + " status=200 outcome=complete stop=end_turn in=12 cached=2 out=3"
                                + " reasoning=0 ttft_ms=100.0 tbt_p50_ms=18.87 tbt_p99_ms=18.87"
                                + " tps=50.0 ttlt_ms=140.0 total_ms=123.46 warnings=dropped=top_k");
    }

    @Test
    void tellsTheSameAsJsonWithNumbersThatAreNumbers() {
        JsonNode line =
                Json.parse(json(ExchangeRecords.record().tokensAfter(100, 120, 140).attempts(3)));

        assertThat(line.path("time").stringValue()).isEqualTo("2026-11-21T05:00:00.123Z");
        assertThat(line.path("stream").booleanValue()).isTrue();
        assertThat(line.path("status").intValue()).isEqualTo(200);
        assertThat(line.path("in").intValue()).isEqualTo(12);
        assertThat(line.path("ttft_ms").doubleValue()).isEqualTo(100.0);
        assertThat(line.path("attempts").intValue()).isEqualTo(3);
        assertThat(line.has("estimated")).isFalse();
    }

    @Test
    @Tag("R31")
    void marksGuesses() {
        ExchangeRecords record =
                ExchangeRecords.record()
                        .usage(new Usage(12, Usage.UNKNOWN, Usage.UNKNOWN, 3, Usage.UNKNOWN, true));

        assertThat(text(record)).contains(" in=~12 out=~3 ");
        assertThat(json(record)).contains("\"in\":12").endsWith("\"estimated\":true}");
    }

    @Test
    @Tag("R51")
    void tellsFailedCancelledAndCompleteApart() {
        Failure late = Failure.of(FailureCode.TIMEOUT, "the upstream fell silent");
        Failure gone = Failure.of(FailureCode.CANCELLED, "the client went away");

        assertThat(text(ExchangeRecords.record().failed(late, 504)))
                .contains(" status=504 outcome=failed:timeout in=");
        assertThat(text(ExchangeRecords.record().cancelled(gone)))
                .contains(" stream=yes outcome=cancelled in=");
        assertThat(text(ExchangeRecords.record())).contains(" outcome=complete stop=end_turn ");
    }

    @Test
    void leavesOutWhatWasNotMeasured() {
        assertThat(text(ExchangeRecords.record().usage(Usage.NONE)))
                .contains(" stop=end_turn total_ms=")
                .doesNotContain("ttft", "in=", "attempts", "warnings");
    }

    @Test
    @Tag("S5")
    void letsNobodyWriteLinesOfTheirOwn() {
        ExchangeRecords record =
                ExchangeRecords.record()
                        .names(
                                "id\r\n2026-11-21T05:00:00Z id=forged",
                                "m\u001b[31m outcome=complete \"x\" \u2028\u202e é"
                                        + "x".repeat(9_999));

        assertThat(text(record)).doesNotContain("\n", "\r", "\u001b", "\u2028", "\u202e", "\"");
        assertThat(text(record)).contains(" id=id__2026-11-21T05:00:00Z_id=forged key=alice ");
        assertThat(text(record).split(" outcome=", -1)).hasSize(2);
        assertThat(text(record).length()).isLessThan(800);
        assertThat(Json.parse(json(record)).path("id").stringValue())
                .isEqualTo("id__2026-11-21T05:00:00Z_id=forged");
    }

    @Test
    @Tag("S5")
    void repeatsNoMessageOfAFailure() {
        Failure failure = Failure.of(FailureCode.UPSTREAM_ERROR, "the prompt was: canary");

        assertThat(text(ExchangeRecords.record().failed(failure, 502))).doesNotContain("canary");
        assertThat(json(ExchangeRecords.record().failed(failure, 502))).doesNotContain("canary");
    }
}
