package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Errors, as they are read and as they are written. */
class GeminiErrorsTest {
    private static final GeminiDialect GEMINI = new GeminiDialect();

    private static Failure read(int status, String body) {
        return GEMINI.decodeError(status, Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_ARGUMENT, INVALID_REQUEST",
        "400, FAILED_PRECONDITION, INVALID_REQUEST",
        "401, UNAUTHENTICATED, UPSTREAM_CREDENTIALS",
        "403, PERMISSION_DENIED, UPSTREAM_CREDENTIALS",
        "404, NOT_FOUND, NOT_FOUND",
        "409, ABORTED, UPSTREAM_ERROR",
        "429, RESOURCE_EXHAUSTED, RATE_LIMIT",
        "499, CANCELLED, UPSTREAM_ERROR",
        "500, INTERNAL, UPSTREAM_ERROR",
        "500, UNKNOWN, UPSTREAM_ERROR",
        "501, UNIMPLEMENTED, UNSUPPORTED",
        "503, UNAVAILABLE, OVERLOADED",
        "504, DEADLINE_EXCEEDED, TIMEOUT"
    })
    @Tag("R54")
    void readsTheKindFromTheNameOrTheNumber(int code, String status, FailureCode kind) {
        String told =
                "{\"error\":{\"code\":"
                        + code
                        + ",\"message\":\"so\",\"status\":\""
                        + status
                        + "\"}}";
        assertThat(read(code, told).code()).isEqualTo(kind);
        assertThat(read(code, "[" + told + "]").code()).isEqualTo(kind);
        assertThat(read(code, "<html>").code()).isEqualTo(kind);
    }

    @Test
    @Tag("R54")
    void readsTheDetails() {
        Failure limited =
                read(
                        429,
                        """
                        {"error":{"code":429,"message":"Resource has been exhausted","status":"RESOURCE_EXHAUSTED",
                         "details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"x"}]},
                          {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}
                        """);
        assertThat(limited.retryAfter()).isEqualTo(Duration.ofMillis(34_500));
        assertThat(limited.message()).isEqualTo("Resource has been exhausted");
        assertThat(limited.vendorCode()).isEqualTo("RESOURCE_EXHAUSTED");
        Failure key =
                read(
                        400,
                        """
                        {"error":{"code":400,"message":"API key not valid. AIzaSyA0123456789012345678901234","status":"INVALID_ARGUMENT",
                         "details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}
                        """);
        assertThat(key.code()).isEqualTo(FailureCode.UPSTREAM_CREDENTIALS);
        assertThat(key.message()).doesNotContain("AIza");
        Failure field =
                read(
                        400,
                        """
                        {"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT","details":[
                         {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"contents[0]","description":"x"}]}]}}
                        """);
        assertThat(field.param()).isEqualTo("contents[0]");
        assertThat(
                        read(
                                        400,
                                        "{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\",\"message\":\"The"
                                            + " input token count (1100000) exceeds the maximum"
                                            + " number of tokens allowed (1048575).\"}}")
                                .code())
                .isEqualTo(FailureCode.CONTEXT_TOO_LONG);
    }

    @Test
    @Tag("R55")
    void hasACodeAMessageAndDetails() {
        ErrorReply reply =
                GEMINI.encodeError(
                        Failure.of(FailureCode.RATE_LIMIT, "slow down")
                                .withRetryAfter(Duration.ofMillis(1500)),
                        "req_1");
        JsonNode error = Json.parse(reply.body()).path("error");
        assertThat(reply.status()).isEqualTo(429);
        assertThat(error.path("code").asInt()).isEqualTo(429);
        assertThat(error.path("status").stringValue()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(error.path("details").toString())
                .contains("\"retryDelay\":\"1.500s\"", "\"requestId\":\"req_1\"");
        assertThat(reply.headers().get("retry-after")).contains("2");
        JsonNode invalid =
                Json.parse(GEMINI.encodeError(Failure.invalid("contents[0]", "no"), "req_1").body())
                        .path("error");
        assertThat(invalid.path("details").toString()).contains("\"field\":\"contents[0]\"");
    }
}
