package dev.sluice.dialect.anthropic;

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
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.sse.SseParser;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** The rules of the wire for writers, each against a validator that holds all of them. */
class AnthropicEventEncoderTest {
    private static final Event START = new MessageStart("chatcmpl-1", "qwen", 1, Usage.NONE);

    private static List<Event> message(StopReason reason, Usage usage, Event... blocks) {
        List<Event> events = new ArrayList<>(List.of(START));
        events.addAll(List.of(blocks));
        events.add(new MessageDelta(reason, null, usage));
        events.add(Event.STOP);
        return events;
    }

    private static Event delta(int index, DeltaKind kind, String text) {
        return new Delta(index, kind, Text.of(text));
    }

    private static FoldedAnswer written(List<Event> events, EncodeContext context) {
        return AnthropicStreamValidator.strict().validate(Wire.encode(events, context));
    }

    private static FoldedAnswer written(List<Event> events) {
        return written(events, Wire.FOREIGN);
    }

    private static List<SseEvent> frames(List<Event> events) {
        return SseParser.strict(Wire.encode(events, Wire.FOREIGN));
    }

    private static final Event[] TEXT = {
        BlockStart.of(0, BlockKind.TEXT), delta(0, DeltaKind.TEXT, "hi"), new BlockStop(0)
    };

    @Test
    @Tag("R15")
    @Tag("R40")
    void writesTextCallsAndThinking() {
        FoldedAnswer answer =
                written(
                        message(
                                StopReason.TOOL_USE,
                                Usage.of(3, 2, 1, 9, 4),
                                BlockStart.of(0, BlockKind.THINKING),
                                delta(0, DeltaKind.THINKING, "hm"),
                                new BlockStop(0),
                                BlockStart.of(1, BlockKind.TEXT),
                                delta(1, DeltaKind.TEXT, "so"),
                                new BlockStop(1),
                                BlockStart.tool(2, "call_1", "f"),
                                delta(2, DeltaKind.ARGUMENTS, "{\"a\":"),
                                delta(2, DeltaKind.ARGUMENTS, "1}"),
                                new BlockStop(2),
                                BlockStart.tool(3, "call_2", "g"),
                                new BlockStop(3)));
        assertThat(answer.isComplete()).isTrue();
        assertThat(answer.thinking()).isEqualTo("hm");
        assertThat(answer.text()).isEqualTo("so");
        assertThat(answer.toolCalls().get(0).arguments()).isEqualTo("{\"a\":1}");
        assertThat(answer.toolCalls().get(1).arguments()).isEmpty();
        assertThat(answer.usage().orElseThrow().path("input_tokens").intValue()).isEqualTo(3);
    }

    @Test
    @Tag("R53")
    void namesEveryEventAndClosesTheLastOne() {
        byte[] bytes = Wire.encode(message(StopReason.END_TURN, Usage.NONE, TEXT), Wire.FOREIGN);
        assertThat(Json.utf8(bytes)).endsWith("\n\n").doesNotContain("[DONE]");
        for (SseEvent event : SseParser.strict(bytes)) {
            assertThat(event.type()).isEqualTo(event.json().path("type").stringValue());
        }
    }

    @Test
    void startsWithACompleteMessage() {
        JsonNode message = frames(List.of(START)).getFirst().json().path("message");
        assertThat(message)
                .isEqualTo(
                        Json.parse(
                                """
                                {"id":"msg_x1","type":"message","role":"assistant","model":"qwen",
                                 "content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,
                                 "usage":{"input_tokens":7,"cache_creation_input_tokens":0,
                                          "cache_read_input_tokens":0,"output_tokens":0}}\
                                """));
    }

    @Test
    void keepsTheUpstreamsIdWithinTheDialectAlone() {
        Event own = new MessageStart("msg_up", "", 0, Usage.NONE);
        assertThat(
                        written(
                                        List.of(
                                                own,
                                                new MessageDelta(
                                                        StopReason.END_TURN, null, Usage.NONE),
                                                Event.STOP),
                                        Wire.SAME)
                                .response()
                                .path("id")
                                .stringValue())
                .isEqualTo("msg_up");
        JsonNode nameless =
                written(
                                List.of(
                                        new MessageStart("", "", 0, Usage.NONE),
                                        new MessageDelta(StopReason.END_TURN, null, Usage.NONE),
                                        Event.STOP),
                                Wire.SAME)
                        .response();
        assertThat(nameless.path("id").stringValue()).isEqualTo("msg_x1");
        assertThat(nameless.path("model").stringValue()).isEqualTo("asked-model");
    }

