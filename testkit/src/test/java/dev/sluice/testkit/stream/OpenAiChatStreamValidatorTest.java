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
import java.util.stream.Stream;

@Tag("R15")
@Tag("R32")
@Tag("R40")
@Tag("R53")
class OpenAiChatStreamValidatorTest {
    private static final ChatEvents CHAT = ChatEvents.of("c1", "m");
    private static final String ROLE = CHAT.role();
    private static final String TEXT = CHAT.text("Hi");
    private static final String END = CHAT.end("stop");
    private static final String TOOL = CHAT.tool(0, "call_a", "f");
    private static final String ARGUMENTS = CHAT.arguments(0, "{\"a\":1}");
    private static final String TOOL_END = CHAT.end("tool_calls");

    static List<Golden> goldens() {
        return Goldens.openAiChat();
    }

    static Stream<Golden> properGoldens() {
        return goldens().stream().filter(golden -> !golden.isSloppy());
    }

    static Stream<Golden> sloppyGoldens() {
        return goldens().stream().filter(Golden::isSloppy);
    }

    @ParameterizedTest
    @MethodSource("properGoldens")
    void properGoldensFoldToWhatTheyShould(Golden golden) {
        assertFolds(golden, OpenAiChatStreamValidator.expectingUsage().validate(golden.bytes()));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void lenientlyAllGoldensFoldToWhatTheyShould(Golden golden) {
        assertFolds(golden, OpenAiChatStreamValidator.lenient().validate(golden.bytes()));
    }

    @ParameterizedTest
    @MethodSource("sloppyGoldens")
    void sloppyGoldensAreRefused(Golden golden) {
        assertThatThrownBy(
                        () -> OpenAiChatStreamValidator.expectingUsage().validate(golden.bytes()))
                .isInstanceOf(AssertionError.class);
    }

    private static void assertFolds(Golden golden, FoldedAnswer answer) {
        assertThat(answer.isComplete()).isNotEqualTo(golden.endsInError());
        assertThat(answer.error()).isEqualTo(golden.note("x_error"));
        golden.note("x_partial_content")
                .ifPresent(text -> assertThat(answer.text()).isEqualTo(text.stringValue()));
        golden.note("x_reasoning")
                .ifPresent(text -> assertThat(answer.thinking()).isEqualTo(text.stringValue()));
        JsonSubset.assertSubset(golden.expected(), answer.response());
    }

    @Test
    void foldsToolCalls() {
        String body =
                ROLE
                        + TOOL
                        + CHAT.arguments(0, "{\"a\"")
                        + CHAT.arguments(0, ":1}")
                        + CHAT.tool(1, "call_b", "g")
                        + TOOL_END;

        FoldedAnswer answer =
                OpenAiChatStreamValidator.expectingUsage().validate(body.getBytes(UTF_8));

        assertThat(answer.toolCalls())
                .containsExactly(
                        new FoldedToolCall("call_a", "f", "{\"a\":1}"),
                        new FoldedToolCall("call_b", "g", ""));
        assertThat(answer.stopReason()).contains("tool_calls");
        assertThat(answer.usage())
                .hasValueSatisfying(
                        usage -> assertThat(usage.path("total_tokens").intValue()).isEqualTo(15));
    }

    @Test
    void acceptsAnswersWithoutUsageWhenNobodyAskedForIt() {
        String body = ROLE + TEXT + CHAT.finish("stop") + CHAT.done();

        assertThat(
                        OpenAiChatStreamValidator.expectingNoUsage()
                                .validate(body.getBytes(UTF_8))
                                .isComplete())
                .isTrue();
        assertThatThrownBy(
                        () ->
                                OpenAiChatStreamValidator.expectingUsage()
                                        .validate(body.getBytes(UTF_8)))
                .hasMessageContaining("without the usage chunk");
        assertThatThrownBy(
                        () ->
                                OpenAiChatStreamValidator.expectingNoUsage()
                                        .validate(CHAT.answer("Hi").getBytes(UTF_8)))
                .hasMessageContaining("usage that nobody asked for");
    }

    @Test
    void refusesUsageThatNobodyAskedForEvenBeforeAnError() {
        String body =
                ROLE + CHAT.finish("stop") + CHAT.usage(1, 1) + CHAT.error("server_error", "no");

        assertThatThrownBy(
                        () ->
                                OpenAiChatStreamValidator.expectingNoUsage()
                                        .validate(body.getBytes(UTF_8)))
                .hasMessageContaining("usage that nobody asked for");
    }

    @Test
    void acceptsSeveralChoicesThatInterleave() {
        String second = TEXT.replace("\"index\":0", "\"index\":1");
        String body =
                ROLE
                        + ROLE.replace("\"index\":0", "\"index\":1")
                        + TEXT
                        + second
                        + CHAT.finish("stop")
                        + CHAT.finish("length").replace("\"index\":0", "\"index\":1")
                        + CHAT.usage(1, 1)
                        + CHAT.done();

        FoldedAnswer answer =
                OpenAiChatStreamValidator.expectingUsage().validate(body.getBytes(UTF_8));

        assertThat(answer.response().path("choices")).hasSize(2);
        assertThat(answer.response().at("/choices/1/finish_reason").stringValue())
                .isEqualTo("length");
    }

    private static String manyTools(int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(CHAT.tool(i, "call_" + i, "f"));
        }
        return all.toString();
    }

