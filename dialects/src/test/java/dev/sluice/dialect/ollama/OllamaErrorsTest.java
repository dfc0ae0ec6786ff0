package dev.sluice.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

class OllamaErrorsTest {
    private static String body(Failure failure) {
        ErrorReply reply = Lines.DIALECT.encodeError(failure, "req_1");
        return reply.status() + " " + new String(reply.body(), StandardCharsets.UTF_8);
    }

    private static Failure read(int status, String body) {
        return Lines.DIALECT.decodeError(
                status, Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST, 400",
        "UNSUPPORTED, 400",
        "CONTEXT_TOO_LONG, 400",
        "AUTHENTICATION, 401",
        "BILLING, 403",
        "PERMISSION, 403",
        "NOT_FOUND, 404",
        "REQUEST_TOO_LARGE, 413",
        "RATE_LIMIT, 429",
        "OVERLOADED, 503",
        "TIMEOUT, 504",
        "UPSTREAM_ERROR, 502",
        "UPSTREAM_CREDENTIALS, 502",
        "INTERNAL, 500"
    })
    @Tag("R55")
    void hasAStatusAndASentence(FailureCode code, int status) {
        assertThat(body(Failure.of(code, "why \"so\"")))
                .isEqualTo(status + " {\"error\":\"why \\\"so\\\"\"}");
    }

    @Test
    void saysOfAModelThatItIsNotFound() {
        Failure ours =
                new Failure(FailureCode.NOT_FOUND, "there is no `x`", "model", null, null, 0);
        assertThat(body(ours)).isEqualTo("404 {\"error\":\"model not found: there is no `x`\"}");
        assertThat(body(ours.withMessage("model 'x' not found")))
                .isEqualTo("404 {\"error\":\"model 'x' not found\"}");
        assertThat(body(Failure.of(FailureCode.NOT_FOUND, "no such path"))).endsWith("path\"}");
    }

    @Test
    void tellsWhenToTryAgain() {
        Failure later =
                Failure.of(FailureCode.RATE_LIMIT, "slow").withRetryAfter(Duration.ofMillis(1500));
        assertThat(Lines.DIALECT.encodeError(later, "").headers().get("retry-after")).contains("2");
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_REQUEST",
        "404, NOT_FOUND",
        "408, TIMEOUT",
        "413, REQUEST_TOO_LARGE",
        "429, RATE_LIMIT",
        "500, UPSTREAM_ERROR",
        "501, UNSUPPORTED",
        "502, UPSTREAM_ERROR",
        "503, OVERLOADED",
        "504, TIMEOUT"
    })
    @Tag("R54")
    void readsTheKindFromTheStatus(int status, FailureCode code) {
        Failure failure = read(status, "{\"error\":\"model 'x' not found\"}");
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.message()).isEqualTo("model 'x' not found");
        assertThat(failure.status()).isEqualTo(status);
    }

    @Test
    void readsTheKindFromAFewWords() {
        assertThat(read(500, "{\"error\":\"input exceeds the context length\"}").code())
                .isEqualTo(FailureCode.CONTEXT_TOO_LONG);
        assertThat(read(400, "{\"error\":\"\\\"m\\\" does not support tools\"}").message())
                .isEqualTo("\"m\" does not support tools");
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "1.5, -1", "soon, -1", "'', -1", "99999999999, -1"})
    void readsWhenToTryAgain(String header, long seconds) {
        Duration wait =
                Lines.DIALECT
                        .decodeError(429, Headers.of("retry-after", header), new byte[0])
                        .retryAfter();
        assertThat(wait).isEqualTo(seconds < 0 ? null : Duration.ofSeconds(seconds));
    }
}
