package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.Source;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;

class PromptTest {
    private static Request request(Prompt prompt) {
        return prompt.request("openai-chat", "m", 256, Sampling.NONE);
    }

    @Test
    void joinsBlocksOfOneTurn() {
        Request request =
                request(
                        new Prompt()
                                .system("Be brief.")
                                .user("What is this?")
                                .image(new byte[] {1, 2, 3}, "image/png")
                                .assistant("A picture.")
                                .user("Of what?"));
        assertThat(request.system()).containsExactly(new Block.Text("Be brief."));
        assertThat(request.messages())
                .containsExactly(
                        new Message(
                                Role.USER,
                                List.of(
                                        new Block.Text("What is this?"),
                                        new Block.Image(
                                                new Source.Base64("image/png", "AQID"),
                                                null,
                                                null))),
                        Message.of(Role.ASSISTANT, "A picture."),
                        Message.of(Role.USER, "Of what?"));
    }

    @Test
    void takesImagesByAddress() {
        Request request =
                request(
                        new Prompt()
                                .image("https://pictures.test/cat.png")
                                .image("data:image/png;base64,AQID"));
        assertThat(request.messages().getFirst().blocks())
                .containsExactly(
                        new Block.Image(
                                new Source.Url("https://pictures.test/cat.png"), null, null),
                        new Block.Image(new Source.Base64("image/png", "AQID"), null, null));
    }

    @Test
    void offersTools() {
        String schema = "{\"type\":\"object\"}";
        Request request =
                request(
                        Prompt.of("Rain?")
                                .tool("weather", "The weather of a city.", schema)
                                .toolChoice(new ToolChoice.Required()));
        assertThat(request.tools())
                .containsExactly(
                        new Tool.Function(
                                "weather", "The weather of a city.", Raw.of(schema), null, null));
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThatThrownBy(() -> new Prompt().tool("weather", "The weather.", "{"))
                .isInstanceOf(MalformedJson.class);
    }

    @Test
    void wantsFormsAndThinking() {
        Request request =
                request(
                        Prompt.of("Rain?")
                                .jsonSchema("rain", "{\"type\":\"object\"}")
                                .thinking(ThinkingConfig.budget(2048))
                                .customize(change -> change.user = "somebody"));
        assertThat(request.responseFormat()).isInstanceOf(ResponseFormat.JsonSchema.class);
        assertThat(request.thinking()).isEqualTo(ThinkingConfig.budget(2048));
        assertThat(request.user()).isEqualTo("somebody");
    }

    @Test
    void alwaysAsksForAStream() {
        Request request = request(Prompt.of("Hi.").customize(change -> change.stream = false));
        assertThat(request.stream()).isTrue();
        assertThat(request.includeUsage()).isTrue();
        assertThat(request.maxOutput()).isEqualTo(256);
    }

    private static AnswerBlock block(
            BlockKind kind, String id, String name, String text, String seal, @Nullable Raw data) {
        return new AnswerBlock(kind, id, name, Text.of(text), Text.of(seal), data, List.of());
    }

    @Test
    @Tag("R42")
    @Tag("R46")
    void givesAnswersBackAsTheyWere() {
        String arguments = "{ \"city\" :\"K\\u00f6ln\", \"n\":1.0e1 }";
        Raw opaque = Raw.of("{\"type\":\"server_tool_use\", \"n\":1.0}");
        Answer answer =
                new Answer(
                        "msg-1",
                        "m",
                        0,
                        List.of(
                                block(BlockKind.THINKING, "", "", "Hm.", "c2Vhb==", null),
                                block(
                                        BlockKind.REDACTED_THINKING,
                                        "",
                                        "",
                                        "",
                                        "",
                                        Raw.of("\"c2VjcmV0\"")),
                                block(BlockKind.TEXT, "", "", "Let me look.", "", null),
                                block(BlockKind.TOOL_USE, "call-1", "weather", arguments, "", null),
                                block(BlockKind.REFUSAL, "", "", "No.", "", null),
                                block(BlockKind.OPAQUE, "", "server_tool_use", "", "", opaque)),
                        StopReason.TOOL_USE,
                        null,
                        Usage.NONE);
        Request request =
                request(
                        Prompt.of("Rain?")
                                .answer(answer)
                                .toolResult("call-1", "It rains.")
                                .toolError("call-2", "No such city."));
        assertThat(request.messages().get(1))
                .isEqualTo(
                        new Message(
                                Role.ASSISTANT,
                                List.of(
                                        new Block.Thinking("Hm.", "c2Vhb=="),
                                        new Block.RedactedThinking("c2VjcmV0"),
                                        new Block.Text("Let me look."),
                                        new Block.ToolUse(
                                                "call-1", "weather", arguments, false, null),
                                        new Block.Refusal("No."),
                                        new Block.Opaque("server_tool_use", opaque))));
        assertThat(request.messages().get(2).blocks())
                .containsExactly(
                        new Block.ToolResult(
                                "call-1", List.of(new Block.Text("It rains.")), false, null),
                        new Block.ToolResult(
                                "call-2", List.of(new Block.Text("No such city.")), true, null));
    }

    @Test
    void saysNothingOfWhatIsAsked() {
        assertThat(Prompt.of("a secret")).hasToString("Prompt[1 messages, 0 tools]");
    }
}
