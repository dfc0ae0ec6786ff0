package dev.sluice.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Tap;
import dev.sluice.core.dialect.Tap.Sight;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.request.Request;
import dev.sluice.dialect.Wire;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.JsonSubset;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

class OllamaDialectTest {
    private static final OllamaDialect DIALECT = Lines.DIALECT;

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void servesItsPathsAndAsksTheSame() {
        for (var endpoint : DIALECT.endpoints()) {
            // The older form is not asked of anybody.
            String asked =
                    endpoint.path().equals("/api/embeddings") ? "/api/embed" : endpoint.path();
            assertThat(DIALECT.upstreamPath(endpoint.operation(), Wire.vendor("m")))
                    .isEqualTo(asked);
        }
        assertThatThrownBy(() -> DIALECT.upstreamPath(Operation.COUNT_TOKENS, Wire.vendor("m")))
                .isInstanceOf(FailureException.class);
    }

    @Test
    void isClaimedByItsOwnClientsAlone() {
        assertThat(DIALECT.claims(Headers.of("user-agent", "ollama-js/0.6.4 (x64)"))).isTrue();
        assertThat(DIALECT.claims(Headers.of("user-agent", "curl/8"))).isFalse();
        assertThat(DIALECT.claims(Headers.NONE)).isFalse();
    }

    @Test
    void showsAKeyOnlyIfThereIsOne() {
        assertThat(DIALECT.credentials("")).isEqualTo(Headers.NONE);
        assertThat(DIALECT.credentials("k").get("authorization")).contains("Bearer k");
    }

    @Test
    void replacesTheModelAndNothingElse() {
        String body = "{ \"options\" : {\"num_ctx\":1.0}, \"model\" : \"a\" , \"x\":\"model\"}\n";
        Request request = DIALECT.decodeRequest(Call.of(utf8(body)));
        byte[] relayed =
                DIALECT.relayRequest(Call.of(utf8(body)), request, Wire.vendor("b:7b")).body();
        assertThat(new String(relayed, StandardCharsets.UTF_8))
                .isEqualTo(body.replace("\"a\"", "\"b:7b\""));
        byte[] same = utf8(body);
        assertThat(DIALECT.relayRequest(Call.of(same), request, Wire.vendor("a")).body())
                .isSameAs(same);
    }

    /** Every member of a golden file with a value of the same type. */
    private static void assertSameShape(JsonNode golden, JsonNode ours) {
        golden.properties()
                .forEach(
                        member -> {
                            JsonNode found = ours.path(member.getKey());
                            assertThat(found.getNodeType())
                                    .as(member.getKey())
                                    .isEqualTo(member.getValue().getNodeType());
                        });
    }

    @Test
    void listsAndShowsModelsInOllamasShape() {
        ModelCard card = new ModelCard("qwen3:8b", "local", 1_759_320_000);
        JsonNode golden = Json.parse(Goldens.bytes("ollama/tags.response.json"));
        JsonNode list = Json.parse(DIALECT.encodeModels(List.of(card)));
        assertSameShape(golden.at("/models/0"), list.at("/models/0"));
        assertSameShape(golden.at("/models/0/details"), list.at("/models/0/details"));
        assertThat(list.at("/models/0/modified_at")).hasToString("\"2025-10-01T12:00:00Z\"");
        JsonNode shown = Json.parse(DIALECT.encodeModel(card));
        JsonNode all = Json.parse(Goldens.bytes("ollama/show.response.json"));
        ((ObjectNode) all).remove("license");
        assertSameShape(all, shown);
        assertSameShape(
                Json.parse(Goldens.bytes("ollama/version.response.json")),
                Json.parse(DIALECT.encodeVersion()));
        JsonSubset.assertSubset(
                "{\"models\":[]}", new String(DIALECT.encodeLoaded(), StandardCharsets.UTF_8));
    }

    private static Sight sight(Tap tap, String line) {
        Sight[] seen = new Sight[1];
        byte[] bytes = utf8(line);
        DIALECT.frames(Wire.MOST).feed(bytes, 0, bytes.length, f -> seen[0] = tap.onFrame(f));
        return seen[0];
    }

    @Test
    @Tag("R56")
    void watchesLinesThatGoThroughAsTheyAre() {
        Tap tap = DIALECT.tap(true);
        assertThat(sight(tap, Lines.text(""))).isEqualTo(Sight.PING);
        assertThat(sight(tap, "\n")).isEqualTo(Sight.HIDDEN);
        assertThat(sight(tap, Lines.text("a"))).isEqualTo(Sight.CONTENT);
        assertThat(sight(tap, Lines.text("b"))).isEqualTo(Sight.CONTENT);
        assertThat(sight(tap, Lines.line("{\"tool_calls\":[{\"function\":{\"name\":\"f\"}}]}")))
                .isEqualTo(Sight.CONTENT);
        assertThat(tap.stopReason()).isEmpty();
        assertThat(sight(tap, Lines.done("stop"))).isEqualTo(Sight.END);
        assertThat(tap.stopReason()).contains(StopReason.TOOL_USE);
        assertThat(tap.usage().output()).isEqualTo(2);
        assertThat(tap.model()).isEqualTo("m1");
        assertThat(sight(tap, Lines.text("c"))).isEqualTo(Sight.HIDDEN);
        assertThat(tap.onEnd(new ByteBuilder())).isEmpty();
    }
}
