package dev.sluice.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.JsonSubset;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

@Tag("R15")
@Tag("R40")
@Tag("R41")
class AnthropicStreamValidatorTest {
    private static final AnthropicEvents MESSAGE = AnthropicEvents.of("msg_1", "m");
    private static final String START = MESSAGE.start(3);
    private static final String TEXT = MESSAGE.textBlock(0, "Hi");
    private static final String OPEN_TEXT = MESSAGE.textStart(0) + MESSAGE.text(0, "Hi");
    private static final String TOOL =
            MESSAGE.toolStart(0, "toolu_1", "f")
                    + MESSAGE.input(0, "{\"a\":1}")
                    + MESSAGE.blockStop(0);
    private static final String THINKING =
            MESSAGE.thinkingStart(0)
                    + MESSAGE.thinking(0, "Hm")
                    + MESSAGE.signature(0, "s1")
                    + MESSAGE.blockStop(0);
    private static final String END = MESSAGE.end("end_turn", 2);

    static List<Golden> goldens() {
        return Goldens.anthropic();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void goldensFoldToWhatTheyShould(Golden golden) {
        for (AnthropicStreamValidator validator :
                List.of(AnthropicStreamValidator.strict(), AnthropicStreamValidator.lenient())) {
            FoldedAnswer answer = validator.validate(golden.bytes());

            assertThat(answer.isComplete()).isNotEqualTo(golden.endsInError());
            assertThat(answer.error()).isEqualTo(golden.note("x_error"));
            golden.note("x_partial_content")
                    .ifPresent(text -> assertThat(answer.text()).isEqualTo(text.stringValue()));
            JsonSubset.assertSubset(golden.expected(), answer.response());
        }
    }

    @Test
    void foldsThinkingSignaturesAndToolCalls() {
        FoldedAnswer thought =
                AnthropicStreamValidator.strict().validate(Goldens.one("anthropic", "04").bytes());
        assertThat(thought.thinking()).startsWith("The user asks").endsWith("sum 391.");
        assertThat(thought.signatures()).containsExactly("EqQBgoldSIGNATURE==");
        assertThat(thought.redacted()).containsExactly("EmwKgoldREDACTED");

        FoldedAnswer called =
                AnthropicStreamValidator.strict().validate(Goldens.one("anthropic", "03").bytes());
        assertThat(called.toolCalls())
                .extracting(FoldedToolCall::name)
                .containsExactly("get_weather", "get_time", "ping_host");
        assertThat(called.toolCalls()).extracting(FoldedToolCall::arguments).endsWith("");

        FoldedAnswer stopped =
                AnthropicStreamValidator.strict().validate(Goldens.one("anthropic", "08").bytes());
        assertThat(stopped.stopSequence()).contains("4");
    }

    @Test
    void laterUsageReplacesAndNullKeeps() {
        String delta =
                MESSAGE.messageDelta("end_turn", 7)
                        .replace("{\"output_tokens\"", "{\"input_tokens\":null,\"output_tokens\"");
        FoldedAnswer answer =
                AnthropicStreamValidator.strict()
                        .validate((START + TEXT + delta + MESSAGE.stop()).getBytes(UTF_8));

        assertThat(answer.usage())
                .hasValueSatisfying(
                        usage -> {
                            assertThat(usage.path("input_tokens").intValue()).isEqualTo(3);
                            assertThat(usage.path("output_tokens").intValue()).isEqualTo(7);
                        });
    }

    @Test
    void acceptsPingsAnywhereAndBlocksItDoesNotKnow() {
        String hosted =
                "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"srv_1\",\"content\":[]}";
        String body =
                MESSAGE.ping()
                        + START
                        + MESSAGE.ping()
                        + MESSAGE.blockStart(0, hosted)
                        + MESSAGE.blockStop(0)
                        + MESSAGE.blockStart(1, "{\"type\":\"new_kind\",\"x\":1}")
                        + MESSAGE.blockStop(1)
                        + MESSAGE.ping()
                        + END;

        FoldedAnswer answer = AnthropicStreamValidator.strict().validate(body.getBytes(UTF_8));

        assertThat(answer.response().path("content")).hasSize(2);
    }

    @Test
    void anErrorMayComeFirst() {
        FoldedAnswer answer =
                AnthropicStreamValidator.strict()
                        .validate(MESSAGE.error("api_error", "no").getBytes(UTF_8));

        assertThat(answer.isComplete()).isFalse();
        assertThat(answer.error()).isPresent();
    }

    @Test
    void unsignedThinkingPassesOnlyWhenAllowed() {
        String unsigned =
                MESSAGE.thinkingStart(0) + MESSAGE.thinking(0, "Hm") + MESSAGE.blockStop(0);
        byte[] body = (START + unsigned + END).getBytes(UTF_8);

        assertThat(
                        AnthropicStreamValidator.strict()
                                .allowingUnsignedThinking()
                                .validate(body)
                                .thinking())
                .isEqualTo("Hm");
        assertThatThrownBy(() -> AnthropicStreamValidator.strict().validate(body))
                .hasMessageContaining("without a signature_delta");
    }

    @Test
    void lenientlyBlocksMayOverlap() {
        String body =
                START
                        + MESSAGE.textStart(0)
                        + MESSAGE.toolStart(1, "toolu_1", "f")
                        + MESSAGE.text(0, "a")
                        + MESSAGE.input(1, "{}")
                        + MESSAGE.text(0, "b")
                        + MESSAGE.messageDelta("tool_use", 1);

        FoldedAnswer answer = AnthropicStreamValidator.lenient().validate(body.getBytes(UTF_8));

        assertThat(answer.text()).isEqualTo("ab");
        assertThat(answer.toolCalls()).containsExactly(new FoldedToolCall("toolu_1", "f", "{}"));
        assertThat(answer.isComplete()).isTrue();
    }

    static List<Arguments> violations() {
        return List.of(
                arguments(
                        START
                                + AnthropicEvents.event(
                                        "error", "\"error\":{\"type\":\"api_error\"}"),
                        "message is no string"),
                arguments(
                        START
                                + MESSAGE.blockStart(
                                        0, "{\"type\":\"thinking\",\"signature\":\"\"}")
                                + END,
                        "start with thinking"),
                arguments(
                        START
                                + MESSAGE.textStart(0)
                                + AnthropicEvents.event(
                                        "content_block_delta",
                                        "\"index\":0,\"delta\":{\"type\":\"citations_delta\"}")
                                + END,
                        "without a citation"),
                arguments(
                        START
                                + MESSAGE.blockStart(0, "{\"type\":\"new_kind\"}")
                                + AnthropicEvents.event(
                                        "content_block_delta", "\"index\":0,\"delta\":{}")
                                + END,
                        "delta without a type"),
                arguments("", "without message_stop"),
                arguments(START + TEXT, "without message_stop"),
                arguments(
                        START + TEXT + MESSAGE.messageDelta("end_turn", 1), "without message_stop"),
                arguments(START + TEXT + END + MESSAGE.stop(), "after message_stop"),
                arguments(START + TEXT + END + MESSAGE.ping(), "after message_stop"),
                arguments(START + TEXT + END + "data: [DONE]\n\n", "after message_stop"),
                arguments(START + "data: [DONE]\n\n", "this dialect does not have"),
                arguments(
                        START + TEXT + MESSAGE.error("api_error", "no") + MESSAGE.stop(),
                        "after the error"),
                arguments(
                        START
                                + OPEN_TEXT
                                + "event: error\ndata: {\"type\":\"error\",\"error\":\"no\"}\n\n",
                        "type is no text"),
                arguments(
                        START.replace("event: message_start\n", "") + TEXT + END,
                        "is named message and typed message_start"),
                arguments(
                        START + TEXT.replace("event: content_block_stop", "event: ping") + END,
                        "is named ping and typed"),
                arguments(
                        START + AnthropicEvents.event("keepalive", "") + TEXT + END,
                        "unknown event"),
                arguments(START + TEXT.replace("\n\n", "\r\n\r\n") + END, "carriage return"),
                arguments(
                        START + AnthropicEvents.event("ping", "\"n\":1") + TEXT + END,
                        "ping with other members"),
                arguments(TEXT + END, "before message_start"),
                arguments(MESSAGE.stop(), "before message_start"),
                arguments(START + START + TEXT + END, "second message_start"),
                arguments(START.replace("\"id\":\"msg_1\",", "") + TEXT + END, "id is no text"),
                arguments(START.replace("\"model\":\"m\",", "") + TEXT + END, "model is no text"),
                arguments(
                        START.replace("\"role\":\"assistant\"", "\"role\":\"user\"") + TEXT + END,
                        "of the role"),
                arguments(
                        START.replace("\"type\":\"message\"", "\"type\":\"m\"") + TEXT + END,
                        "of the type"),
                arguments(
                        START.replace("\"content\":[],", "") + TEXT + END, "without empty content"),
                arguments(
                        START.replace("\"stop_reason\":null,", "") + TEXT + END,
                        "stop_reason is not null"),
                arguments(
                        START.replace("\"stop_sequence\":null,", "") + TEXT + END,
                        "stop_sequence is not null"),
                arguments(
                        START.replace("\"input_tokens\":3,", "") + TEXT + END,
                        "input_tokens is no count"),
                arguments(
                        START.replace(",\"output_tokens\":1", "") + TEXT + END,
                        "output_tokens is no count"),
                arguments(
                        START + OPEN_TEXT + MESSAGE.textBlock(1, "b") + MESSAGE.blockStop(0) + END,
                        "while another is open"),
                arguments(START + MESSAGE.textBlock(1, "b") + END, "should be 0"),
                arguments(START + TEXT + TEXT + END, "should be 1"),
                arguments(START + TEXT + MESSAGE.textBlock(2, "b") + END, "should be 1"),
                arguments(
                        START
                                + TEXT
                                + MESSAGE.messageDelta("end_turn", 1)
                                + MESSAGE.textBlock(1, "b")
                                + MESSAGE.stop(),
                        "block after message_delta"),
                arguments(
                        START + MESSAGE.textStart(0).replace("\"index\":0,", "") + END,
                        "index is no count"),
                arguments(
                        START + MESSAGE.blockStart(0, "{\"type\":\"text\"}") + END,
                        "start with text"),
                arguments(
                        START + MESSAGE.blockStart(0, "{\"type\":\"text\",\"text\":\"Hi\"}") + END,
                        "start with text"),
                arguments(
                        START
                                + MESSAGE.blockStart(0, "{\"type\":\"thinking\",\"thinking\":\"\"}")
                                + END,
                        "start with signature"),
                arguments(
                        START + MESSAGE.blockStart(0, "{\"type\":\"redacted_thinking\"}") + END,
                        "data is no text"),
                arguments(START + MESSAGE.blockStart(0, "{}") + END, "type is no text"),
                arguments(
                        START + TOOL.replace("toolu_1", "to:1") + END,
                        "tool id with other characters"),
                arguments(START + TOOL.replace("\"name\":\"f\",", "") + END, "name is no text"),
                arguments(
                        START + TOOL.replace(",\"input\":{}", "") + END, "start with the input {}"),
                arguments(
                        START + TOOL.replace("\"input\":{}", "\"input\":{\"a\":1}") + END,
                        "start with the input {}"),
                arguments(
                        START + MESSAGE.text(0, "Hi") + END,
                        "delta for block 0, which is not open"),
                arguments(
                        START + OPEN_TEXT + MESSAGE.text(1, "Hi") + END,
                        "delta for block 1, which is not open"),
                arguments(
                        START + TEXT + MESSAGE.text(0, "late") + END,
                        "delta for block 0, which is not open"),
                arguments(
                        START + TEXT + MESSAGE.blockStop(0) + END,
                        "stop for block 0, which is not open"),
                arguments(
                        START + OPEN_TEXT + MESSAGE.blockStop(1) + END,
                        "stop for block 1, which is not open"),
                arguments(
                        START + MESSAGE.textStart(0) + MESSAGE.input(0, "{}") + END,
                        "input_json_delta in a text block"),
                arguments(
                        START + MESSAGE.thinkingStart(0) + MESSAGE.text(0, "Hm") + END,
                        "text_delta in a thinking block"),
                arguments(
                        START + MESSAGE.toolStart(0, "t", "f") + MESSAGE.text(0, "Hm") + END,
                        "text_delta in a tool_use block"),
                arguments(
                        START
                                + MESSAGE.blockStart(
                                        0, "{\"type\":\"redacted_thinking\",\"data\":\"d\"}")
                                + MESSAGE.text(0, "x")
                                + END,
                        "in a redacted_thinking block"),
                arguments(
                        START + OPEN_TEXT.replace(",\"text\":\"Hi\"", "") + END,
                        "text is no string"),
                arguments(
                        START + MESSAGE.toolStart(0, "t", "f") + MESSAGE.blockStop(0) + END,
                        "without a single input_json_delta"),
                arguments(
                        START + THINKING.replace(MESSAGE.signature(0, "s1"), "") + END,
                        "without a signature_delta"),
                arguments(
                        START
                                + THINKING.replace(MESSAGE.blockStop(0), MESSAGE.signature(0, "s2"))
                                + END,
                        "delta after the signature"),
                arguments(
                        START
                                + THINKING.replace(
                                        MESSAGE.blockStop(0), MESSAGE.thinking(0, "more"))
                                + END,
                        "delta after the signature"),
                arguments(
                        START + TOOL + TOOL.replace("\"index\":0", "\"index\":1") + END,
                        "second tool use with the id"),
                arguments(START + OPEN_TEXT + END, "message_delta while a block is open"),
                arguments(START + TEXT + MESSAGE.stop(), "message_stop without message_delta"),
                arguments(
                        START + TEXT + END.replace("\"output_tokens\":2", ""),
                        "output_tokens is no count"),
                arguments(
                        START + TEXT + END.replace(",\"stop_sequence\":null", ""),
                        "without stop_reason or stop_sequence"),
                arguments(START + TEXT + MESSAGE.end("stop", 1), "unknown stop_reason"),
                arguments(
                        START
                                + TEXT
                                + END.replace(
                                        "\"stop_reason\":\"end_turn\"", "\"stop_reason\":null"),
                        "unknown stop_reason"),
                arguments(START + TEXT + MESSAGE.end("stop_sequence", 1), "does not fit"),
                arguments(
                        START
                                + TEXT
                                + END.replace("\"stop_sequence\":null", "\"stop_sequence\":\"x\""),
                        "does not fit"),
                arguments(START + TEXT + MESSAGE.end("tool_use", 1), "tool_use without one"),
                arguments(
                        START
                                + TOOL.replace("{\\\"a\\\":1}", "{\\\"a\\\":")
                                + MESSAGE.end("tool_use", 1),
                        "is no object"),
                arguments(
                        START + TOOL.replace("{\\\"a\\\":1}", "[1]") + MESSAGE.end("tool_use", 1),
                        "is no object"));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void refuses(String body, String fault) {
        assertThatThrownBy(() -> AnthropicStreamValidator.strict().validate(body.getBytes(UTF_8)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(fault);
    }

    @Test
    void acceptsWhatTheViolationsAreMadeOf() {
        for (String blocks : List.of(TEXT, THINKING, TOOL)) {
            assertThat(
                            AnthropicStreamValidator.strict()
                                    .validate((START + blocks + END).getBytes(UTF_8))
                                    .isComplete())
                    .isTrue();
        }
    }
}