    @Test
    @Tag("R26")
    void correctsTheEstimateOfTheInputAtTheEnd() {
        List<SseEvent> frames =
                frames(message(StopReason.END_TURN, Usage.of(20, 4, Usage.UNKNOWN, 5, 2), TEXT));
        assertThat(frames.getFirst().json().at("/message/usage/input_tokens").intValue())
                .isEqualTo(7);
        assertThat(frames.get(frames.size() - 2).json().path("usage"))
                .isEqualTo(
                        Json.parse(
                                "{\"input_tokens\":20,\"cache_read_input_tokens\":4,\"output_tokens\":5,"
                                    + "\"output_tokens_details\":{\"thinking_tokens\":2}}"));
    }

    @Test
    @Tag("R26")
    void tellsTheInputAtOnceWhereItIsKnown() {
        Event known = new MessageStart("m", "x", 0, Usage.of(24, 64, 8, 1, Usage.UNKNOWN));
        JsonNode usage = frames(List.of(known)).getFirst().json().at("/message/usage");
        assertThat(usage)
                .isEqualTo(
                        Json.parse(
                                "{\"input_tokens\":24,\"cache_creation_input_tokens\":8,"
                                        + "\"cache_read_input_tokens\":64,\"output_tokens\":1}"));
    }

    @Test
    void alwaysTellsTheOutput() {
        List<SseEvent> frames = frames(message(StopReason.END_TURN, Usage.NONE, TEXT));
        assertThat(frames.get(frames.size() - 2).json().path("usage"))
                .isEqualTo(Json.parse("{\"output_tokens\":0}"));
    }

    @Test
    @Tag("R29")
    void endsWithOneMessageDeltaHoweverManyCame() {
        List<Event> events = new ArrayList<>(List.of(START));
        events.add(new MessageDelta(null, null, Usage.of(3, -1, -1, 1, -1)));
        events.addAll(List.of(TEXT));
        events.add(new MessageDelta(StopReason.MAX_TOKENS, null, Usage.NONE));
        events.add(new MessageDelta(null, null, Usage.of(-1, -1, -1, 8, -1)));
        events.add(Event.STOP);
        FoldedAnswer answer = written(events);
        assertThat(answer.stopReason()).contains("max_tokens");
        assertThat(answer.usage().orElseThrow().path("output_tokens").intValue()).isEqualTo(8);
        assertThat(answer.usage().orElseThrow().path("input_tokens").intValue()).isEqualTo(3);
        assertThat(frames(events)).filteredOn(e -> e.type().equals("message_delta")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "END_TURN,end_turn",
        "MAX_TOKENS,max_tokens",
        "STOP_SEQUENCE,end_turn",
        "TOOL_USE,end_turn",
        "REFUSAL,refusal",
        "PAUSE_TURN,pause_turn",
        "CONTEXT_WINDOW,model_context_window_exceeded",
        "OTHER,end_turn"
    })
    @Tag("R39")
    void writesEveryStopReason(StopReason reason, String word) {
        assertThat(written(message(reason, Usage.NONE, TEXT)).stopReason()).contains(word);
    }

    @Test
    @Tag("R57")
    void namesTheStopSequenceThatWasMet() {
        List<Event> events = new ArrayList<>(List.of(START));
        events.addAll(List.of(TEXT));
        events.add(new MessageDelta(StopReason.STOP_SEQUENCE, Text.of("\n\"#"), Usage.NONE));
        events.add(Event.STOP);
        FoldedAnswer answer = written(events);
        assertThat(answer.stopReason()).contains("stop_sequence");
        assertThat(answer.stopSequence()).contains("\n\"#");
    }

    @Test
    void writesTheSealOnceAndLast() {
        List<Event> events =
                message(
                        StopReason.END_TURN,
                        Usage.NONE,
                        BlockStart.of(0, BlockKind.THINKING),
                        delta(0, DeltaKind.SIGNATURE, "Ab"),
                        delta(0, DeltaKind.THINKING, "hm"),
                        delta(0, DeltaKind.SIGNATURE, "Cd="),
                        new BlockStop(0),
                        BlockStart.of(1, BlockKind.THINKING),
                        delta(1, DeltaKind.THINKING, "unsealed"),
                        new BlockStop(1),
                        BlockStart.redacted(2, Raw.of("\"Em+\"")),
                        new BlockStop(2));
        FoldedAnswer answer = written(events);
        assertThat(answer.signatures()).containsExactly("AbCd=");
        assertThat(answer.redacted()).containsExactly("Em+");
        assertThat(answer.response().at("/content/1/signature").stringValue()).isEmpty();
    }

