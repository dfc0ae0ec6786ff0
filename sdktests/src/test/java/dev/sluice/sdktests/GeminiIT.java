package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.errors.ClientException;
import com.google.genai.errors.ServerException;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.ListModelsConfig;
import com.google.genai.types.Part;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;

import dev.sluice.gateway.TestGateway;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.GeminiEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Google's own Java library through a gateway to upstreams of every dialect. */
class GeminiIT {
    private static final List<String> UPSTREAMS =
            List.of("gemini", "openai-chat", "openai-responses", "anthropic", "ollama");
    private static final String MODEL = "gemini-2.5-flash";
    private static final GeminiEvents PIECES = GeminiEvents.of(MODEL);

    /** What a program keeps of a stream. */
    private static final class Heard {
        final StringBuilder text = new StringBuilder();
        final StringBuilder thinking = new StringBuilder();
        final List<FunctionCall> calls = new ArrayList<>();
        final List<byte[]> seals = new ArrayList<>();
        String reason = "";
        int output;

        Heard add(GenerateContentResponse piece) {
            ImmutableList<Part> parts = piece.parts();
            if (parts != null) {
                parts.forEach(this::add);
            }
            piece.candidates()
                    .flatMap(all -> all.stream().findFirst())
                    .flatMap(candidate -> candidate.finishReason())
                    .ifPresent(told -> reason = told.toString());
            piece.usageMetadata()
                    .flatMap(usage -> usage.candidatesTokenCount())
                    .ifPresent(count -> output = count);
            return this;
        }

        private void add(Part part) {
            boolean thought = part.thought().orElse(false);
            (thought ? thinking : text).append(part.text().orElse(""));
            part.functionCall().ifPresent(calls::add);
            part.thoughtSignature().ifPresent(seals::add);
        }
    }

    private static Client client(URI gateway) {
        return Client.builder()
                .apiKey(Rig.NO_KEY)
                .httpOptions(
                        HttpOptions.builder()
                                .baseUrl(gateway.toString())
                                .retryOptions(HttpRetryOptions.builder().attempts(1).build())
                                .build())
                .build();
    }

    private static TestGateway before(String dialect, FakeUpstream upstream) {
        String server =
                switch (dialect) {
                    case "gemini" -> "google";
                    case "openai-chat", "openai-responses" -> "openai";
                    default -> dialect;
                };
        String path =
                switch (dialect) {
                    case "gemini" -> "/v1beta";
                    case "openai-chat", "openai-responses" -> "/v1";
                    default -> "";
                };
        return TestGateway.setup()
                .upstream(dialect, server, URI.create(upstream.uri() + path))
                .start();
    }

    private static GenerateContentConfig config() {
        return GenerateContentConfig.builder()
                .maxOutputTokens(1000)
                .thinkingConfig(ThinkingConfig.builder().includeThoughts(true).build())
                .tools(
                        Tool.builder()
                                .functionDeclarations(
                                        FunctionDeclaration.builder()
                                                .name("get_weather")
                                                .description("Tells the weather.")
                                                .parametersJsonSchema(
                                                        Map.of(
                                                                "type",
                                                                "object",
                                                                "properties",
                                                                Map.of(
                                                                        "city",
                                                                        Map.of("type", "string"))))
                                                .build())
                                .build())
                .build();
    }

    private static Heard stream(Client client) {
        Heard heard = new Heard();
        try (ResponseStream<GenerateContentResponse> pieces =
                client.models.generateContentStream(MODEL, "hi", config())) {
            pieces.forEach(heard::add);
        }
        return heard;
    }

    static Stream<Arguments> stories() {
        return UPSTREAMS.stream()
                .flatMap(
                        dialect ->
                                Stream.of("01", "02", "03", "04", "05")
                                        .map(story -> Arguments.of(dialect, story)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("stories")
    @Tag("R34")
    @Tag("R43")
    @Tag("R49")
    void hearsTheSameStoryFromEveryUpstream(String dialect, String story) {
        Golden golden = Goldens.one(dialect, story);
        JsonNode expected = Goldens.one("gemini", story).expected();
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = before(dialect, upstream);
                Client client = client(gateway.uri())) {
            upstream.otherwise(Script.stream(Splits.sized(golden.bytes(), 31)));
            assertStory(stream(client), expected);
            if (!dialect.equals("gemini")) {
                upstream.otherwise(Script.stream(golden.bytes()));
                assertStory(
                        new Heard().add(client.models.generateContent(MODEL, "hi", config())),
                        expected);
            }
        }
    }

    private static void assertStory(Heard heard, JsonNode expected) {
        assertThat(heard.text).hasToString(expected.path("text").stringValue());
        assertThat(heard.thinking).hasToString(expected.path("thoughts").stringValue(""));
        assertThat(heard.reason).isEqualTo(expected.path("finishReason").stringValue());
        for (int i = 0; i < expected.path("functionCalls").size(); i++) {
            JsonNode call = expected.path("functionCalls").path(i);
            assertThat(heard.calls.get(i).name()).contains(call.path("name").stringValue());
            assertThat(heard.calls.get(i).args().orElseThrow())
                    .containsEntry("city", call.at("/args/city").stringValue());
        }
    }

    @Test
    @Tag("R46")
    void keepsSealsByteForByte() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = before("gemini", upstream);
                Client client = client(gateway.uri())) {
            upstream.otherwise(Script.stream(Goldens.one("gemini", "04").bytes()));
            assertThat(stream(client).seals)
                    .containsExactly(Base64.getDecoder().decode("R09MRC1TSUcy"));
        }
    }

