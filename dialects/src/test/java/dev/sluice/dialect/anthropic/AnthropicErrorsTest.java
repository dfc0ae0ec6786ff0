package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

class AnthropicErrorsTest {
    private static Failure decode(int status, String body, String... headers) {
        return Wire.DIALECT.decodeError(
                status, Headers.of(headers), body.getBytes(StandardCharsets.UTF_8));
    }

    private static String error(String type, String message) {
        return "{\"type\":\"error\",\"error\":{\"type\":\""
                + type
                + "\",\"message\":\""
                + message
                + "\"}}";
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST,400,invalid_request_error,",
        "UNSUPPORTED,400,invalid_request_error,",
        "CONTEXT_TOO_LONG,400,invalid_request_error,",
        "AUTHENTICATION,401,authentication_error,",
        "BILLING,402,billing_error,",
        "PERMISSION,403,permission_error,",
        "NOT_FOUND,404,not_found_error,",
        "METHOD_NOT_ALLOWED,405,invalid_request_error,",
        "REQUEST_TOO_LARGE,413,request_too_large,",
        "REQUEST_TIMEOUT,408,timeout_error,false",
        "SLOW_READER,408,timeout_error,false",
        "CANCELLED,499,invalid_request_error,",
        "RATE_LIMIT,429,rate_limit_error,",
        "OVERLOADED,529,overloaded_error,",
        "TIMEOUT,504,timeout_error,",
        "UPSTREAM_UNREACHABLE,502,api_error,",
        "UPSTREAM_CREDENTIALS,502,api_error,false",
        "UPSTREAM_ERROR,502,api_error,",
        "UPSTREAM_BROKEN,502,api_error,",
        "UNAVAILABLE,503,overloaded_error,",
        "INTERNAL,500,api_error,false"
    })
    @Tag("R55")
    void writesEveryKindOfFailure(
            FailureCode code, int status, String type, @Nullable String shouldRetry) {
        ErrorReply reply =
                Wire.DIALECT.encodeError(Failure.of(code, "prompt is too long"), "req_1");
        assertThat(reply.status()).isEqualTo(status);
        assertThat(Json.parse(reply.body()))
                .isEqualTo(
                        Json.parse(
                                "{\"type\":\"error\",\"error\":{\"type\":\""
                                        + type
                                        + "\",\"message\":\"prompt is too"
                                        + " long\"},\"request_id\":\"req_1\"}"));
        assertThat(reply.headers().get("x-should-retry").orElse(null)).isEqualTo(shouldRetry);
    }

    @Test
    void putsTheFieldIntoTheMessage() {
        assertThat(message(Failure.invalid("messages[0].role", "expected a role")))
                .isEqualTo("messages[0].role: expected a role");
        assertThat(message(Failure.invalid("n", "n: too many"))).isEqualTo("n: too many");
        assertThat(message(Failure.invalid("", "bad"))).isEqualTo("bad");
    }

    @Test
    void tellsATooLongPromptInTheWordsThatClientsLookFor() {
        assertThat(message(Failure.of(FailureCode.CONTEXT_TOO_LONG, "9 tokens are more than 8")))
                .isEqualTo("prompt is too long: 9 tokens are more than 8");
    }

    private static String message(Failure failure) {
        return Json.parse(Wire.DIALECT.encodeError(failure, "1").body())
                .at("/error/message")
                .stringValue();
    }

    @Test
    void tellsHowLongToWait() {
        Failure failure =
                Failure.of(FailureCode.RATE_LIMIT, "x").withRetryAfter(Duration.ofMillis(1200));
        ErrorReply reply = Wire.DIALECT.encodeError(failure, "1");
        assertThat(reply.headers().get("retry-after")).contains("2");
        assertThat(Json.parse(reply.body()).path("request_id").stringValue()).isEqualTo("req_1");
    }

    @ParameterizedTest
    @CsvSource({
        "400,invalid_request_error,INVALID_REQUEST",
        "401,authentication_error,UPSTREAM_CREDENTIALS",
        "402,billing_error,BILLING",
        "403,permission_error,UPSTREAM_CREDENTIALS",
        "404,not_found_error,NOT_FOUND",
        "409,conflict_error,UPSTREAM_ERROR",
        "413,request_too_large,REQUEST_TOO_LARGE",
        "429,rate_limit_error,RATE_LIMIT",
        "500,api_error,UPSTREAM_ERROR",
        "504,timeout_error,TIMEOUT",
        "529,overloaded_error,OVERLOADED",
        // The type says more than the status.
        "500,overloaded_error,OVERLOADED",
        "200,rate_limit_error,RATE_LIMIT",
        "429,insufficient_quota,BILLING",
        // Types of servers that only speak a little of the dialect.
        "400,exceed_context_size_error,CONTEXT_TOO_LONG",
        "501,not_supported_error,UNSUPPORTED",
        "503,unavailable_error,OVERLOADED",
        "500,server_error,UPSTREAM_ERROR",
        // The status, where the type says nothing.
        "400,new_error,INVALID_REQUEST",
        "401,new_error,UPSTREAM_CREDENTIALS",
        "402,new_error,BILLING",
        "403,new_error,UPSTREAM_CREDENTIALS",
        "404,new_error,NOT_FOUND",
        "408,new_error,TIMEOUT",
        "409,new_error,UPSTREAM_ERROR",
        "413,new_error,REQUEST_TOO_LARGE",
        "418,new_error,INVALID_REQUEST",
        "422,new_error,INVALID_REQUEST",
        "429,new_error,RATE_LIMIT",
        "500,new_error,UPSTREAM_ERROR",
        "502,new_error,UPSTREAM_ERROR",
        "503,new_error,OVERLOADED",
        "504,new_error,TIMEOUT",
        "529,new_error,OVERLOADED",
        "307,new_error,UPSTREAM_ERROR"
    })
    void readsEveryKindOfError(int status, String type, FailureCode code) {
        Failure failure = decode(status, error(type, "why"));
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.vendorCode()).isEqualTo(type);
        if (code != FailureCode.UPSTREAM_CREDENTIALS) {
            assertThat(failure.message()).isEqualTo("why");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompt is too long: 210000 tokens > 200000 maximum|CONTEXT_TOO_LONG",
                "input length and `max_tokens` exceed context limit: 1 + 2 > 2|CONTEXT_TOO_LONG",
                "the request exceeds the available context size, try increasing"
                        + " it|CONTEXT_TOO_LONG",
                "Your credit balance is too low to access the Anthropic API.|BILLING",
                "messages: field required|INVALID_REQUEST"
            })
    void readsKindsThatHaveOnlyWords(String message, FailureCode code) {
        assertThat(decode(400, error("invalid_request_error", message)).code()).isEqualTo(code);
    }

    @Test
    void seesThatAServerThatBlamesItselfCannotTakeTheRequest() {
        String words =
                "image input is not supported - hint: if this is unexpected, you may need to"
                        + " provide the mmproj";
        assertThat(decode(500, error("server_error", words)).code())
                .isEqualTo(FailureCode.UNSUPPORTED);
    }

    @Test
    void readsTheGoldenError() {
        byte[] body = Goldens.bytes("anthropic/error-429.response.json");
        Failure failure = Wire.DIALECT.decodeError(429, Headers.of("retry-after", "7"), body);
        assertThat(failure.code()).isEqualTo(FailureCode.RATE_LIMIT);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        JsonNode again = Json.parse(Wire.DIALECT.encodeError(failure, "req_gold0429").body());
        assertThat(again).isEqualTo(Json.parse(body));
    }

    @Test
    void saysNothingOfTheGatewaysOwnKey() {
        Failure failure =
                decode(401, error("authentication_error", "invalid x-api-key sk-ant-secret"));
        assertThat(failure.code()).isEqualTo(FailureCode.UPSTREAM_CREDENTIALS);
        assertThat(failure.message())
                .contains("gateway's own credentials")
                .doesNotContain("sk-ant");
        assertThat(Wire.DIALECT.encodeError(failure, "1").status()).isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "<html><body><h1>502 Bad Gateway</h1></body></html>",
                "upstream connect error",
                "[]",
                "null",
                "7",
                "\"text\"",
                "{\"error\":",
                "{\"error\":{\"message\":\"cut in the mid",
                "{\"error\":null}",
                "{\"error\":[1]}",
                "{\"error\":{\"message\":5,\"type\":{}}}",
                "{\"message\":\"<html>no</html>\"}",
                "{\"error\":{\"message\":\"see <HTML>\"}}",
                "\u0000\u0001"
            })
    @Tag("R54")
    void makesACleanFailureOfAnything(String body) {
        Failure failure = decode(502, body);
        assertThat(failure.code()).isEqualTo(FailureCode.UPSTREAM_ERROR);
        assertThat(failure.message())
                .isEqualTo("the upstream answered with status 502 and did not say why");
    }

    @Test
    @Tag("R54")
    void makesACleanFailureOfEveryBeginning() {
        byte[] body = Goldens.bytes("anthropic/error-429.response.json");
        for (int length = 0; length < body.length; length++) {
            Failure failure =
                    Wire.DIALECT.decodeError(429, Headers.NONE, Arrays.copyOf(body, length));
            assertThat(failure.code()).isEqualTo(FailureCode.RATE_LIMIT);
        }
    }

    @Test
    @Tag("R54")
    void shortensAndCleansMessages() {
        Failure failure =
                decode(400, error("invalid_request_error", "a\\n\\u0007b" + "x".repeat(9999)));
        assertThat(failure.message()).hasSize(501).startsWith("a  bx").endsWith("x…");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":\"model is loading\"}|model is loading",
                "{\"message\":\"no wrapper\"}|no wrapper",
                "{\"detail\":\"not found\"}|not found",
                "{\"message\":\"outer\",\"error\":{\"message\":\"inner\"}}|inner",
                "{\"error\":{\"code\":500,\"message\":\"number\",\"type\":\"\"}}|number"
            })
    @Tag("R54")
    void findsTheMessageWhereverServersPutIt(String body, String message) {
        assertThat(decode(500, body).message()).isEqualTo(message);
    }
}