    @Test
    void writesARefusalAsTextAndReason() {
        FoldedAnswer answer =
                written(
                        message(
                                StopReason.END_TURN,
                                Usage.NONE,
                                BlockStart.of(0, BlockKind.REFUSAL),
                                delta(0, DeltaKind.REFUSAL, "I will not."),
                                new BlockStop(0)));
        assertThat(answer.text()).isEqualTo("I will not.");
        assertThat(answer.stopReason()).contains("refusal");
    }

    @Test
    @Tag("R41")
    @Tag("R45")
    void leavesForeignBlocksOutWithoutAGap() {
        List<Event> events =
                message(
                        StopReason.END_TURN,
                        Usage.NONE,
                        BlockStart.opaque(0, "x", Raw.of("{\"type\":\"x\"}")),
                        new Event.Annotation(0, "y", Raw.of("{\"type\":\"y\"}")),
                        delta(0, DeltaKind.ARGUMENTS, "{}"),
                        new BlockStop(0),
                        BlockStart.of(1, BlockKind.TEXT),
                        delta(1, DeltaKind.TEXT, "hi"),
                        new Event.Annotation(1, "logprobs", Raw.of("[]")),
                        new BlockStop(1));
        FoldedAnswer answer = written(events);
        assertThat(answer.text()).isEqualTo("hi");
        assertThat(answer.response().path("content").size()).isEqualTo(1);
        assertThat(written(events, Wire.SAME).response().path("content").size()).isEqualTo(2);
    }

    @Test
    void givesCallsIdsInLettersOfThisWire() {
        Event[] calls = {
            BlockStart.tool(0, "functions.f:0", "f"),
            new BlockStop(0),
            BlockStart.tool(1, "", "g"),
            new BlockStop(1)
        };
        FoldedAnswer answer = written(message(StopReason.TOOL_USE, Usage.NONE, calls));
        assertThat(answer.toolCalls().get(0).id())
                .isEqualTo(LegalNames.id("functions.f:0"))
                .matches("call_[a-z2-7]{26}");
        assertThat(answer.toolCalls().get(1).id()).isEqualTo("toolu_x1_1");
    }

    @Test
    @Tag("R8")
    void writesPings() {
        assertThat(Json.utf8(Wire.encode(List.of(Event.PING), Wire.FOREIGN)))
                .isEqualTo("event: ping\ndata: {\"type\":\"ping\"}\n\n");
    }

    @Test
    @Tag("R51")
    @Tag("R52")
    void endsWithAnErrorAndNothingElse() {
        List<Event> events = new ArrayList<>(List.of(START));
        events.add(TEXT[0]);
        events.add(TEXT[1]);
        events.add(
                new Event.Failed(Failure.of(FailureCode.TIMEOUT, "the upstream fell \"silent\"")));
        FoldedAnswer answer = written(events);
        assertThat(answer.isComplete()).isFalse();
        assertThat(answer.error().orElseThrow())
                .isEqualTo(
                        Json.parse(
                                """
                                {"type":"error","error":{"type":"timeout_error",
                                 "message":"the upstream fell \\"silent\\""},"request_id":"req_rid"}\
                                """));
    }

    @ParameterizedTest
    @EnumSource(FailureCode.class)
    @Tag("R52")
    void tellsEveryKindOfFailureInAStream(FailureCode code) {
        byte[] bytes =
                Wire.encode(List.of(new Event.Failed(Failure.of(code, "why"))), Wire.FOREIGN);
        JsonNode error = AnthropicStreamValidator.strict().validate(bytes).error().orElseThrow();
        assertThat(error.at("/error/type").stringValue()).isEqualTo(AnthropicErrors.type(code));
    }

    @Test
    @Tag("R13")
    void staysOneLineForEachEventWhateverIsInIt() {
        String odd = "\0\u0001 \r\n \u2028 \u2029 \ud800 \" \\ \u007f é 🎉";
        Event[] blocks = {
            BlockStart.tool(0, "call_1", odd),
            delta(0, DeltaKind.ARGUMENTS, "{}"),
            new BlockStop(0),
            BlockStart.opaque(1, "x", Raw.of("{\"type\":\"x\",\n\"a\":[\r\n1]}")),
            new BlockStop(1),
            BlockStart.of(2, BlockKind.TEXT),
            delta(2, DeltaKind.TEXT, odd),
            new BlockStop(2)
        };
        List<Event> events = message(StopReason.TOOL_USE, Usage.NONE, blocks);
        FoldedAnswer answer = written(events, Wire.SAME);
        assertThat(answer.text()).isEqualTo(odd);
        assertThat(answer.toolCalls().getFirst().name()).isEqualTo(odd);
    }
}