    @Test
    void showsImages() {
        byte[] png = Base64.getDecoder().decode("iVBORw0KGgo=");
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = before("openai-chat", upstream);
                Client client = client(gateway.uri())) {
            upstream.otherwise(Script.stream(Goldens.one("openai-chat", "01").bytes()));
            client.models.generateContent(
                    MODEL,
                    Content.fromParts(Part.fromText("look"), Part.fromBytes(png, "image/png")),
                    config());
            assertThat(upstream.request().json().at("/messages/0/content/1/image_url/url"))
                    .hasToString("\"data:image/png;base64,iVBORw0KGgo=\"");
        }
    }

    @Test
    @Tag("R43")
    void tellsWhatAFunctionHasAnswered() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = before("anthropic", upstream);
                Client client = client(gateway.uri())) {
            upstream.otherwise(Script.stream(Goldens.one("anthropic", "02").bytes()));
            GenerateContentResponse asked = client.models.generateContent(MODEL, "hi", config());
            Content said = asked.candidates().orElseThrow().getFirst().content().orElseThrow();
            FunctionCall call = new Heard().add(asked).calls.getFirst();
            List<Content> next =
                    List.of(
                            Content.fromParts(Part.fromText("hi")),
                            said,
                            Content.fromParts(
                                    Part.fromFunctionResponse(
                                            call.name().orElseThrow(), Map.of("output", "sunny"))));
            upstream.otherwise(Script.stream(Goldens.one("anthropic", "01").bytes()));
            assertThat(client.models.generateContent(MODEL, next, config()).text())
                    .startsWith("The capital");
            JsonNode messages = upstream.request(2).json().path("messages");
            assertThat(messages.at("/2/content/0/tool_use_id"))
                    .isEqualTo(messages.at("/1/content/1/id"));
            assertThat(messages.at("/2/content/0").toString()).contains("sunny");
        }
    }

    @Test
    @Tag("R33")
    void countsTokensAndListsModels() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = before("openai-chat", upstream);
                Client client = client(gateway.uri())) {
            assertThat(
                            client.models
                                    .countTokens(MODEL, "How many are these?", null)
                                    .totalTokens()
                                    .orElseThrow())
                    .isPositive();
            List<String> names = new ArrayList<>();
            client.models
                    .list(ListModelsConfig.builder().build())
                    .forEach(model -> names.add(model.name().orElseThrow()));
            assertThat(names).contains("models/gpt-5-mini");
            assertThat(client.models.get("gpt-5-mini", null).name()).contains("models/gpt-5-mini");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"400", "401", "403", "404", "429", "500", "503", "504"})
    @Tag("R55")
    @Tag("R56")
    void isToldAnErrorByItsStatus(String status) {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = before("gemini", upstream);
                Client client = client(gateway.uri())) {
            int code = Integer.parseInt(status);
            upstream.otherwise(Script.json(code, PIECES.status(code, "", "what went wrong")));
            ApiException error = fail(() -> stream(client));
            int expected =
                    switch (code) {
                        case 401, 403, 500 -> 502;
                        default -> code;
                    };
            assertThat(error.code()).isEqualTo(expected);
            assertThat(error)
                    .isInstanceOf(expected < 500 ? ClientException.class : ServerException.class);
        }
    }

    @Test
    @Tag("R50")
    @Tag("R52")
    void isToldAFailureWithinTheStream() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = before("gemini", upstream);
                Client client = client(gateway.uri())) {
            upstream.otherwise(Script.stream(Goldens.one("gemini", "06").bytes()));
            assertThat(fail(() -> stream(client)).code()).isEqualTo(503);
            upstream.otherwise(Script.stream().send(PIECES.text("one")));
            assertThat(fail(() -> stream(client)).code()).isEqualTo(502);
        }
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = before("anthropic", upstream);
                Client client = client(gateway.uri())) {
            upstream.otherwise(Script.stream(Goldens.one("anthropic", "07").bytes()));
            assertThat(fail(() -> stream(client)).code()).isGreaterThan(499);
        }
    }

    private static ApiException fail(Runnable asking) {
        try {
            asking.run();
        } catch (ApiException error) {
            return error;
        }
        throw new AssertionError("nothing was thrown");
    }

    @Test
    void sendsWhatTheVendorTakes() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = before("gemini", upstream);
                Client client = client(gateway.uri())) {
            upstream.otherwise(Script.json(200, PIECES.whole("one", "STOP")));
            assertThat(client.models.generateContent(MODEL, "hi", config()).text())
                    .isEqualTo("one");
            assertThat(
                            Json.parse(upstream.request().body())
                                    .at("/generationConfig/maxOutputTokens"))
                    .hasToString("1000");
        }
    }
}
