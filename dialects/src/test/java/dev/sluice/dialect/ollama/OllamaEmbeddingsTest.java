package dev.sluice.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.event.Embeddings;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.request.Embed;
import dev.sluice.core.request.Request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Embeddings as Ollama's clients and servers write them. */
class OllamaEmbeddingsTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void readsOneTextOrSeveralAndNoLengthWhereItIsNone() {
        Request one = OllamaEmbeddings.decode(bytes("{\"model\":\"m\",\"input\":\"a\"}"));
        assertThat(one.embed()).isEqualTo(new Embed(List.of("a"), null, null, false));
        Request more =
                OllamaEmbeddings.decode(
                        bytes(
                                "{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"dimensions\":0,\"truncate\":false}"));
        assertThat(more.embed()).isEqualTo(new Embed(List.of("a", "b"), null, null, false));
        assertThat(more.extra()).containsOnlyKeys("truncate");
    }

    @Test
    void readsTheOlderFormWhichHasOnePrompt() {
        Request older =
                OllamaEmbeddings.decode(
                        bytes("{\"model\":\"m\",\"prompt\":\"a\",\"keep_alive\":\"5m\"}"));
        assertThat(older.embed()).isEqualTo(new Embed(List.of("a"), null, null, false));
        assertThat(OllamaEmbeddings.isOlder(older)).isTrue();
        assertThat(OllamaEmbeddings.isOlder(OllamaEmbeddings.decode(bytes("{\"model\":\"m\"}"))))
                .isFalse();
    }

    @Test
    void wantsAModel() {
        assertThatThrownBy(() -> OllamaEmbeddings.decode(bytes("{\"input\":\"a\"}")))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused -> assertThat(refused.failure().field()).contains("model"));
    }

    @Test
    void readsVectorsAndWhatIsKnownOfTheTokens() {
        Embeddings some =
                OllamaEmbeddings.read(
                        bytes(
                                "{\"model\":\"m\",\"embeddings\":[[0.5,2],[3]],\"prompt_eval_count\":4}"));
        assertThat(some.model()).isEqualTo("m");
        assertThat(some.vectors().get(0)).containsExactly(0.5f, 2f);
        assertThat(some.vectors().get(1)).containsExactly(3f);
        assertThat(some.usage().totalInput()).isEqualTo(4);
        assertThat(OllamaEmbeddings.read(bytes("{\"embeddings\":[]}")).usage())
                .isEqualTo(Usage.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"error\":\"x\"}", "{\"embeddings\":[[\"a\"]]}", "[]"})
    void refusesWhatIsNoAnswer(String answer) {
        assertThatThrownBy(() -> OllamaEmbeddings.read(bytes(answer)))
                .isInstanceOf(MalformedJson.class);
    }
}
