package dev.sluice.dialect.anthropic;

import static dev.sluice.testkit.stream.AnthropicEvents.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.testkit.stream.AnthropicEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Streams that are not quite what the vendor writes, and what has no golden file. */
class AnthropicEventDecoderTest {
    private static final AnthropicEvents M = AnthropicEvents.of("msg_1", "claude-sonnet-4-5");
    private static final String TOOL = "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"f\"";

    private static Accumulator fold(String stream) {
        return Wire.fold(Wire.decode(stream));
    }

    private static Accumulator complete(String stream) {
        Accumulator folded = fold(stream);
        assertThat(folded.failure()).isEmpty();
        assertThat(folded.complete()).isTrue();
        return folded;
    }

    private static List<BlockKind> kinds(Accumulator folded) {
        return folded.answer().blocks().stream().map(AnswerBlock::kind).toList();
    }

    private static List<String> texts(Accumulator folded) {
        return folded.answer().blocks().stream().map(block -> block.text().toString()).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn,END_TURN",
        "max_tokens,MAX_TOKENS",
        "stop_sequence,STOP_SEQUENCE",
        "tool_use,TOOL_USE",
        "pause_turn,PAUSE_TURN",
        "refusal,REFUSAL",
        "model_context_window_exceeded,CONTEXT_WINDOW",
        "something_new,OTHER"
    })
    @Tag("R39")
    void readsEveryStopReason(String word, StopReason reason) {
        Accumulator folded = complete(M.start(1) + M.textBlock(0, "x") + M.end(word, 2));
        assertThat(folded.answer().stopReason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn,TOOL_USE",
        "something_new,TOOL_USE",
        "max_tokens,MAX_TOKENS",
        "refusal,REFUSAL"
    })
    @Tag("R39")
    void readsAPlainEndAfterACallAsTheCall(String word, StopReason reason) {
        String call = M.toolStart(0, "toolu_1", "f") + M.input(0, "{}") + M.blockStop(0);
        assertThat(complete(M.start(1) + call + M.end(word, 2)).answer().stopReason())
                .isEqualTo(reason);
    }

    @Test
    @Tag("R57")
    void reportsTheStopSequenceThatWasMet() {
        String end =
                event(
                        "message_delta",
                        "\"delta\":{\"stop_reason\":\"stop_sequence\",\"stop_sequence\":\"\\n#\"},"
                                + "\"usage\":{\"output_tokens\":3}");
        Accumulator folded = complete(M.start(1) + M.textBlock(0, "x") + end + M.stop());
        assertThat(folded.answer().stopSequence()).isEqualTo("\n#");
    }

    /** As llama.cpp tells it. */
    @Test
    @Tag("R57")
    void seesAStopSequenceInWhatIsCalledTheEndOfTheTurn() {
        String end =
                event(
                        "message_delta",
                        "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":\"demo\"},"
                                + "\"usage\":{\"output_tokens\":3}");
        Accumulator folded = complete(M.start(1) + M.textBlock(0, "x") + end + M.stop());
        assertThat(folded.answer().stopReason()).isEqualTo(StopReason.STOP_SEQUENCE);
        assertThat(folded.answer().stopSequence()).isEqualTo("demo");
    }

    @Test
    void takesARefusalWithDetails() {
        String end =
                event(
                        "message_delta",
                        "\"delta\":{\"stop_reason\":\"refusal\",\"stop_sequence\":null,"
                                + "\"stop_details\":{\"type\":\"refusal\",\"category\":\"cyber\","
                                + "\"explanation\":\"no\"}},\"usage\":{\"output_tokens\":3}");
        Accumulator folded = complete(M.start(1) + end + M.stop());
        assertThat(folded.answer().stopReason()).isEqualTo(StopReason.REFUSAL);
        assertThat(folded.answer().blocks()).isEmpty();
    }

    @Test
    @Tag("R34")
    @Tag("R35")
    @Tag("R41")
    void putsBlocksThatOverlapInOrder() {
        String stream =
                M.start(1)
                        + M.thinkingStart(0)
                        + M.thinking(0, "hm")
                        + M.textStart(1)
                        + M.text(1, "so")
                        + event(
                                "content_block_start",
                                "\"index\":2,\"content_block\":" + TOOL + "}")
                        + M.input(2, "{\"a\":")
                        + M.toolStart(3, "toolu_2", "g")
                        + M.input(3, "{\"b\":")
                        + M.input(2, "1}")
                        + M.input(3, "2}")
                        + M.signature(0, "")
                        + M.blockStop(0)
                        + M.blockStop(1)
                        + M.blockStop(2)
                        + M.blockStop(3)
                        + M.end("tool_use", 2);
        Accumulator folded = complete(stream);
        assertThat(kinds(folded))
                .containsExactly(
                        BlockKind.THINKING, BlockKind.TEXT, BlockKind.TOOL_USE, BlockKind.TOOL_USE);
        assertThat(texts(folded)).containsExactly("hm", "so", "{\"a\":1}", "{\"b\":2}");
    }

    @Test
    void closesBlocksThatTheUpstreamLeftOpen() {
        String stream =
                M.start(1)
                        + M.textStart(0)
                        + M.text(0, "a")
                        + M.toolStart(1, "toolu_1", "f")
                        + M.input(1, "{}")
                        + M.end("tool_use", 2);
        List<Event> events = Wire.decode(stream);
        assertThat(texts(Wire.fold(events))).containsExactly("a", "{}");
        assertThat(events.subList(events.size() - 3, events.size() - 1))
                .as("the blocks end before the message does")
                .hasExactlyElementsOfTypes(Event.BlockStop.class, Event.MessageDelta.class);
    }

    @Test
    @Tag("R44")
    void leavesOutTextBlocksThatStayEmpty() {
        String stream =
                M.start(1)
                        + M.textStart(0)
                        + M.text(0, "")
                        + M.blockStop(0)
                        + M.toolStart(1, "toolu_1", "f")
                        + M.input(1, "")
                        + M.blockStop(1)
                        + M.end("tool_use", 2);
        List<Event> events = Wire.decode(stream);
        assertThat(kinds(Wire.fold(events))).containsExactly(BlockKind.TOOL_USE);
        assertThat(events).noneMatch(event -> event instanceof Event.Delta);
    }

    @Test
    void takesTextThatStandsInTheStartOfItsBlock() {
        String stream =
                M.start(1)
                        + M.blockStart(0, "{\"type\":\"text\",\"text\":\"He\"}")
                        + M.text(0, "llo")
                        + M.blockStop(0)
                        + M.blockStart(
                                1, "{\"type\":\"thinking\",\"thinking\":\"al\",\"signature\":\"\"}")
                        + M.thinking(1, "so")
                        + M.signature(1, "c2ln")
                        + M.blockStop(1)
                        + M.end("end_turn", 2);
        Accumulator folded = complete(stream);
        assertThat(texts(folded)).containsExactly("Hello", "also");
        assertThat(folded.answer().blocks().get(1).signature().toString()).isEqualTo("c2ln");
    }

    @Test
    void takesInputThatStandsInTheStartOfItsBlockOnce() {
        String filled = TOOL + ",\"input\":{\"a\": 1.0, \"b\":\"\\u00fc\"}}";
        String whole = M.start(1) + M.blockStart(0, filled) + M.blockStop(0) + M.end("tool_use", 2);
        assertThat(texts(complete(whole))).containsExactly("{\"a\": 1.0, \"b\":\"\\u00fc\"}");
        String again =
                M.start(1)
                        + M.blockStart(0, filled)
                        + M.input(0, "{\"a\":1.0}")
                        + M.blockStop(0)
                        + M.end("tool_use", 2);
        assertThat(texts(complete(again))).containsExactly("{\"a\":1.0}");
        String unclosed =
                M.start(1) + M.blockStart(0, filled) + M.textBlock(1, "x") + M.end("tool_use", 2);
        assertThat(texts(complete(unclosed)))
                .containsExactly("{\"a\": 1.0, \"b\":\"\\u00fc\"}", "x");
    }

    @Test
    @Tag("R38")
    void handsOutTheFirstPieceOfArgumentsAtOnce() {
        List<Event> events =
                Wire.decode(M.start(1) + M.toolStart(0, "toolu_1", "f") + M.input(0, "{\"a"));
        assertThat(events)
                .anyMatch(
                        event ->
                                event instanceof Event.Delta delta
                                        && delta.kind() == DeltaKind.ARGUMENTS);
    }

    @Test
    void makesAnIdForACallThatHasNone() {
        String stream =
                M.start(1)
                        + M.blockStart(0, "{\"type\":\"tool_use\",\"name\":\"f\",\"input\":{}}")
                        + M.blockStop(0)
                        + M.end("tool_use", 2);
        assertThat(complete(stream).answer().blocks().getFirst().id()).matches("toolu_\\w{32}");
    }

    @Test
    @Tag("R46")
    void keepsASignatureByteForByte() {
        String seal = "Eq+/QB\\u003d\\/==";
        String stream =
                M.start(1)
                        + M.thinkingStart(0)
                        + event(
                                "content_block_delta",
                                "\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\""
                                        + seal
                                        + "\"}")
                        + M.blockStop(0)
                        + M.end("end_turn", 2);
        List<Event> events = Wire.decode(stream);
        AnswerBlock block = Wire.fold(events).answer().blocks().getFirst();
        assertThat(block.kind()).isEqualTo(BlockKind.THINKING);
        assertThat(block.signature().toString()).isEqualTo("Eq+/QB=/==");
        assertThat(new String(Wire.encode(events, Wire.SAME), StandardCharsets.UTF_8))
                .contains("\"signature\":\"" + seal + "\"");
    }

    @Test
    @Tag("R48")
    void keepsRedactedThinking() {
        String stream =
                M.start(1)
                        + M.blockStart(0, "{\"type\":\"redacted_thinking\",\"data\":\"Em+/\"}")
                        + M.blockStop(0)
                        + M.end("end_turn", 2);
        AnswerBlock block = complete(stream).answer().blocks().getFirst();
        assertThat(block.kind()).isEqualTo(BlockKind.REDACTED_THINKING);
        assertThat(String.valueOf(block.data())).isEqualTo("\"Em+/\"");
    }

    @Test
    @Tag("R45")
    void carriesBlocksAndDeltasOfUnknownTypes() {
        String search =
                "{\"type\":\"server_tool_use\",\"id\":\"srvtoolu_1\",\"name\":\"web_search\",\"input\":{}}";
        String compaction = "{\"type\":\"compaction\",\"content\":null}";
        String stream =
                M.start(1)
                        + M.blockStart(0, search)
                        + M.input(0, "{\"query\":\"x\"}")
                        + M.blockStop(0)
                        + M.blockStart(1, compaction)
                        + event(
                                "content_block_delta",
                                "\"index\":1,\"delta\":{\"type\":\"compaction_delta\",\"content\":\"c\"}")
                        + M.blockStop(1)
                        + event("invented", "\"x\":1")
                        + M.end("end_turn", 2);
        List<Event> events = Wire.decode(stream);
        Accumulator folded = Wire.fold(events);
        assertThat(folded.complete()).isTrue();
        AnswerBlock first = folded.answer().blocks().getFirst();
        assertThat(first.kind()).isEqualTo(BlockKind.OPAQUE);
        assertThat(first.name()).isEqualTo("server_tool_use");
        assertThat(String.valueOf(first.data())).isEqualTo(search);
        assertThat(first.text().toString()).isEqualTo("{\"query\":\"x\"}");
        AnswerBlock second = folded.answer().blocks().get(1);
        assertThat(second.annotations().getFirst().name()).isEqualTo("compaction_delta");
        String written = new String(Wire.encode(events, Wire.SAME), StandardCharsets.UTF_8);
        assertThat(written)
                .contains(M.blockStart(0, search), M.blockStart(1, compaction))
                .contains("{\"type\":\"compaction_delta\",\"content\":\"c\"}");
        assertThat(new String(Wire.encode(events, Wire.FOREIGN), StandardCharsets.UTF_8))
                .doesNotContain("server_tool_use", "compaction");
    }

    @Test
    void keepsCitations() {
        String citation =
                "{\"type\":\"citations_delta\",\"citation\":{\"type\":\"char_location\",\"n\":1}}";
        String stream =
                M.start(1)
                        + M.textStart(0)
                        + event("content_block_delta", "\"index\":0,\"delta\":" + citation)
                        + M.text(0, "x")
                        + M.blockStop(0)
                        + M.end("end_turn", 2);
        Accumulator folded = complete(stream);
        assertThat(folded.answer().blocks().getFirst().annotations().getFirst().data().toString())
                .isEqualTo(citation);
        assertThat(
                        new String(
                                Wire.DIALECT.encodeAnswer(folded.answer(), Wire.SAME),
                                StandardCharsets.UTF_8))
                .contains("\"citations\":[{\"type\":\"char_location\",\"n\":1}]");
    }

    @Test
    void movesADeltaThatDoesNotFitItsBlockToTheEndOfTheMessage() {
        String stream =
                M.start(1)
                        + M.thinkingStart(0)
                        + M.thinking(0, "a")
                        + M.text(0, "b")
                        + M.blockStop(0)
                        + M.end("end_turn", 2);
        Accumulator folded = complete(stream);
        assertThat(kinds(folded)).containsExactly(BlockKind.THINKING, BlockKind.TEXT);
        assertThat(texts(folded)).containsExactly("a", "b");
    }

    @Test
    void takesDeltasOfABlockThatDidNotStart() {
        assertThat(texts(complete(M.start(1) + M.text(0, "a") + M.end("end_turn", 2))))
                .containsExactly("a");
    }

    @Test
    void takesAStreamWithoutItsStart() {
        Accumulator folded = complete(M.textBlock(0, "a") + M.end("end_turn", 2));
        assertThat(folded.answer().text()).isEqualTo("a");
        assertThat(folded.answer().id()).isEmpty();
    }

    @Test
    void goesByTheDataWhereTheEventHasNoName() {
        String stream = M.start(1) + M.textBlock(0, "a", "b") + M.end("end_turn", 2);
        String unnamed = stream.replaceAll("event: .*\n", "");
        assertThat(Wire.decode(unnamed)).isEqualTo(Wire.decode(stream));
        String untyped = stream.replaceAll("\\{\"type\":\"(message|content_block)_\\w+\",?", "{");
        assertThat(Wire.decode(untyped)).isEqualTo(Wire.decode(stream));
    }

    @Test
    void findsMembersInAnyOrder() {
        String stream =
                M.start(1)
                        + "data:"
                        + " {\"content_block\":{\"text\":\"\",\"type\":\"text\"},\"index\":0,\"type\":\"content_block_start\"}\n\n"
                        + "data:"
                        + " {\"delta\":{\"text\":\"a\",\"type\":\"text_delta\"},\"index\":0,\"type\":\"content_block_delta\"}\n\n"
                        + "data:"
                        + " {\"delta\":{\"text\":\"b\",\"type\":\"text_delta\"},\"index\":0,\"type\":\"content_block_delta\"}\n\n"
                        + M.end("end_turn", 2);
        assertThat(texts(complete(stream))).containsExactly("ab");
    }

    @Test
    @Tag("R26")
    @Tag("R29")
    void addsUpUsageThatComesInPieces() {
        String stream =
                event(
                                "message_start",
                                "\"message\":{\"id\":\"m\",\"model\":\"x\",\"usage\":{\"input_tokens\":9,"
                                    + "\"cache_read_input_tokens\":5,\"output_tokens\":1}}")
                        + M.textBlock(0, "x")
                        + event(
                                "message_delta",
                                "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"input_tokens\":0,"
                                    + "\"cache_read_input_tokens\":null,\"output_tokens\":4}")
                        + event(
                                "message_delta",
                                "\"delta\":{},\"usage\":{\"input_tokens\":11,\"output_tokens\":6}")
                        + M.stop();
        Accumulator folded = complete(stream);
        assertThat(folded.answer().usage())
                .isEqualTo(Usage.of(11, 5, Usage.UNKNOWN, 6, Usage.UNKNOWN));
        assertThat(folded.answer().stopReason()).isEqualTo(StopReason.END_TURN);
    }

    @Test
    void takesAMessageDeltaWithoutUsage() {
        String stream =
                event("message_start", "\"message\":{\"id\":\"m\",\"model\":\"x\"}")
                        + M.textBlock(0, "x")
                        + event("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"}")
                        + M.stop();
        assertThat(complete(stream).answer().usage().isNone()).isTrue();
    }

    @Test
    @Tag("R50")
    void acceptsAnEndWithoutItsMarkOnceTheReasonWasTold() {
        complete(M.start(1) + M.textBlock(0, "x") + M.messageDelta("end_turn", 2));
    }

    @Test
    void acceptsAnEndWithoutAReasonAtItsMark() {
        Accumulator folded = complete(M.start(1) + M.textBlock(0, "x") + M.stop());
        assertThat(folded.answer().stopReason()).isEqualTo(StopReason.END_TURN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ": comment\n\n",
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
                "data: [DONE]\n\n"
            })
    @Tag("R50")
    void failsWhereNothingBegan(String stream) {
        assertThat(fold(stream).failure().orElseThrow().code())
                .isEqualTo(FailureCode.UPSTREAM_BROKEN);
    }

    @Test
    @Tag("R7")
    void takesCommentsEmptyDataAndMarkersForSignsOfLife() {
        String stream =
                ": hello\n\n"
                        + M.start(1)
                        + "data:\n\n"
                        + "retry: 5\n\n"
                        + M.ping()
                        + M.textBlock(0, "x")
                        + M.end("end_turn", 2)
                        + "data: [DONE]\n\n"
                        + M.text(0, "late");
        List<Event> events = Wire.decode(stream);
        assertThat(texts(Wire.fold(events))).containsExactly("x");
        assertThat(events).contains(Event.PING);
        assertThat(events.getLast()).isEqualTo(Event.STOP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "event:"
                    + " error|{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow\"},\"request_id\":\"r\"}|RATE_LIMIT|slow",
                "event:"
                    + " error|{\"error\":{\"type\":\"api_error\",\"message\":\"oh\"}}|UPSTREAM_ERROR|oh",
                ": no name|{\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}|OVERLOADED|busy",
                ": no name|{\"type\":\"error\",\"error\":{\"type\":\"timeout_error\",\"message\":\"late\"}}|TIMEOUT|late",
                ": no name|{\"error\":\"plain words\"}|UPSTREAM_ERROR|plain words",
                "event:"
                    + " error|{\"code\":500,\"message\":\"inner\",\"type\":\"server_error\"}|UPSTREAM_ERROR|inner",
                "event:"
                    + " error|{\"error\":{\"code\":503,\"message\":\"loading\",\"type\":\"unavailable_error\"}}|OVERLOADED|loading",
                "event: error|no JSON|UPSTREAM_ERROR|the upstream reported an error and did not say"
                        + " why",
                "event: error|\"words\"|UPSTREAM_ERROR|the upstream reported an error and did not"
                        + " say why"
            })
    @Tag("R52")
    void readsFailuresInEveryForm(String name, String data, FailureCode code, String message) {
        String stream =
                M.start(1)
                        + M.textStart(0)
                        + M.text(0, "x")
                        + name
                        + "\ndata: "
                        + data
                        + "\n\n"
                        + M.stop();
        Accumulator folded = fold(stream);
        assertThat(folded.complete()).isFalse();
        assertThat(folded.failure().orElseThrow().code()).isEqualTo(code);
        assertThat(folded.failure().orElseThrow().message()).isEqualTo(message);
    }

    @Test
    void takesAnErrorMemberThatIsNullForNothing() {
        String stream =
                M.start(1)
                        + event(
                                "content_block_delta",
                                "\"index\":0,\"error\":null,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}")
                        + M.end("end_turn", 2);
        assertThat(texts(complete(stream))).containsExactly("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{\"type\":\"ping\"} x", "nonsense"})
    void refusesFramesThatAreNoObject(String data) {
        assertThatThrownBy(() -> Wire.decode(M.start(1) + "data: " + data + "\n\n"))
                .isInstanceOf(MalformedJson.class);
    }

    @Test
    void boundsTheNumberOfBlocks() {
        StringBuilder stream = new StringBuilder(M.start(1));
        for (int i = 0; i < 5000; i++) {
            stream.append(M.textStart(i)).append(M.blockStop(i));
        }
        assertThat(fold(stream.toString()).failure().orElseThrow().message())
                .contains("more than 4096 blocks");
    }

    @Test
    @Tag("R13")
    void letsOddCharactersThroughAsTheyWereEscaped() {
        String odd = "\\u0000 \\ud800 \u2028 \\\"\\n";
        String stream =
                M.start(1)
                        + M.textStart(0)
                        + event(
                                "content_block_delta",
                                "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                                        + odd
                                        + "\"}")
                        + M.blockStop(0)
                        + M.end("end_turn", 1);
        List<Event> events = Wire.decode(stream);
        assertThat(Wire.fold(events).answer().text()).isEqualTo("\0 \ud800 \u2028 \"\n");
        assertThat(new String(Wire.encode(events, Wire.SAME), StandardCharsets.UTF_8))
                .contains("\"text\":\"" + odd + "\"");
    }
}
