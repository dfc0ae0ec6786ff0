package dev.sluice.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Source;
import dev.sluice.core.request.ThinkingConfig;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class OllamaRequestDecoderTest {
    private static Request decode(Operation operation, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return Lines.DIALECT.decodeRequest(new Call(operation, "", Headers.NONE, body));
    }

    private static Request chat(String members) {
        return decode(Operation.GENERATE, "{\"model\":\"m\"," + members + "}");
    }

    private static Request generate(String members) {
        return decode(Operation.COMPLETE, "{\"model\":\"m\"," + members + "}");
    }

    private static Request messages(String messages) {
        return chat("\"messages\":[" + messages + "]");
    }

    @ParameterizedTest
    @CsvSource({"'', true", "'\"stream\":null,', true", "'\"stream\":false,', false"})
    void streamsUnlessItIsToldNotTo(String member, boolean streamed) {
        assertThat(chat(member + "\"messages\":[]").stream()).isEqualTo(streamed);
        assertThat(generate(member + "\"prompt\":\"x\"").stream()).isEqualTo(streamed);
    }

    @Test
    void readsEveryOption() {
        Request request = decode(Operation.GENERATE, Requests.PARAMETERS);
        assertThat(request.maxOutput()).isEqualTo(100);
        assertThat(request.sampling().temperature()).isEqualTo(0.7);
        assertThat(request.sampling().topK()).isEqualTo(40);
        assertThat(request.sampling().minP()).isEqualTo(0.05);
        assertThat(request.sampling().repetitionPenalty()).isEqualTo(1.1);
        assertThat(request.sampling().seed()).isEqualTo(9007199254740993L);
        assertThat(request.sampling().stop()).containsExactly("a", "b");
        assertThat(request.sampling().topLogprobs()).isEqualTo(5);
        assertThat(request.extra())
                .containsOnlyKeys(
                        "keep_alive",
                        "truncate",
                        "shift",
                        "options.num_ctx",
                        "options.repeat_last_n",
                        "options.mirostat_tau",
                        "future_parameter");
    }

    @Test
    void takesTheValuesThatMeanNothingSaid() {
        Request request =
                chat(
                        "\"messages\":[],\"options\":{\"num_predict\":-1,\"seed\":-1,\"stop\":[\"\"],"
                            + "\"temperature\":null}");
        assertThat(request.maxOutput()).isNull();
        assertThat(request.sampling().seed()).isNull();
        assertThat(request.sampling().stop()).isEmpty();
        assertThat(chat("\"options\":{\"stop\":\"x\"}").sampling().stop()).containsExactly("x");
    }

    @ParameterizedTest
    @CsvSource({
        "true, ADAPTIVE, UNSAID",
        "false, OFF, UNSAID",
        "'\"low\"', EFFORT, LOW",
        "'\"max\"', EFFORT, MAX"
    })
    void readsHowMuchToThink(String think, ThinkingConfig.Mode mode, ThinkingConfig.Effort effort) {
        assertThat(chat("\"think\":" + think).thinking())
                .extracting(ThinkingConfig::mode, ThinkingConfig::effort)
                .containsExactly(mode, effort);
    }

    @Test
    void readsTheFormOfTheAnswer() {
        assertThat(chat("\"format\":\"json\"").responseFormat())
                .isEqualTo(new ResponseFormat.JsonObject());
        assertThat(chat("\"format\":{\"type\":\"object\"}").responseFormat())
                .isInstanceOfSatisfying(
                        ResponseFormat.JsonSchema.class,
                        schema -> assertThat(schema.schema()).hasToString("{\"type\":\"object\"}"));
        assertThat(chat("\"format\":\"\"").responseFormat()).isNull();
    }

    @Test
    @Tag("R42")
    void matchesResultsWithCallsThatHaveNoIds() {
        Request request =
                messages(
                        """
                        {"role":"user","content":"go"},
                        {"role":"assistant","tool_calls":[
                          {"function":{"name":"f","arguments":{"x": 1.50}}},
                          {"function":{"name":"g","arguments":{}}},
                          {"function":{"name":"f","arguments":null}}]},
                        {"role":"tool","tool_name":"g","content":"1"},
                        {"role":"tool","tool_name":"f","content":"2"},
                        {"role":"tool","content":"3"},
                        {"role":"user","content":"and?"}
                        """);
        assertThat(request.messages().get(1).blocks())
                .containsExactly(
                        new Block.ToolUse("call_1_0", "f", "{\"x\": 1.50}", false, null),
                        new Block.ToolUse("call_1_1", "g", "{}", false, null),
                        new Block.ToolUse("call_1_2", "f", "", false, null));
        assertThat(request.messages().get(2))
                .isEqualTo(
                        new Message(
                                Role.USER,
                                List.of(
                                        result("call_1_1", "1"),
                                        result("call_1_0", "2"),
                                        result("call_1_2", "3"),
                                        new Block.Text("and?"))));
    }

    private static Block result(String id, String text) {
        return new Block.ToolResult(id, List.of(new Block.Text(text)), false, null);
    }

    @Test
    void readsImagesAndFindsTheirType() {
        Request request =
                messages(
                        """
                        {"role":"user","content":"look","images":["iVBORw0KGgo=","data:image/webp;base64,UklGRg=="]}
                        """);
        assertThat(request.messages().getFirst().blocks())
                .containsExactly(
                        new Block.Text("look"),
                        new Block.Image(new Source.Base64("image/png", "iVBORw0KGgo="), null, null),
                        new Block.Image(new Source.Base64("image/webp", "UklGRg=="), null, null));
    }

    @Test
    void readsAPromptAsAConversation() {
        Request request =
                generate(
                        "\"prompt\":\"why?\",\"system\":\"Be brief.\",\"images\":[\"/9j/\"],"
                                + "\"suffix\":\"\",\"raw\":false,\"context\":[],\"think\":true,"
                                + "\"options\":{\"num_predict\":7},\"keep_alive\":\"1m\"");
        assertThat(request.system()).containsExactly(new Block.Text("Be brief."));
        assertThat(request.messages())
                .containsExactly(
                        new Message(
                                Role.USER,
                                List.of(
                                        new Block.Text("why?"),
                                        new Block.Image(
                                                new Source.Base64("image/jpeg", "/9j/"),
                                                null,
                                                null))));
        assertThat(request.maxOutput()).isEqualTo(7);
        assertThat(request.extra()).containsOnlyKeys("keep_alive");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"raw\":true",
                "\"suffix\":\"}\"",
                "\"template\":\"{{ .Prompt }}\"",
                "\"context\":[1,2]"
            })
    void keepsWhatOnlyTheModelsOwnServerCanDoWithAPrompt(String member) {
        Request request = generate("\"prompt\":\"x\"," + member);
        assertThat(request.messages().getFirst().blocks().getLast())
                .isInstanceOf(Block.Opaque.class);
    }

    private static Optional<String> loading(Request request, Operation operation) {
        return OllamaLoading.asked(request, operation);
    }

    @Test
    void knowsWhatOnlyLoadsAModel() {
        Operation chat = Operation.GENERATE;
        Operation generate = Operation.COMPLETE;
        assertThat(loading(chat("\"messages\":[]"), chat)).contains("load");
        assertThat(loading(decode(chat, "{\"model\":\"m\"}"), chat)).contains("load");
        assertThat(loading(chat("\"keep_alive\":0"), chat)).contains("unload");
        assertThat(loading(generate("\"prompt\":\"\",\"keep_alive\":\"0s\""), generate))
                .contains("unload");
        assertThat(loading(generate("\"system\":\"x\",\"keep_alive\":-1"), generate))
                .contains("load");
        assertThat(loading(generate("\"prompt\":\"x\""), generate)).isEmpty();
        assertThat(loading(messages("{\"role\":\"system\",\"content\":\"x\"}"), chat)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"options\":{\"temperature\":\"hot\"}",
                "\"format\":\"xml\"",
                "\"think\":\"hard\"",
                "\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[]}]",
                "\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]",
                "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}]",
                "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{}}]}]",
                "\"tools\":[{\"type\":\"function\"}]",
                "\"tools\":[{\"function\":{\"name\":\"f\",\"parameters\":[]}}]"
            })
    void refusesWhatOllamaWouldNotUnderstand(String member) {
        assertThatThrownBy(() -> chat(member)).hasMessageMatching("(?s).+");
    }

    @Test
    void saysThatAModelIsRequired() {
        assertThatThrownBy(() -> decode(Operation.GENERATE, "{\"messages\":[]}"))
                .isInstanceOf(FailureException.class)
                .hasMessage("model is required");
        byte[] nameless = "{\"verbose\":true}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Lines.DIALECT.decodeModelName(Call.of(nameless)))
                .hasMessage("model is required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"model\":\"a:b\"}", "{\"name\":\"a:b\",\"model\":null}"})
    void readsWhichModelIsToBeShown(String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        assertThat(Lines.DIALECT.decodeModelName(Call.of(body))).isEqualTo("a:b");
    }
}
