package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.request.Request;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;

/**
 * Images and documents that are told by their address, from Gemini's {@code fileData} and to it.
 */
class FilesTest {
    private static Dialect dialect(String name) {
        return Dialects.find(name).orElseThrow();
    }

    private static Request read(String dialect, String path, String body) {
        return dialect(dialect)
                .decodeRequest(
                        new Call(
                                Operation.GENERATE,
                                path,
                                "",
                                Headers.NONE,
                                body.getBytes(StandardCharsets.UTF_8)));
    }

    /** What a client of Gemini's asks about a file. */
    private static Request gemini(String type, String uri) {
        return read(
                "gemini",
                "gemini-2.5-flash:generateContent",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"look\"},{\"fileData\":{\"mimeType\":\""
                        + type
                        + "\",\"fileUri\":\""
                        + uri
                        + "\"}}]}]}");
    }

    private static EncodedRequest written(Request request, String dialect) {
        return dialect(dialect).encodeRequest(request, Wire.vendor("m"));
    }

    private static JsonNode body(Request request, String dialect) {
        return Json.parse(written(request, dialect).body());
    }

    @Test
    void areImagesAtTheirAddressForThoseWhoFetchThem() {
        Request request = gemini("image/png", "https://pics.example/a?size=1");
        assertThat(body(request, "openai-chat").at("/messages/0/content/1").toString())
                .isEqualTo(
                        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://pics.example/a?size=1\"}}");
        assertThat(body(request, "openai-responses").at("/input/0/content/1/image_url").asString())
                .isEqualTo("https://pics.example/a?size=1");
        assertThat(body(request, "anthropic").at("/messages/0/content/1").toString())
                .isEqualTo(
                        "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://pics.example/a?size=1\"}}");
    }

    @Test
    void areDocumentsAtTheirAddressForThoseWhoFetchThem() {
        Request request = gemini("application/pdf", "https://docs.example/a.pdf");
        assertThat(body(request, "anthropic").at("/messages/0/content/1").toString())
                .isEqualTo(
                        "{\"type\":\"document\",\"source\":{\"type\":\"url\",\"url\":\"https://docs.example/a.pdf\"}}");
        assertThat(body(request, "openai-responses").at("/input/0/content/1").toString())
                .isEqualTo("{\"type\":\"input_file\",\"file_url\":\"https://docs.example/a.pdf\"}");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "image/png, gs://bucket/a.png",
        "video/mp4, https://videos.example/a.mp4",
        "application/pdf, https://generativelanguage.googleapis.com/v1beta/files/a"
    })
    void areRefusedWhereTheVendorAloneHasThem(String type, String uri) {
        Request request = gemini(type, uri);
        for (Dialect other : Dialects.all()) {
            if (!other.name().equals("gemini")) {
                assertThatThrownBy(() -> written(request, other.name()))
                        .as(other.name())
                        .isInstanceOf(FailureException.class)
                        .hasMessageContaining("fileData");
            }
        }
        assertThat(body(request, "gemini").at("/contents/0/parts/1/fileData/fileUri").asString())
                .isEqualTo(uri);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bedrock", "ollama"})
    void areRefusedWhereNobodyFetchesThem(String dialect) {
        assertThatThrownBy(
                        () -> written(gemini("image/png", "https://pics.example/a.png"), dialect))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("address");
    }

    private static Request anthropic(String block) {
        return read(
                "anthropic",
                "",
                "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":["
                        + block
                        + "]}]}");
    }

    @Test
    void areToldToGeminiWithTheTypeThatTheirEndingTells() {
        EncodedRequest written =
                written(
                        anthropic(
                                "{\"type\":\"document\",\"title\":\"t\",\"context\":\"c\",\"source\":{\"type\":\"url\",\"url\":\"https://docs.example/a.PDF?x=1\"}}"),
                        "gemini");
        assertThat(Json.parse(written.body()).at("/contents/0/parts/0").toString())
                .isEqualTo(
                        "{\"fileData\":{\"mimeType\":\"application/pdf\",\"fileUri\":\"https://docs.example/a.PDF?x=1\"}}");
        assertThat(written.warnings())
                .containsExactlyInAnyOrder("dropped=document.title", "dropped=document.context");
        Request image =
                anthropic(
                        "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://pics.example/a\"}}");
        assertThat(body(image, "gemini").at("/contents/0/parts/0").toString())
                .isEqualTo("{\"fileData\":{\"fileUri\":\"https://pics.example/a\"}}");
    }

    @Test
    void loseTheirTitleOnTheWayToResponsesAndSaySo() {
        EncodedRequest written =
                written(
                        anthropic(
                                "{\"type\":\"document\",\"title\":\"t\",\"context\":\"c\",\"source\":{\"type\":\"url\",\"url\":\"https://docs.example/a.pdf\"}}"),
                        "openai-responses");
        assertThat(written.warnings())
                .contains("dropped=document.title", "dropped=document.context");
    }

    @Test
    void areNotToldByTheIdThatAnotherVendorGaveThem() {
        Request file =
                anthropic("{\"type\":\"image\",\"source\":{\"type\":\"file\",\"file_id\":\"f1\"}}");
        assertThatThrownBy(() -> written(file, "gemini"))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("another vendor");
    }
}
