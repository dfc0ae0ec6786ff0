package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.testkit.Json;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.List;

class AnthropicAnswersTest {
    private static AnswerBlock block(BlockKind kind, String text) {
        return block(kind, "", "", text, "", null);
    }

    private static AnswerBlock block(
            BlockKind kind, String id, String name, String text, String seal, @Nullable Raw data) {
        return new AnswerBlock(kind, id, name, Text.of(text), Text.of(seal), data, List.of());
    }

    private static String encode(StopReason reason, EncodeContext context, AnswerBlock... blocks) {
        Answer answer =
                new Answer("up", "qwen", 1, List.of(blocks), reason, null, Usage.of(3, 2, 1, 9, 4));
        return Json.utf8(Wire.DIALECT.encodeAnswer(answer, context));
    }

    private static JsonNode encoded(StopReason reason, AnswerBlock... blocks) {
        return Json.parse(encode(reason, Wire.FOREIGN, blocks));
    }

    @Test
    void writesAMessage() {
        assertThat(
                        encoded(
                                StopReason.END_TURN,
                                block(BlockKind.THINKING, "", "", "hm", "s", null),
                                block(BlockKind.REDACTED_THINKING, "", "", "", "", Raw.of("\"d\"")),
                                block(BlockKind.TEXT, "a\n")))
                .isEqualTo(
                        Json.parse(
                                """
                                {"id":"msg_x1","type":"message","role":"assistant","model":"qwen",
                                 "content":[{"type":"thinking","thinking":"hm","signature":"s"},
                                            {"type":"redacted_thinking","data":"d"},
                                            {"type":"text","text":"a\\n"}],
                                 "stop_reason":"end_turn","stop_sequence":null,"stop_details":null,
                                 "usage":{"input_tokens":3,"cache_creation_input_tokens":1,
                                          "cache_read_input_tokens":2,"output_tokens":9,
                                          "output_tokens_details":{"thinking_tokens":4}}}\
                                """));
    }

