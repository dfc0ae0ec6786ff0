package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Endpoint;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.request.Request;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

class AnthropicDialectTest {
    private static final AnthropicDialect DIALECT = Wire.DIALECT;

    private static Target target(String model) {
        return new Target(model, Quirks.vendor("anthropic"), 1024, true);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void servesItsPaths() {
        assertThat(DIALECT.name()).isEqualTo("anthropic");
        assertThat(DIALECT.endpoints())
                .containsExactly(
                        new Endpoint("POST", "/v1/messages", Operation.GENERATE),
                        new Endpoint("POST", "/v1/messages/count_tokens", Operation.COUNT_TOKENS),
                        new Endpoint("GET", "/v1/models", Operation.LIST_MODELS),
                        new Endpoint("GET", "/v1/models/*", Operation.SHOW_MODEL));
        assertThat(DIALECT.requestIdHeader()).isEqualTo("request-id");
        assertThat(DIALECT.streamContentType()).isEqualTo("text/event-stream; charset=utf-8");
    }

    @Test
    void knowsItsClients() {
        assertThat(DIALECT.claims(Headers.of("Anthropic-Version", "2023-06-01"))).isTrue();
        assertThat(DIALECT.claims(Headers.of("x-api-key", "k"))).isTrue();
        assertThat(DIALECT.claims(Headers.of("authorization", "Bearer k"))).isFalse();
    }

    @Test
    void findsItsUpstreams() {
        Target target = target("claude");
        assertThat(DIALECT.upstreamPath(Operation.GENERATE, target)).isEqualTo("/v1/messages");
        assertThat(DIALECT.upstreamPath(Operation.COUNT_TOKENS, target))
                .isEqualTo("/v1/messages/count_tokens");
        assertThat(DIALECT.upstreamPath(Operation.LIST_MODELS, target)).isEqualTo("/v1/models");
        assertThat(DIALECT.upstreamPath(Operation.SHOW_MODEL, target))
                .isEqualTo("/v1/models/claude");
        assertThat(DIALECT.credentials("k").get("x-api-key")).contains("k");
        assertThat(DIALECT.credentials("k").get("anthropic-version")).contains("2023-06-01");
    }

    @Test
    void relaysTheClientsBytesWithAnotherModel() {
        String body =
                "{ \"max_tokens\":1e1, \"unknown\":[1.50,\"\\u00fc\"],\n"
                    + " \"model\" : \"ali\\u0061s\""
                    + " ,\"messages\":[{\"role\":\"user\",\"content\":\"{\\\"model\\\":1}\"}],\"x\":{\"model\":\"inner\"}}"
                    + " ";
        EncodedRequest relayed = relay(body, Headers.NONE, "claude-\"1\"");
        assertThat(Json.utf8(relayed.body()))
                .isEqualTo(body.replace("\"ali\\u0061s\"", "\"claude-\\\"1\\\"\""));
        assertThat(relayed.warnings()).isEmpty();
        assertThat(relayed.headers().all()).isEmpty();
    }

    @Test
    void relaysTheSameArrayWhereNothingChanges() {
        byte[] body =
                utf8(
                        "{\"model\":\"claude\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        Call call = new Call("", Headers.NONE, body);
        Request request = DIALECT.decodeRequest(call);
        assertThat(DIALECT.relayRequest(call, request, target("claude")).body()).isSameAs(body);
    }

    @Test
    void relaysTheVersionsThatTheClientWroteFor() {
        Headers headers =
                Headers.of(
                        "x-api-key", "secret",
                        "Anthropic-Version", "2026-10-21",
                        "anthropic-beta", "a",
                        "anthropic-beta", "b,c",
                        "x-stainless-lang", "js");
        Headers relayed =
                relay(
                                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                                headers,
                                "m")
                        .headers();
        assertThat(relayed)
                .isEqualTo(
                        Headers.of("anthropic-version", "2026-10-21", "anthropic-beta", "a,b,c"));
    }

    private static EncodedRequest relay(String body, Headers headers, String model) {
        Call call = new Call("", headers, utf8(body));
        return DIALECT.relayRequest(call, DIALECT.decodeRequest(call), target(model));
    }

    @Test
    void listsModels() {
        List<ModelCard> models =
                List.of(new ModelCard("a/b", "x", 1_760_000_000), new ModelCard("c", "", 0));
        assertThat(Json.parse(DIALECT.encodeModels(models)))
                .isEqualTo(
                        Json.parse(
                                """
                                {"data":[{"type":"model","id":"a/b","display_name":"a/b","created_at":"2025-10-09T08:53:20Z","lifecycle":"active"},
                                         {"type":"model","id":"c","display_name":"c","created_at":"1970-01-01T00:00:00Z","lifecycle":"active"}],
                                 "has_more":false,"first_id":"a/b","last_id":"c"}\
                                """));
        assertThat(Json.parse(DIALECT.encodeModels(List.of())))
                .isEqualTo(
                        Json.parse(
                                "{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}"));
        assertThat(Json.parse(DIALECT.encodeModel(models.getFirst())).path("id").stringValue())
                .isEqualTo("a/b");
    }

    @Test
    void readsListsOfModels() {
        assertThat(
                        DIALECT.decodeModels(
                                utf8(
                                        """
                                        {"data":[{"type":"model","id":"claude","display_name":"Claude","created_at":"2025-10-09T08:53:20Z","lifecycle":"active"},
                                                 {"id":"b","created_at":"yesterday"},{"id":""},7,{}],"has_more":true}\
                                        """)))
                .containsExactly(
                        new ModelCard("claude", "anthropic", 1_760_000_000),
                        new ModelCard("b", "anthropic", 0));
        assertThat(
                        DIALECT.decodeModels(
                                utf8(
                                        "{\"object\":\"list\",\"data\":[{\"id\":\"q\",\"created\":5,\"owned_by\":\"me\"}]}")))
                .containsExactly(new ModelCard("q", "me", 5));
        assertThat(DIALECT.decodeModels(utf8("{\"data\":null}"))).isEmpty();
    }

    @Test
    void counts() {
        assertThat(Json.utf8(DIALECT.encodeCount(2095))).isEqualTo("{\"input_tokens\":2095}");
        assertThat(DIALECT.decodeCount(Goldens.bytes("anthropic/count-tokens.response.json")))
                .hasValue(2095);
        assertThat(DIALECT.decodeCount(utf8("{\"input_tokens\":null}"))).isEmpty();
        assertThat(DIALECT.decodeCount(utf8("{}"))).isEmpty();
    }
}