    static List<Arguments> violations() {
        return List.of(
                arguments(
                        ROLE
                                + "data:"
                                + " {\"error\":{\"type\":\"t\",\"param\":null,\"code\":null}}\n\n",
                        "message is no string"),
                arguments(
                        ROLE
                                + "data:"
                                + " {\"error\":{\"message\":\"m\",\"param\":null,\"code\":null}}\n\n",
                        "type is no text"),
                arguments(ChatEvents.of("c1", "").answer("Hi"), "model is no text"),
                arguments(
                        ROLE + END.replace("\"prompt_tokens\":10", "\"prompt_tokens\":-10"),
                        "prompt_tokens is no count"),
                arguments(
                        ROLE
                                + END.replace(
                                        "\"completion_tokens\":5", "\"completion_tokens\":\"5\""),
                        "completion_tokens is no count"),
                arguments(
                        ROLE + END.replace(",\"total_tokens\":15", ""), "total_tokens is no count"),
                arguments(
                        ROLE
                                + END.replace(
                                        "\"total_tokens\":15",
                                        "\"total_tokens\":15,\"completion_tokens_details\":{\"reasoning_tokens\":6}"),
                        "more reasoning_tokens"),
                arguments(ROLE.replace("\"delta\":", "\"message\":") + END, "without a delta"),
                arguments(ROLE + manyTools(129) + TOOL_END, "more than 128 tool calls"),
                arguments(
                        ROLE
                                + TOOL.replace("\"type\":\"function\"", "\"type\":\"other\"")
                                + TOOL_END,
                        "of the type other"),
                arguments(
                        ROLE + TOOL.replace("\"function\":{", "\"f\":{") + TOOL_END,
                        "without its function object"),
                arguments("", "without [DONE]"),
                arguments(ROLE + TEXT, "without [DONE]"),
                arguments(ROLE + TEXT + CHAT.finish("stop") + CHAT.usage(1, 1), "without [DONE]"),
                arguments(CHAT.done(), "[DONE] without a chunk"),
                arguments(ROLE + TEXT + END + CHAT.done(), "after [DONE]"),
                arguments(ROLE + TEXT + END + TEXT, "after [DONE]"),
                arguments(
                        ROLE + TEXT + CHAT.usage(1, 1) + CHAT.done(),
                        "usage before the finish chunk"),
                arguments(ROLE + TEXT + CHAT.done(), "before every choice has a finish reason"),
                arguments(
                        ROLE + TEXT + CHAT.error("server_error", "no") + CHAT.done(),
                        "after the error"),
                arguments(ROLE + TEXT + CHAT.error("server_error", "no") + TEXT, "after the error"),
                arguments(ROLE + "data: {\"error\":\"text\"}\n\n", "error that is no object"),
                arguments(
                        ROLE + "data: {\"error\":{\"message\":\"m\",\"type\":\"t\"}}\n\n",
                        "without param or code"),
                arguments(
                        ROLE + CHAT.error("t", "m").replace("}}\n", "},\"choices\":[]}\n"),
                        "together with other members"),
                arguments(
                        ROLE + TEXT.replace("\"choices\"", "\"error\":null,\"choices\"") + END,
                        "error member in a good chunk"),
                arguments(ROLE + "event: chunk\n" + TEXT + END, "named event"),
                arguments(ROLE + TEXT.replace("\n\n", "\r\n\r\n") + END, "carriage return"),
                arguments(ROLE + "data: {\"id\":\n\n" + END, "not JSON"),
                arguments(ROLE + "data: {\"id\":\"a\",\"id\":\"b\"}\n\n" + END, "not JSON"),
                arguments(ROLE + TEXT + END.substring(0, END.length() - 1), "closing blank line"),
                arguments(
                        ROLE + TEXT.replace("\"id\":\"c1\"", "\"id\":\"c2\"") + END, "id differs"),
                arguments(ROLE + TEXT.replace("1760000000", "1760000001") + END, "created differs"),
                arguments(
                        ROLE + TEXT.replace("\"model\":\"m\"", "\"model\":\"n\"") + END,
                        "model differs"),
                arguments(
                        ROLE + TEXT + END.replace("\"id\":\"c1\",\"object\"", "\"object\""),
                        "id is no text"),
                arguments(
                        ROLE + TEXT.replace("chat.completion.chunk", "chat.completion") + END,
                        "wrong object"),
                arguments(
                        ROLE + TEXT.replace("1760000000", "\"now\"") + END, "created is no count"),
                arguments(
                        ROLE + TEXT.replace("\"choices\":[", "\"x\":[") + END,
                        "choices is no array"),
                arguments(
                        ROLE
                                + CHAT.usage(1, 1).replaceAll("\"usage\":\\{.*?}", "\"usage\":null")
                                + END,
                        "neither choices nor usage"),
                arguments(
                        ROLE + TEXT.replace("}]}\n", "}],\"usage\":{\"prompt_tokens\":1}}\n") + END,
                        "usage on a chunk with choices"),
                arguments(
                        ROLE
                                + CHAT.finish("stop")
                                + CHAT.usage(1, 1)
                                + CHAT.usage(1, 1)
                                + CHAT.done(),
                        "a chunk after the usage chunk"),
                arguments(
                        ROLE + END.replace("\"total_tokens\":15", "\"total_tokens\":16"),
                        "not the sum"),
                arguments(
                        ROLE
                                + END.replace(
                                        "\"total_tokens\":15",
                                        "\"total_tokens\":15,\"prompt_tokens_details\":{\"cached_tokens\":11}"),
                        "more cached_tokens"),
                arguments(TEXT + END, "no role in the first delta"),
                arguments(ROLE + ROLE + END, "role again"),
                arguments(ROLE + CHAT.delta("{}") + END, "empty delta"),
                arguments(ROLE + CHAT.delta("{\"content\":5}") + END, "content is no string"),
                arguments(
                        ROLE + TEXT.replace(",\"finish_reason\":null", "") + END,
                        "without finish_reason"),
                arguments(
                        ROLE + TEXT.replace("\"index\":0", "\"index\":-1") + END,
                        "a choice with the index -1"),
                arguments(
                        ROLE + TEXT.replace("\"index\":0", "\"index\":128") + END,
                        "a choice with the index 128"),
                arguments(
                        ROLE.replace("\"index\":0", "\"index\":1")
                                + END.replace("\"index\":0", "\"index\":1"),
                        "gap between the indices of choices"),
                arguments(
                        ROLE + TEXT + CHAT.finish("stop") + END, "goes on after its finish reason"),
                arguments(
                        ROLE + CHAT.finish("stop") + TEXT + CHAT.usage(1, 1) + CHAT.done(),
                        "goes on after its finish reason"),
                arguments(
                        ROLE + END.replace("\"delta\":{}", "\"delta\":{\"content\":\"x\"}"),
                        "finish chunk with a delta"),
                arguments(ROLE + CHAT.end("end_turn"), "unknown finish_reason"),
                arguments(ROLE + TEXT + CHAT.end("tool_calls"), "tool_calls without a call"),
                arguments(
                        ROLE + CHAT.delta("{\"tool_calls\":[]}") + END,
                        "tool_calls without a call"),
                arguments(
                        ROLE + TOOL.replace("\"index\":0,\"id\"", "\"id\"") + TOOL_END,
                        "fragment without index"),
                arguments(
                        ROLE + CHAT.tool(1, "call_a", "f") + TOOL_END,
                        "gap between the indices of tool calls"),
                arguments(
                        ROLE + TOOL + CHAT.tool(2, "call_b", "f") + TOOL_END,
                        "gap between the indices of tool calls"),
                arguments(
                        ROLE + TOOL.replace("\"id\":\"call_a\",", "") + TOOL_END, "id is no text"),
                arguments(
                        ROLE + TOOL.replace("\"type\":\"function\",", "") + TOOL_END,
                        "without type"),
                arguments(ROLE + TOOL.replace("\"name\":\"f\",", "") + TOOL_END, "name is no text"),
                arguments(
                        ROLE + TOOL.replace(",\"arguments\":\"\"", "") + TOOL_END,
                        "arguments is no string"),
                arguments(
                        ROLE
                                + TOOL
                                + ARGUMENTS.replace("\"{\\\"a\\\":1}\"", "{\"a\":1}")
                                + TOOL_END,
                        "arguments is no string"),
                arguments(
                        ROLE + TOOL + ARGUMENTS.replace("\"function\"", "\"f\"") + TOOL_END,
                        "without its function object"),
                arguments(ROLE + TOOL + TOOL + TOOL_END, "id or type again"),
                arguments(
                        ROLE
                                + TOOL
                                + ARGUMENTS.replace(
                                        "{\"arguments\"", "{\"name\":\"f\",\"arguments\"")
                                + TOOL_END,
                        "name again"),
                arguments(
                        ROLE + TOOL + CHAT.tool(1, "call_a", "g") + TOOL_END,
                        "second tool call with the id"),
                arguments(
                        ROLE + TOOL + CHAT.tool(1, "call_b", "g") + ARGUMENTS + TOOL_END,
                        "after a later call was opened"));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void refuses(String body, String fault) {
        assertThatThrownBy(
                        () ->
                                OpenAiChatStreamValidator.expectingUsage()
                                        .validate(body.getBytes(UTF_8)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(fault);
    }

    @Test
    void namesTheEventThatIsWrong() {
        String body = ROLE + TEXT + ROLE + END;

        assertThatThrownBy(
                        () ->
                                OpenAiChatStreamValidator.expectingUsage()
                                        .validate(body.getBytes(UTF_8)))
                .hasMessageStartingWith("event 3: role again");
    }

    @Test
    void anEndWithoutFinishIsNeverCompleteEvenLeniently() {
        assertThat(
                        OpenAiChatStreamValidator.lenient()
                                .validate((ROLE + TEXT).getBytes(UTF_8))
                                .isComplete())
                .isFalse();
        assertThat(OpenAiChatStreamValidator.lenient().validate(new byte[0]).isComplete())
                .isFalse();
        String finished = ROLE + TEXT + CHAT.finish("stop");
        assertThat(
                        OpenAiChatStreamValidator.lenient()
                                .validate(finished.getBytes(UTF_8))
                                .isComplete())
                .isTrue();
    }
}