    @Test
    void writesARefusalAsTextAndReason() {
        JsonNode answer = encoded(StopReason.END_TURN, block(BlockKind.REFUSAL, "no"));
        assertThat(answer.at("/content/0/text").stringValue()).isEqualTo("no");
        assertThat(answer.path("stop_reason").stringValue()).isEqualTo("refusal");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"b\": 1.50, \"a\":\"\\u00fc\"}|{\"b\": 1.50, \"a\":\"\\u00fc\"}",
                "``|{}",
                "`  `|{}"
            })
    @Tag("R37")
    @Tag("R42")
    void writesArgumentsAsTheyAre(String arguments, String input) {
        assertThat(
                        encode(
                                StopReason.TOOL_USE,
                                Wire.FOREIGN,
                                block(BlockKind.TOOL_USE, "c1", "f", arguments, "", null)))
                .contains("\"input\":" + input + "}]")
                .contains("\"stop_reason\":\"tool_use\"");
    }

    @Test
    @Tag("R13")
    void escapesHalvesOfCharactersInArguments() {
        String json =
                encode(
                        StopReason.TOOL_USE,
                        Wire.FOREIGN,
                        block(BlockKind.TOOL_USE, "c1", "f", "{\"a\":\"\ud800 🎉\"}", "", null));
        assertThat(json).contains("{\"a\":\"\\ud800 🎉\"}");
        Json.parse(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "[1]", "words", "{} {}"})
    @Tag("R39")
    void neverWritesBrokenArguments(String arguments) {
        AnswerBlock cut = block(BlockKind.TOOL_USE, "c1", "f", arguments, "", null);
        AnswerBlock text = block(BlockKind.TEXT, "x");
        for (StopReason limit : List.of(StopReason.MAX_TOKENS, StopReason.CONTEXT_WINDOW)) {
            JsonNode answer = encoded(limit, text, cut);
            assertThat(answer.path("content").size()).isEqualTo(1);
            assertThat(answer.path("stop_reason").stringValue()).isNotEqualTo("tool_use");
        }
        assertThatThrownBy(() -> encoded(StopReason.TOOL_USE, cut))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().code()).isEqualTo(FailureCode.UPSTREAM_BROKEN));
    }

    @Test
    @Tag("R45")
    void writesOpaqueBlocksWithinTheDialectAlone() {
        Raw search =
                Raw.of("{\"type\":\"server_tool_use\",\"id\":\"s\",\"input\":{},\"name\":\"w\"}");
        AnswerBlock streamed =
                block(BlockKind.OPAQUE, "", "server_tool_use", "{\"q\":1.0}", "", search);
        AnswerBlock whole = block(BlockKind.OPAQUE, "", "server_tool_use", "", "", search);
        assertThat(encode(StopReason.PAUSE_TURN, Wire.SAME, streamed, whole))
                .contains(
                        "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"w\",\"input\":{\"q\":1.0}}",
                        search.toString());
        assertThat(encoded(StopReason.PAUSE_TURN, streamed).path("content").size()).isZero();
    }

    @Test
    void readsWhatItWrote() {
        String body =
                """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude","new":[1],
                 "content":[{"type":"text","text":"a","citations":[{"n":1},{"n":2}]},
                            {"type":"thinking","thinking":"","signature":"Eq+/"},
                            {"type":"redacted_thinking","data":"d"},
                            {"type":"web_search_tool_result","tool_use_id":"s","content":[{"x": 1.0}]},
                            {"type":"tool_use","id":"toolu_1","name":"f","input":{"b": 1.0}}],
                 "stop_reason":"stop_sequence","stop_sequence":"#","usage":{"input_tokens":3,"output_tokens":9,
                 "cache_creation_input_tokens":0,"cache_read_input_tokens":0}}\
                """;
        List<Event> events = Wire.decodeAnswer(body);
        Accumulator folded = Wire.fold(events);
        assertThat(folded.complete()).isTrue();
        JsonNode again = Json.parse(Wire.DIALECT.encodeAnswer(folded.answer(), Wire.SAME));
        assertThat(again.path("content")).isEqualTo(Json.parse(body).path("content"));
        assertThat(again.path("stop_sequence").stringValue()).isEqualTo("#");
        assertThat(again.path("usage")).isEqualTo(Json.parse(body).path("usage"));
        assertThat(again.path("id").stringValue()).isEqualTo("msg_1");
    }

    /** As llama.cpp tells it. */
    @Test
    @Tag("R57")
    void seesAStopSequenceInWhatIsCalledTheEndOfTheTurn() {
        List<Event> events =
                Wire.decodeAnswer(
                        """
                        {"type":"message","role":"assistant","content":[{"type":"text","text":"a"}],
                         "stop_reason":"end_turn","stop_sequence":"demo","usage":{"output_tokens":5}}\
                        """);
        assertThat(Wire.fold(events).answer().stopReason()).isEqualTo(StopReason.STOP_SEQUENCE);
        assertThat(Wire.fold(events).answer().stopSequence()).isEqualTo("demo");
    }

    @Test
    void takesAnAnswerOfASloppyServer() {
        List<Event> events =
                Wire.decodeAnswer(
                        """
                        {"content":[{"type":"text","text":""},{"type":"tool_use","name":"f","input":"{\\"a\\":1}"},
                                    {"type":"tool_use","id":"t","name":"g","input":null}],
                         "stop_reason":"end_turn","usage":null,"model":null}\
                        """);
        Answer answer = Wire.fold(events).answer();
        assertThat(answer.blocks()).hasSize(2);
        assertThat(answer.blocks().getFirst().text().toString()).isEqualTo("{\"a\":1}");
        assertThat(answer.blocks().getFirst().id()).startsWith("toolu_");
        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_USE);
        assertThat(answer.usage().isNone()).isTrue();
        assertThat(Wire.fold(Wire.decodeAnswer("{\"content\":[]}")).answer().stopReason())
                .isEqualTo(StopReason.END_TURN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}",
                "{\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}"
            })
    void takesAnErrorInPlaceOfAnAnswer(String body) {
        Accumulator folded = Wire.fold(Wire.decodeAnswer(body));
        assertThat(folded.complete()).isFalse();
        assertThat(folded.failure().orElseThrow().code()).isEqualTo(FailureCode.OVERLOADED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"content\":null}",
                "{\"content\":\"x\"}",
                "{\"content\":[1]}",
                "{\"content\":[]} x",
                "{\"content\":[]",
                "<html>"
            })
    void refusesWhatIsNoMessage(String body) {
        assertThatThrownBy(() -> Wire.decodeAnswer(body)).isInstanceOf(MalformedJson.class);
    }
}
