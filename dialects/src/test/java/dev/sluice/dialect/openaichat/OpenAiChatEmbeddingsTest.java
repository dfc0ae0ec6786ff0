package dev.sluice.dialect.openaichat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.event.Embeddings;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.request.Embed;
import dev.sluice.core.request.Request;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Embeddings as OpenAI's clients and servers write them. */
class OpenAiChatEmbeddingsTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Embed read(String members) {
        Request request = OpenAiChatEmbeddings.decode(bytes("{\"model\":\"m\"," + members + "}"));
        return Objects.requireNonNull(request.embed());
    }

    @Test
    void readsTextsAndWhatIsWantedOfTheVectors() {
        assertThat(read("\"input\":\"a\"")).isEqualTo(new Embed(List.of("a"), null, null, false));
        assertThat(read("\"input\":[\"a\",\"b\"],\"dimensions\":3,\"encoding_format\":\"base64\""))
                .isEqualTo(new Embed(List.of("a", "b"), null, 3L, true));
    }

    @Test
    void keepsTokensAsTheyAreWritten() {
        for (String tokens : List.of("[1, 2]", "[[1],[2,3]]")) {
            Embed embed = read("\"input\":" + tokens);
            assertThat(embed.texts()).isEmpty();
            assertThat(embed.tokens()).hasToString(tokens);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"input\":\"\"                                  | input",
                "\"input\":[]                                    | input",
                "\"input\":[\"a\",1]                             | input",
                "\"input\":{}                                    | input",
                "\"dimensions\":4                                | input",
                "\"input\":\"a\",\"dimensions\":0                | dimensions",
                "\"input\":\"a\",\"encoding_format\":\"hex\"     | encoding_format",
            })
    void refusesByName(String members, String param) {
        assertThatThrownBy(() -> read(members))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused -> assertThat(refused.failure().field()).contains(param));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":[{\"index\":1,\"embedding\":[3]},{\"index\":0,\"embedding\":[0.5,2]}]}",
                "{\"data\":[{\"embedding\":\"AAAAPwAAAEA=\"},{\"embedding\":\"AABAQA==\"}],\"model\":null}",
            })
    void readsVectorsInTheirOrderAndInEitherForm(String answer) {
        List<float[]> vectors = OpenAiChatEmbeddings.read(bytes(answer)).vectors();
        assertThat(vectors).hasSize(2);
        assertThat(vectors.get(0)).containsExactly(0.5f, 2f);
        assertThat(vectors.get(1)).containsExactly(3f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"error\":\"x\"}",
                "{\"data\":[{\"embedding\":\"%\"}]}",
                "{\"data\":[{\"embedding\":[null]}]}"
            })
    void refusesWhatIsNoAnswer(String answer) {
        assertThatThrownBy(() -> OpenAiChatEmbeddings.read(bytes(answer)))
                .isInstanceOf(MalformedJson.class);
    }

    @Test
    void writesAnAnswerThatSaysNoMoreThanIsKnown() {
        EncodeContext context = new EncodeContext("id", "asked", 0, false, "req", 0, false);
        Embeddings vectors = new Embeddings("", List.of(new float[] {0.1f, 1e-7f}), Usage.NONE);
        assertThat(Json.parse(OpenAiChatEmbeddings.write(vectors, context)))
                .isEqualTo(
                        Json.parse(
                                "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,"
                                    + "\"embedding\":[0.1,1.0E-7]}],\"model\":\"asked\"}"));
    }
}
