package dev.sluice.dialect.openaichat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The table of errors, in both directions. */
class OpenAiChatErrorsTest {
    private final Dialect dialect =
            new OpenAiChatDialect(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")));

    private Failure read(int status, String body, String... headers) {
        return dialect.decodeError(status, Headers.of(headers), Chunks.utf8(body));
    }

    private static String error(String type, String code) {
        return "{\"error\":{\"message\":\"m\",\"type\":"
                + quoted(type)
                + ",\"param\":null,\"code\":"
                + quoted(code)
                + "}}";
    }

    private static String quoted(String word) {
        return word == null ? "null" : word.matches("\\d+") ? word : "\"" + word + "\"";
    }

    // ---- writing ----

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST, 400, invalid_request_error,",
        "UNSUPPORTED, 400, invalid_request_error, unsupported_parameter",
        "CONTEXT_TOO_LONG, 400, invalid_request_error, context_length_exceeded",
        "AUTHENTICATION, 401, invalid_request_error, invalid_api_key",
        "BILLING, 429, insufficient_quota, insufficient_quota",
        "PERMISSION, 403, invalid_request_error,",
        "NOT_FOUND, 404, invalid_request_error, model_not_found",
        "METHOD_NOT_ALLOWED, 405, invalid_request_error, method_not_allowed",
        "REQUEST_TOO_LARGE, 413, invalid_request_error,",
        "REQUEST_TIMEOUT, 408, invalid_request_error, request_timeout",
        "SLOW_READER, 408, invalid_request_error, slow_reader",
        "CANCELLED, 499, invalid_request_error, cancelled",
        "RATE_LIMIT, 429, requests, rate_limit_exceeded",
        "OVERLOADED, 503, server_error, overloaded",
        "TIMEOUT, 504, server_error, timeout",
        "UPSTREAM_UNREACHABLE, 502, server_error, upstream_unreachable",
        "UPSTREAM_CREDENTIALS, 502, server_error, upstream_credentials",
        "UPSTREAM_ERROR, 502, server_error, upstream_error",
        "UPSTREAM_BROKEN, 502, server_error, upstream_broken",
        "UNAVAILABLE, 503, server_error, unavailable",
        "INTERNAL, 500, server_error, internal_error",
    })
    @Tag("R55")
    void writesEachKind(FailureCode kind, int status, String type, String code) {
        ErrorReply reply = dialect.encodeError(Failure.of(kind, "m"), "req_1");
        assertThat(reply.status()).isEqualTo(status);
        JsonNode error = Json.parse(reply.body()).path("error");
        assertThat(error.path("type").stringValue()).isEqualTo(type);
        assertThat(error.path("code").stringValue(null)).isEqualTo(code);
        assertThat(error.path("message").stringValue()).isEqualTo("m");
        assertThat(error.path("param").isNull()).isTrue();
        assertThat(reply.headers().get("x-should-retry"))
                .isEqualTo(
                        tempting(status) && !kind.retryable()
                                ? java.util.Optional.of("false")
                                : java.util.Optional.empty());
    }

    /** Whether the official clients try the status again by themselves. */
    private static boolean tempting(int status) {
        return status >= 500 || status == 408 || status == 409 || status == 429;
    }

    @Test
    void namesTheField() {
        ErrorReply reply = dialect.encodeError(Failure.invalid("messages[0].role", "m"), "req_1");
        assertThat(Json.parse(reply.body()).at("/error/param").stringValue())
                .isEqualTo("messages[0].role");
    }

    @Test
    void tellsWhenToComeBack() {
        Failure failure =
                Failure.of(FailureCode.RATE_LIMIT, "m").withRetryAfter(Duration.ofMillis(6570));
        Headers headers = dialect.encodeError(failure, "req_1").headers();
        assertThat(headers.get("retry-after")).contains("7");
        assertThat(headers.get("retry-after-ms")).contains("6570");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST, invalid_value, invalid_value",
        "INVALID_REQUEST, content_policy_violation, content_policy_violation",
        "INVALID_REQUEST, invalid_request_error,",
        "OVERLOADED, overloaded_error, overloaded",
        "UPSTREAM_ERROR, internal_error, internal_error",
        "UPSTREAM_CREDENTIALS, invalid_api_key, upstream_credentials",
    })
    void keepsAnUpstreamsCodeWhereItIsOne(FailureCode kind, String vendorCode, String code) {
        Failure failure = new Failure(kind, "m", null, vendorCode, null, 0);
        ErrorReply reply = dialect.encodeError(failure, "req_1");
        assertThat(Json.parse(reply.body()).at("/error/code").stringValue(null)).isEqualTo(code);
    }

    // ---- reading ----

    @ParameterizedTest
    @CsvSource({
        // by code
        "400, invalid_request_error, context_length_exceeded, CONTEXT_TOO_LONG",
        "400, exceed_context_size_error, 400, CONTEXT_TOO_LONG",
        "429, insufficient_quota, insufficient_quota, BILLING",
        "429, requests, rate_limit_exceeded, RATE_LIMIT",
        "429, tokens,, RATE_LIMIT",
        "404, invalid_request_error, model_not_found, NOT_FOUND",
        "400, invalid_request_error, model_not_found, NOT_FOUND",
        "503, server_error, overloaded, OVERLOADED",
        "503, unavailable_error, 503, OVERLOADED",
        "500, server_error, slow_down, OVERLOADED",
        "400, invalid_request_error, unsupported_parameter, UNSUPPORTED",
        "400, invalid_request_error, invalid_value, INVALID_REQUEST",
        "501, not_supported_error, 501, UNSUPPORTED",
        "401, invalid_request_error, invalid_api_key, UPSTREAM_CREDENTIALS",
        "401, authentication_error,, UPSTREAM_CREDENTIALS",
        "403, invalid_request_error, unsupported_country_region_territory, UPSTREAM_CREDENTIALS",
        "404, not_found_error,, NOT_FOUND",
        // by status
        "400, BadRequestError, 400, INVALID_REQUEST",
        "401, invalid_request_error,, UPSTREAM_CREDENTIALS",
        "402, x,, BILLING",
        "403, x,, UPSTREAM_CREDENTIALS",
        "404, api_error,, NOT_FOUND",
        "408, x,, TIMEOUT",
        "409, x,, UPSTREAM_ERROR",
        "413, x,, REQUEST_TOO_LARGE",
        "418, x,, INVALID_REQUEST",
        "422, x,, INVALID_REQUEST",
        "429, x,, RATE_LIMIT",
        "500, invalid_request_error,, UPSTREAM_ERROR",
        "502, x,, UPSTREAM_ERROR",
        "503, x,, OVERLOADED",
        "504, x,, TIMEOUT",
        "529, x,, OVERLOADED",
        "302, x,, UPSTREAM_ERROR",
        // in a stream
        "0, server_error,, UPSTREAM_ERROR",
        "0, invalid_request_error,, INVALID_REQUEST",
        "0, x, 429, RATE_LIMIT",
        "0, x,, UPSTREAM_ERROR",
    })
    void readsEachKind(int status, String type, String code, FailureCode kind) {
        assertThat(read(status, error(type, code)).code()).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"boom\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}}",
                "{\"error\":\"boom\"}",
                "{\"object\":\"error\",\"message\":\"boom\",\"type\":\"BadRequestError\",\"code\":400}",
                "{\"message\":\"boom\"}",
                "{\"detail\":\"boom\"}",
                "{\"detail\":[{\"loc\":[\"body\",\"x\"],\"msg\":\"boom\",\"input\":\"secret\"}]}",
                "[{\"error\":{\"message\":\"boom\",\"status\":\"X\"}}]",
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"boom\"}}",
                "boom",
                "\"boom\"",
            })
    void readsEveryShape(String body) {
        Failure failure = read(400, body);
        assertThat(failure.message()).isEqualTo("boom");
        assertThat(failure.code()).isEqualTo(FailureCode.INVALID_REQUEST);
    }

    @Test
    void readsTheFieldAndTheCode() {
        Failure failure =
                read(
                        400,
                        "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\","
                                + "\"param\":\"messages[0].role\",\"code\":\"invalid_value\"}}");
        assertThat(failure.param()).isEqualTo("messages[0].role");
        assertThat(failure.vendorCode()).isEqualTo("invalid_value");
        assertThat(failure.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "This model's maximum context length is 4096 tokens.",
                "the request exceeds the available context size",
                "prompt is too long: 9 tokens > 8 maximum",
            })
    void seesThatThePromptIsTooLongByWhatIsSaid(String message) {
        assertThat(read(400, "{\"error\":{\"message\":\"" + message + "\"}}").code())
                .isEqualTo(FailureCode.CONTEXT_TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image input is not supported - hint: if this is unexpected, you may need to"
                        + " provide the mmproj",
                "audio input is not supported - hint: if this is unexpected, you may need to"
                        + " provide the mmproj",
                "tools param requires --jinja flag",
                "tool_choice param requires --jinja flag",
                "Multimodal data provided, but model does not support multimodal requests.",
            })
    void seesThatAServerThatBlamesItselfCannotTakeTheRequest(String message) {
        Failure failure =
                read(
                        500,
                        "{\"error\":{\"code\":500,\"message\":\""
                                + message
                                + "\",\"type\":\"server_error\"}}");
        assertThat(failure.code()).isEqualTo(FailureCode.UNSUPPORTED);
    }

    @Test
    @Tag("R54")
    void keepsKeysOfUpstreamsOutOfMessages() {
        assertThat(read(400, "{\"error\":\"key sk-abcdef123456 is odd\"}").message())
                .isEqualTo("key [key] is odd");
    }

    @ParameterizedTest
    @CsvSource({
        "retry-after-ms, 1500, 1500",
        "retry-after, 3, 3000",
        "retry-after, 1.5, 1500",
        "retry-after, 'Thu, 01 Jan 2026 00:00:09 GMT', 9000",
        "retry-after, 'Wed, 31 Dec 2025 00:00:00 GMT', 0",
        "retry-after, 9999999, 86400000",
    })
    void readsWhenToComeBack(String header, String value, long millis) {
        assertThat(read(429, "{}", header, value).retryAfter())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void countsADateFromTheUpstreamsOwnClock() {
        Failure failure =
                read(
                        503,
                        "{}",
                        "date",
                        "Thu, 01 Jan 2026 10:00:00 GMT",
                        "retry-after",
                        "Thu, 01 Jan 2026 10:00:02 GMT");
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource({
        "Please try again in 6.57s., 6570",
        "Please try again in 20ms. Visit, 20",
        "try again in 1m2.5s, 62500",
        "try again in 1h2m, 3720000",
    })
    void readsWhenToComeBackOutOfTheMessage(String message, long millis) {
        assertThat(read(429, "{\"error\":\"" + message + "\"}").retryAfter())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1e9", "NaN", "Thu, 99 Foo"})
    void mindsNoTimeThatIsNone(String value) {
        assertThat(read(429, "{}", "retry-after", value, "retry-after-ms", value).retryAfter())
                .isNull();
    }
}
