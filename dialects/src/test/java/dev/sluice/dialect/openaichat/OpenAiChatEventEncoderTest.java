package dev.sluice.dialect.openaichat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.BlockStop;
import dev.sluice.core.event.Event.Delta;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.Event.MessageDelta;
import dev.sluice.core.event.Event.MessageStart;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.dialect.Wire;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.FoldedToolCall;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** Events written as chunks, by the rules that every official client needs. */
class OpenAiChatEventEncoderTest {
    private static final MessageStart START =
            new MessageStart("msg_9", "claude-x", 0, Usage.of(7, 2, 1, 1, Usage.UNKNOWN));
    private static final MessageDelta END =
            new MessageDelta(StopReason.END_TURN, null, Usage.of(7, 2, 1, 5, 3));

    private static Delta delta(int index, DeltaKind kind, String text) {
        return new Delta(index, kind, Text.of(text));
    }

    private static List<Event> message(Event... blocks) {
        List<Event> events = new ArrayList<>(List.of(START));
        events.addAll(List.of(blocks));
        events.add(END);
        events.add(Event.STOP);
        return events;
    }

    private static String written(List<Event> events) {
        return Wire.encoded(Chunks.DIALECT, Wire.context(false), events);
    }

    private static FoldedAnswer folded(List<Event> events) {
        return OpenAiChatStreamValidator.expectingUsage()
                .validate(Wire.encode(Chunks.DIALECT, Wire.context(false), events));
    }

