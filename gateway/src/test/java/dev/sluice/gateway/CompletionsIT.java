package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.StopReason;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.sse.SseParser;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** The older form of OpenAI's requests, a bare prompt, through a real gateway. */
class CompletionsIT {
    private static final String PATH = "/v1/completions";

    /** As llama.cpp's server and vLLM write it. */
    private static final String CHUNKS =
            "data:"
                + " {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"text\":\""
                + " blue\",\"logprobs\":null,\"finish_reason\":null}]}\n\n"
                + "data:"
                + " {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"text\":\""
                + " sky\",\"logprobs\":null,\"finish_reason\":null}]}\n\n"
                + "data:"
                + " {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"text\":\"\",\"logprobs\":null,\"finish_reason\":\"length\"}]}\n\n";

    private static final String USAGE =
            "data:"
                + " {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2,\"total_tokens\":6}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private static Rigs rigs;

    private final List<RawClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        rigs = Rigs.start();
    }

    @AfterAll
    static void stop() {
        rigs.close();
    }

    @BeforeEach
    void forget() {
        rigs.forget();
    }

    @AfterEach
    void leave() {
        clients.forEach(RawClient::close);
        clients.clear();
    }

    private RawResponse post(Rig rig, String members) {
        // It stays until the test has read the body.
        RawClient client = rig.connect();
        clients.add(client);
        return client.post(PATH, "{\"model\":\"gpt-5-mini\"," + members + "}");
    }

    private static String text(RawResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void relaysAStreamByteForByteAndCountsWhatGoesBy() {
        Rig rig = rigs.of(Tongue.CHAT);
        rig.upstream().on(PATH, Script.stream().send(CHUNKS).send(USAGE).send(DONE));
        RawResponse response =
                post(
                        rig,
                        "\"prompt\":[1,2,3],\"echo\":true,\"logprobs\":2,\"best_of\":3,\"suffix\":\"!\","
                            + "\"stream\":true");
        // Usage was asked for by the gateway, and is not for a client that did not ask.
        assertThat(text(response)).isEqualTo(CHUNKS + DONE);
        JsonNode sent = rig.upstream().request().json();
        assertThat(sent.path("prompt").toString()).isEqualTo("[1,2,3]");
        assertThat(sent.path("echo").booleanValue()).isTrue();
        ExchangeRecord record = rig.gateway().nextRecord();
        assertThat(record.relayed()).isTrue();
        assertThat(record.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(record.stopReason()).contains(StopReason.MAX_TOKENS);
        assertThat(record.usage().output()).isEqualTo(2);
    }

    @Test
    void relaysAnUnstreamedAnswerByteForByte() {
        Rig rig = rigs.of(Tongue.CHAT);
        String answer =
                "{\"id\":\"cmpl-1\","
                    + " \"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"text\":\""
                    + " blue\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":1,\"total_tokens\":5}}";
        rig.upstream().on(PATH, Script.json(200, answer));
        assertThat(text(post(rig, "\"prompt\":\"The sky is\""))).isEqualTo(answer);
        ExchangeRecord record = rig.gateway().nextRecord();
        assertThat(record.usage().output()).isEqualTo(1);
        assertThat(record.stopReason()).contains(StopReason.END_TURN);
    }

    @Test
    void anAnswerThatIsCutOffDoesNotLookWhole() {
        Rig rig = rigs.of(Tongue.CHAT);
        String first = CHUNKS.substring(0, CHUNKS.indexOf("\n\n") + 2);
        rig.upstream().on(PATH, Script.stream().send(first));
        String told = text(post(rig, "\"prompt\":\"The sky is\",\"stream\":true"));
        assertThat(told).startsWith(first).contains("\"error\"").doesNotContain("[DONE]");
    }

    @ParameterizedTest
    @EnumSource(value = Tongue.class, mode = EnumSource.Mode.EXCLUDE, names = "CHAT")
    void streamsFromAModelThatConverses(Tongue upstream) {
        Rig rig = rigs.of(upstream);
        rig.upstream().otherwise(request -> upstream.answer(request, "Because."));
        RawResponse response =
                post(
                        rig,
                        "\"prompt\":[\"Why?\"],\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        List<String> events = text(response).lines().filter(line -> !line.isEmpty()).toList();
        assertThat(events.getLast()).isEqualTo("data: [DONE]");
        StringBuilder said = new StringBuilder();
        String reason = "";
        for (String event : events.subList(0, events.size() - 1)) {
            JsonNode chunk = Json.parse(event.substring("data: ".length()));
            assertThat(chunk.path("object").stringValue()).isEqualTo("text_completion");
            assertThat(chunk.path("id").stringValue()).startsWith("cmpl-");
            for (JsonNode choice : chunk.path("choices")) {
                said.append(choice.path("text").stringValue());
                assertThat(choice.path("logprobs").isNull()).isTrue();
                reason = choice.path("finish_reason").asString("");
            }
            if (chunk.path("choices").isEmpty()) {
                assertThat(chunk.at("/usage/completion_tokens").intValue()).isPositive();
            }
        }
        assertThat(said).hasToString("Because.");
        assertThat(reason).isEqualTo("stop");
        assertThat(upstream.isAskedToStream(rig.upstream().request())).isTrue();
        assertThat(rig.upstream().request().json().toString())
                .contains("Why?")
                .containsPattern(
                        "\"(num_predict|max_tokens|max_output_tokens|maxTokens|maxOutputTokens)\":16");
    }

    @ParameterizedTest
    @EnumSource(value = Tongue.class, mode = EnumSource.Mode.EXCLUDE, names = "CHAT")
    void answersUnstreamed(Tongue upstream) {
        Rig rig = rigs.of(upstream);
        rig.upstream().otherwise(request -> upstream.answer(request, "Because."));
        JsonNode answer = post(rig, "\"prompt\":\"Why?\",\"max_tokens\":50").json();
        assertThat(answer.path("object").stringValue()).isEqualTo("text_completion");
        assertThat(answer.at("/choices/0/text").stringValue()).isEqualTo("Because.");
        assertThat(answer.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
        assertThat(answer.at("/usage/total_tokens").intValue()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"prompt\":\"a\",\"best_of\":2     | best_of",
                "\"prompt\":\"a\",\"logprobs\":1    | logprobs",
                "\"prompt\":\"a\",\"suffix\":\"b\"  | suffix",
                "\"prompt\":[1,2]                   | prompt",
                "\"prompt\":[\"a\",\"b\"]           | prompt",
                "\"echo\":false                     | prompt",
            })
    void refusesByNameWhatAConversationCannotSay(String members, String name) {
        for (Tongue upstream : EnumSet.complementOf(EnumSet.of(Tongue.CHAT))) {
            RawResponse response = post(rigs.of(upstream), members);
            assertThat(response.status()).as(members).isEqualTo(400);
            assertThat(response.json().at("/error/message").stringValue()).contains(name);
        }
    }

    /** The models do not repeat the prompt; the gateway says it before they do. */
    @ParameterizedTest
    @EnumSource(value = Tongue.class, mode = EnumSource.Mode.EXCLUDE, names = "CHAT")
    void anEchoIsThePromptBeforeTheAnswer(Tongue upstream) {
        Rig rig = rigs.of(upstream);
        rig.upstream().otherwise(request -> upstream.answer(request, " Because."));
        String ask = "\"prompt\":\"Why \\\"so\\\" ü?\",\"echo\":true";
        RawResponse whole = post(rig, ask);
        assertThat(whole.header("x-gateway-warnings").orElse("")).doesNotContain("echo");
        assertThat(whole.json().at("/choices/0/text").stringValue())
                .isEqualTo("Why \"so\" ü? Because.");
        StringBuilder said = new StringBuilder();
        for (SseEvent event : SseParser.strict(post(rig, ask + ",\"stream\":true").body())) {
            if (!event.isDone()) {
                said.append(event.json().at("/choices/0/text").stringValue());
            }
        }
        assertThat(said).hasToString("Why \"so\" ü? Because.");
        assertThat(rig.upstream().request(2).text()).doesNotContain("echo");
    }

    @Test
    void whatSaysNothingIsNoReasonToRefuse() {
        Rig rig = rigs.of(Tongue.MESSAGES);
        rig.upstream().otherwise(request -> Tongue.MESSAGES.answer(request, "Because."));
        RawResponse response =
                post(
                        rig,
                        "\"prompt\":\"a\",\"echo\":false,\"best_of\":1,\"logprobs\":null,\"suffix\":\"\"");
        assertThat(response.status()).isEqualTo(200);
    }
}