    private static List<JsonNode> chunks(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> Json.parse(line.substring(6)))
                .toList();
    }

    @Test
    @Tag("R32")
    void writesAMessageOfText() {
        String stream =
                written(
                        message(
                                BlockStart.of(0, BlockKind.TEXT),
                                delta(0, DeltaKind.TEXT, "Hé \"x\"\n\u2028"),
                                new BlockStop(0)));
        String head =
                "data: {\"id\":\"chatcmpl-x1\",\"object\":\"chat.completion.chunk\",\"created\":"
                        + "1760000001,\"model\":\"claude-x\",\"choices\":[";
        assertThat(stream)
                .isEqualTo(
                        head
                                + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n"
                                + head
                                + "{\"index\":0,\"delta\":{\"content\":\"Hé \\\"x\\\"\\n\u2028\"},"
                                + "\"finish_reason\":null}]}\n\n"
                                + head
                                + "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                                + head
                                + "],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15,\"prompt_tokens_details\":{\"cached_tokens\":2,\"cache_write_tokens\":1},\"completion_tokens_details\":{\"reasoning_tokens\":3}}}\n\n"
                                + "data: [DONE]\n\n");
    }

    @Test
    @Tag("R53")
    void writesTheTerminalMarkerOnce() {
        assertThat(written(message())).containsOnlyOnce("[DONE]").endsWith("data: [DONE]\n\n");
    }

    @Test
    void writesUsageOnlyWhereItWasAskedFor() {
        EncodeContext silent = new EncodeContext("x1", "m", 1, false, "r", 0, false);
        byte[] stream = Wire.encode(Chunks.DIALECT, silent, message());
        assertThat(Chunks.utf8(stream)).doesNotContain("usage");
        assertThat(OpenAiChatStreamValidator.expectingNoUsage().validate(stream).isComplete())
                .isTrue();
    }

    @Test
    void writesNoUsageThatNobodyReported() {
        List<Event> events =
                List.of(
                        new MessageStart("", "", 0, Usage.NONE),
                        new MessageDelta(StopReason.END_TURN, null, Usage.NONE),
                        Event.STOP);
        assertThat(written(events)).doesNotContain("usage").contains("\"model\":\"asked-model\"");
    }

    @Test
    @Tag("R34")
    @Tag("R41")
    void countsCallsAndNotBlocks() {
        FoldedAnswer answer =
                folded(
                        message(
                                BlockStart.of(0, BlockKind.THINKING),
                                delta(0, DeltaKind.THINKING, "hm"),
                                delta(0, DeltaKind.SIGNATURE, "c2ln"),
                                new BlockStop(0),
                                BlockStart.redacted(1, Raw.of("\"AAAA\"")),
                                new BlockStop(1),
                                BlockStart.of(2, BlockKind.TEXT),
                                delta(2, DeltaKind.TEXT, "ok"),
                                new BlockStop(2),
                                BlockStart.tool(3, "toolu_1", "f"),
                                delta(3, DeltaKind.ARGUMENTS, ""),
                                delta(3, DeltaKind.ARGUMENTS, "{\"x\":"),
                                delta(3, DeltaKind.ARGUMENTS, "1}"),
                                new BlockStop(3),
                                BlockStart.tool(4, "toolu_2", "g"),
                                delta(4, DeltaKind.ARGUMENTS, "{}"),
                                new BlockStop(4)));
        assertThat(answer.toolCalls())
                .containsExactly(
                        new FoldedToolCall("toolu_1", "f", "{\"x\":1}"),
                        new FoldedToolCall("toolu_2", "g", "{}"));
        assertThat(answer.thinking()).isEqualTo("hm");
        assertThat(answer.text()).isEqualTo("ok");
    }

    @Test
    void opensAMessageOfCallsAloneWithoutContent() {
        String stream = written(message(BlockStart.tool(0, "a", "f"), new BlockStop(0)));
        assertThat(chunks(stream).getFirst().at("/choices/0/delta").toString())
                .isEqualTo("{\"role\":\"assistant\",\"content\":null}");
    }

    @Test
    @Tag("R37")
    void fillsInTheArgumentsOfACallWithoutAny() {
        FoldedAnswer answer =
                folded(
                        message(
                                BlockStart.tool(0, "a", "f"),
                                new BlockStop(0),
                                BlockStart.tool(1, "b", "g"),
                                new BlockStop(1)));
        assertThat(answer.toolCalls())
                .containsExactly(
                        new FoldedToolCall("a", "f", "{}"), new FoldedToolCall("b", "g", "{}"));
    }

    @Test
    @Tag("R39")
    void leavesACallThatTheLimitCutAsItIs() {
        List<Event> events =
                List.of(
                        START,
                        BlockStart.tool(0, "a", "f"),
                        new BlockStop(0),
                        BlockStart.tool(1, "b", "g"),
                        new BlockStop(1),
                        new MessageDelta(StopReason.MAX_TOKENS, null, Usage.of(1, 0, 0, 1, 0)),
                        Event.STOP);
        FoldedAnswer answer = folded(events);
        assertThat(answer.toolCalls())
                .containsExactly(
                        new FoldedToolCall("a", "f", "{}"), new FoldedToolCall("b", "g", ""));
        assertThat(answer.stopReason()).contains("length");
        String unstreamed =
                Chunks.utf8(Chunks.DIALECT.encodeAnswer(Wire.answer(events), Wire.context(false)));
        assertThat(unstreamed).contains("\"arguments\":\"\"").contains("\"arguments\":\"{}\"");
    }

    @Test
    void writesCallsOfFreeTextAsSuch() {
        List<Event> events =
                message(
                        BlockStart.customTool(0, "a", "sql"),
                        delta(0, DeltaKind.ARGUMENTS, "select "),
                        delta(0, DeltaKind.ARGUMENTS, "1"),
                        new BlockStop(0));
        JsonNode call = folded(events).response().at("/choices/0/message/tool_calls/0");
        assertThat(call.toString())
                .isEqualTo(
                        "{\"id\":\"a\",\"type\":\"custom\",\"custom\":{\"name\":\"sql\",\"input\":"
                                + "\"select 1\"}}");
        byte[] unstreamed = Chunks.DIALECT.encodeAnswer(Wire.answer(events), Wire.context(false));
        assertThat(Json.parse(unstreamed).at("/choices/0/message/tool_calls/0")).isEqualTo(call);
    }

    @Test
    void givesACallWithoutAnIdOne() {
        FoldedAnswer answer = folded(message(BlockStart.tool(0, "", "f"), new BlockStop(0)));
        assertThat(answer.toolCalls().getFirst().id()).isEqualTo("call_x1_0");
    }

    @ParameterizedTest
    @CsvSource({
        "END_TURN, stop",
        "MAX_TOKENS, length",
        "STOP_SEQUENCE, stop",
        "TOOL_USE, stop",
        "REFUSAL, content_filter",
        "PAUSE_TURN, stop",
        "CONTEXT_WINDOW, length",
        "OTHER, stop",
    })
    @Tag("R39")
    void saysWhyAMessageOfTextEnded(StopReason reason, String word) {
        List<Event> events =
                List.of(
                        START,
                        BlockStart.of(0, BlockKind.TEXT),
                        delta(0, DeltaKind.TEXT, "a"),
                        new BlockStop(0),
                        new MessageDelta(reason, null, Usage.of(1, 0, 0, 1, 0)),
                        Event.STOP);
        assertThat(folded(events).stopReason()).contains(word);
        byte[] unstreamed = Chunks.DIALECT.encodeAnswer(Wire.answer(events), Wire.context(false));
        assertThat(Json.parse(unstreamed).at("/choices/0/finish_reason").stringValue())
                .isEqualTo(word);
    }

    @Test
    @Tag("R39")
    void saysThatACallIsWanted() {
        List<Event> events =
                List.of(
                        START,
                        BlockStart.tool(0, "a", "f"),
                        new BlockStop(0),
                        new MessageDelta(StopReason.TOOL_USE, null, Usage.of(1, 0, 0, 1, 0)),
                        Event.STOP);
        assertThat(folded(events).stopReason()).contains("tool_calls");
    }

    @Test
    void endsARefusalInWordsWithStop() {
        List<Event> events =
                List.of(
                        START,
                        BlockStart.of(0, BlockKind.REFUSAL),
                        delta(0, DeltaKind.REFUSAL, "no"),
                        new BlockStop(0),
                        new MessageDelta(StopReason.REFUSAL, null, Usage.of(1, 0, 0, 1, 0)),
                        Event.STOP);
        FoldedAnswer answer = folded(events);
        assertThat(answer.refusal()).isEqualTo("no");
        assertThat(answer.stopReason()).contains("stop");
    }

    @Test
    void takesTheLastOfSeveralReports() {
        List<Event> events =
                List.of(
                        START,
                        new MessageDelta(StopReason.MAX_TOKENS, null, Usage.NONE),
                        new MessageDelta(null, null, Usage.of(20, 0, 0, 9, 0)),
                        Event.STOP);
        FoldedAnswer answer = folded(events);
        assertThat(answer.stopReason()).contains("length");
        assertThat(answer.usage().orElseThrow().path("completion_tokens").asInt()).isEqualTo(9);
    }

    @Test
    @Tag("R8")
    void keepsAConnectionAliveByAComment() {
        ByteBuilder out = new ByteBuilder();
        Chunks.DIALECT.encoder(Wire.context(false)).encode(Event.PING, out);
        assertThat(out.toString()).isEqualTo(": ping\n\n");
    }

    @Test
    @Tag("R52")
    void tellsAFailureWithoutTheTerminalMarker() {
        List<Event> events =
                List.of(
                        START,
                        BlockStart.of(0, BlockKind.TEXT),
                        delta(0, DeltaKind.TEXT, "a"),
                        new Event.Failed(Failure.of(FailureCode.OVERLOADED, "busy")));
        String stream = written(events);
        assertThat(stream)
                .endsWith(
                        "data: {\"error\":{\"message\":\"busy\",\"type\":\"server_error\","
                                + "\"param\":null,\"code\":\"overloaded\"}}\n\n")
                .doesNotContain("[DONE]");
    }

    @Test
    @Tag("R52")
    void tellsAFailureBeforeTheMessageToo() {
        ByteBuilder out = new ByteBuilder();
        Chunks.DIALECT
                .encoder(Wire.context(false))
                .encode(new Event.Failed(Failure.of(FailureCode.TIMEOUT, "late")), out);
        assertThat(out.toString()).startsWith("data: {\"error\":").endsWith("}\n\n");
    }

    @Test
    @Tag("R45")
    void leavesOutWhatIsAnotherDialectsOwn() {
        FoldedAnswer answer =
                folded(
                        message(
                                BlockStart.opaque(0, "server_tool_use", Raw.of("{\"id\":\"s\"}")),
                                delta(0, DeltaKind.ARGUMENTS, "{}"),
                                new BlockStop(0),
                                BlockStart.of(1, BlockKind.TEXT),
                                delta(1, DeltaKind.TEXT, "a"),
                                new Event.Annotation(1, "citations_delta", Raw.of("{}")),
                                new BlockStop(1)));
        assertThat(answer.text()).isEqualTo("a");
        assertThat(answer.toolCalls()).isEmpty();
    }

    @Test
    void keepsTheIdOfAnAnswerOfItsOwnDialect() {
        MessageStart start = new MessageStart("chatcmpl-7", "m", 5, Usage.NONE);
        List<Event> events = List.of(start, END, Event.STOP);
        assertThat(written(events)).contains("\"id\":\"chatcmpl-7\"").contains("\"created\":5,");
    }

    @Test
    void allocatesNothingThatGrowsWithTheStream() {
        ByteBuilder out = new ByteBuilder();
        var encoder = Chunks.DIALECT.encoder(Wire.context(false));
        encoder.encode(START, out);
        encoder.encode(BlockStart.of(0, BlockKind.TEXT), out);
        out.clear();
        Delta growth = delta(0, DeltaKind.TEXT, "abcd");
        encoder.encode(growth, out);
        int one = out.length();
        for (int i = 0; i < 1000; i++) {
            encoder.encode(growth, out);
        }
        assertThat(out.length()).isEqualTo(1001 * one);
    }
}
