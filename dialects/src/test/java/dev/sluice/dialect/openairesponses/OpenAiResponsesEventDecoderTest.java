package dev.sluice.dialect.openairesponses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Tap.Sight;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.Wire;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** What servers send that the dialect does not say, and how it ends. */
class OpenAiResponsesEventDecoderTest {
    private static final Dialect DIALECT = Dialects.find(OpenAiResponsesDialect.NAME).orElseThrow();
    private static final String CREATED =
            event("response.created", "\"response\":{\"id\":\"resp_1\",\"model\":\"m\"}");
    private static final String DONE = completed("\"status\":\"completed\"");

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }

    private static String completed(String members) {
        return event("response.completed", "\"response\":{\"id\":\"resp_1\"," + members + "}");
    }

    private static String added(String item) {
        return event("response.output_item.added", item);
    }

    private static List<Event> read(String... events) {
        return Wire.decode(DIALECT, Wire.foreign(), String.join("", events));
    }

    private static Answer answer(String... events) {
        return Wire.answer(read(events));
    }

    private static String texts(Answer answer) {
        StringBuilder all = new StringBuilder();
        for (AnswerBlock block : answer.blocks()) {
            all.append(block.kind()).append(' ').append(block.name()).append(' ');
            all.append(block.text()).append('\n');
        }
        return all.toString();
    }

    @Test
    void readsEventsWithoutIndices() {
        Answer answer =
                answer(
                        CREATED,
                        added("\"item\":{\"id\":\"msg_1\",\"type\":\"message\",\"content\":[]}"),
                        event(
                                "response.output_text.delta",
                                "\"item_id\":\"msg_1\",\"delta\":\"Hi\""),
                        added(
                                "\"item\":{\"id\":\"fc_1\",\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":\"\"}"),
                        event(
                                "response.function_call_arguments.delta",
                                "\"item_id\":\"fc_1\",\"delta\":\"{}\""),
                        DONE);
        assertThat(texts(answer)).isEqualTo("TEXT  Hi\nTOOL_USE f {}\n");
        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_USE);
    }

    private static String delta(int number, String place, String text, String more) {
        return event(
                "response.output_text.delta",
                "\"sequence_number\":"
                        + number
                        + ","
                        + place
                        + ",\"delta\":\""
                        + text
                        + "\""
                        + more);
    }

    @Test
    void readsDeltasThatDifferInNumberTextAndPaddingAlone() {
        String first = "\"item_id\":\"msg_1\",\"output_index\":0";
        String second = "\"item_id\":\"msg_2\",\"output_index\":1";
        List<Event> events =
                read(
                        CREATED,
                        delta(8, first, "a", ",\"obfuscation\":\"x\""),
                        delta(9, first, "b\\n", ",\"obfuscation\":\"xyz\""),
                        delta(10, first, "", ",\"obfuscation\":\"xy\""),
                        delta(
                                11,
                                first,
                                "c",
                                ",\"obfuscation\":\"\",\"logprobs\":[{\"token\":\"c\"}]"),
                        delta(12, first, "d", ",\"obfuscation\":\"x\""),
                        added(
                                "\"output_index\":1,\"item\":{\"id\":\"msg_2\",\"type\":\"message\"}"),
                        delta(14, second, "e", ",\"obfuscation\":\"x\""),
                        delta(15, second, "f", ",\"obfuscation\":\"xy\""),
                        event("response.output_text.delta", "\"delta\":\"g\""),
                        DONE);
        assertThat(texts(Wire.answer(events))).isEqualTo("TEXT  ab\ncd\nTEXT  efg\n");
        assertThat(events.stream().filter(Event.Annotation.class::isInstance)).hasSize(1);
    }

    @Test
    @Tag("R34")
    void keepsInterleavedCallsApart() {
        Answer answer =
                answer(
                        CREATED,
                        added(
                                "\"output_index\":0,\"item\":{\"type\":\"function_call\",\"call_id\":\"a\",\"name\":\"f\"}"),
                        added(
                                "\"output_index\":1,\"item\":{\"type\":\"function_call\",\"call_id\":\"b\",\"name\":\"g\"}"),
                        event(
                                "response.function_call_arguments.delta",
                                "\"output_index\":0,\"delta\":\"{\\\"x\\\":\""),
                        event(
                                "response.function_call_arguments.delta",
                                "\"output_index\":1,\"delta\":\"{}\""),
                        event(
                                "response.function_call_arguments.delta",
                                "\"output_index\":0,\"delta\":\"1}\""),
                        DONE);
        assertThat(texts(answer)).isEqualTo("TOOL_USE f {\"x\":1}\nTOOL_USE g {}\n");
    }

    @Test
    void takesFromTheEndWhatWasNotToldBefore() {
        String item =
                "{\"id\":\"msg_1\",\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"all\"}]}";
        String call =
                "{\"id\":\"fc_1\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}";
        String output = "[" + item + "," + call + "]";
        assertThat(texts(answer(CREATED, completed("\"output\":" + output))))
                .isEqualTo("TEXT  all\nTOOL_USE f {}\n");
        assertThat(
                        texts(
                                answer(
                                        CREATED,
                                        event("response.output_item.done", "\"item\":" + item),
                                        event("response.output_item.done", "\"item\":" + call),
                                        completed("\"output\":" + output))))
                .isEqualTo("TEXT  all\nTOOL_USE f {}\n");
        assertThat(
                        texts(
                                answer(
                                        CREATED,
                                        added("\"item\":" + call.replace("{}", "")),
                                        event(
                                                "response.function_call_arguments.done",
                                                "\"item_id\":\"fc_1\",\"arguments\":\"{\\\"late\\\":1}\""),
                                        DONE)))
                .isEqualTo("TOOL_USE f {\"late\":1}\n");
    }

    @Test
    @Tag("R48")
    @Tag("R49")
    void joinsTheParagraphsOfASummaryAndKeepsThinkingFromText() {
        Answer answer =
                answer(
                        CREATED,
                        added(
                                "\"output_index\":0,\"item\":{\"id\":\"rs\",\"type\":\"reasoning\",\"summary\":[]}"),
                        event(
                                "response.reasoning_summary_text.delta",
                                "\"output_index\":0,\"summary_index\":0,\"delta\":\"one\""),
                        event(
                                "response.reasoning_summary_text.delta",
                                "\"output_index\":0,\"summary_index\":1,\"delta\":\"two\""),
                        event(
                                "response.output_item.done",
                                "\"output_index\":0,\"item\":{\"id\":\"rs\",\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"gA==\"}"),
                        DONE);
        AnswerBlock thought = answer.blocks().getFirst();
        assertThat(thought.text().toString()).isEqualTo("one\n\ntwo");
        assertThat(thought.signature().toString()).isEqualTo("sluice1:openai-responses:gA==");
        assertThat(answer.text()).isEmpty();
    }

    @Test
    @Tag("R47")
    void tellsThinkingThatIsNothingButASeal() {
        String sealed =
                event(
                        "response.output_item.done",
                        "\"output_index\":0,\"item\":{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"gA==\"}");
        assertThat(answer(CREATED, sealed, DONE).blocks())
                .singleElement()
                .matches(block -> block.kind() == BlockKind.THINKING && block.text().isEmpty());
        String empty = sealed.replace(",\"encrypted_content\":\"gA==\"", "");
        assertThat(answer(CREATED, empty, DONE).blocks()).isEmpty();
    }

    @Test
    @Tag("R44")
    void makesNoBlockOfWhatIsEmpty() {
        Answer answer =
                answer(
                        CREATED,
                        added("\"output_index\":0,\"item\":{\"type\":\"message\",\"content\":[]}"),
                        event(
                                "response.content_part.added",
                                "\"output_index\":0,\"content_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"\"}"),
                        event("response.output_text.delta", "\"output_index\":0,\"delta\":\"\""),
                        event("response.some_new_thing", "\"x\":1"),
                        "data: [DONE]\n\n",
                        DONE);
        assertThat(answer.blocks()).isEmpty();
        assertThat(answer.stopReason()).isEqualTo(StopReason.END_TURN);
    }

    @Test
    @Tag("R45")
    void tellsItemsOfHostedToolsWhole() {
        String item = "{\"type\":\"web_search_call\",\"id\":\"ws_1\",\"status\":\"completed\"}";
        Answer answer =
                answer(CREATED, event("response.output_item.done", "\"item\":" + item), DONE);
        AnswerBlock block = answer.blocks().getFirst();
        assertThat(block.kind()).isEqualTo(BlockKind.OPAQUE);
        assertThat(String.valueOf(block.data())).isEqualTo(item);
    }

    @Test
    void namesACallByItsNamespaceToo() {
        Answer answer =
                answer(
                        CREATED,
                        event(
                                "response.output_item.done",
                                "\"item\":{\"type\":\"function_call\",\"call_id\":\"c\",\"namespace\":\"agents\",\"name\":\"spawn\",\"arguments\":\"{}\"}"),
                        DONE);
        assertThat(answer.blocks().getFirst().name()).isEqualTo("agents.spawn");
        String back =
                Wire.encoded(
                        DIALECT,
                        Wire.context(false),
                        read(
                                CREATED,
                                event(
                                        "response.output_item.done",
                                        "\"item\":{\"type\":\"function_call\",\"call_id\":\"c\",\"namespace\":\"agents\",\"name\":\"spawn\",\"arguments\":\"{}\"}"),
                                DONE));
        assertThat(back).contains("\"namespace\":\"agents\",\"name\":\"spawn\"");
    }

    @ParameterizedTest
    @CsvSource({
        "incomplete, max_output_tokens, MAX_TOKENS",
        "incomplete, content_filter, REFUSAL",
        "incomplete, steered, OTHER",
        "completed, '', END_TURN",
    })
    @Tag("R39")
    void readsWhyTheAnswerEnded(String status, String reason, StopReason expected) {
        String details = reason.isEmpty() ? "null" : "{\"reason\":\"" + reason + "\"}";
        Answer answer =
                answer(
                        CREATED,
                        event(
                                "response." + status,
                                "\"response\":{\"status\":\""
                                        + status
                                        + "\",\"incomplete_details\":"
                                        + details
                                        + "}"));
        assertThat(answer.stopReason()).isEqualTo(expected);
    }

    @Test
    @Tag("R30")
    @Tag("R51")
    void tellsUsageOfAResponseThatFailed() {
        List<Event> events =
                read(
                        CREATED,
                        event(
                                "response.failed",
                                "\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"try"
                                    + " again in"
                                    + " 1.5s\"},\"usage\":{\"input_tokens\":7,\"output_tokens\":2}}"));
        Failure failure = Wire.failure(events);
        assertThat(failure.code()).isEqualTo(FailureCode.RATE_LIMIT);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(1500));
        assertThat(Wire.fold(events).answer().usage().input()).isEqualTo(7);
        assertThat(Wire.failure(read(CREATED, event("response.cancelled", "\"response\":{}"))))
                .extracting(Failure::code)
                .isEqualTo(FailureCode.UPSTREAM_ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: error\n"
                    + "data:"
                    + " {\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"slow\",\"param\":null}\n\n",
                "event: error\n"
                    + "data:"
                    + " {\"type\":\"error\",\"error\":{\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\",\"message\":\"slow\"}}\n\n",
                "data:"
                    + " {\"error\":{\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\",\"message\":\"slow\"}}\n\n",
            })
    @Tag("R52")
    void readsAnErrorInEitherForm(String error) {
        Failure failure = Wire.failure(read(CREATED, error));
        assertThat(failure.code()).isEqualTo(FailureCode.RATE_LIMIT);
        assertThat(failure.message()).isEqualTo("slow");
        Wire.Watched watched =
                Wire.watch(DIALECT, true, (CREATED + error).getBytes(StandardCharsets.UTF_8));
        assertThat(watched.missing()).contains(failure);
    }

    @Test
    void passesOnAnErrorThatEveryClientKnowsAndNoOther() {
        String nested = event("error", "\"error\":{\"code\":\"x\",\"message\":\"m\"}");
        String flat = event("error", "\"code\":\"x\",\"message\":\"m\"");
        assertThat(Wire.watch(DIALECT, true, nested.getBytes(StandardCharsets.UTF_8)).sights())
                .contains(Sight.FAILURE);
        assertThat(Wire.watch(DIALECT, true, flat.getBytes(StandardCharsets.UTF_8)).thrown())
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "17", "[]", "{}", "{\"output\":", "{\"id\":\"resp_1\"}"})
    void refusesWhatIsNoAnswer(String body) {
        try {
            List<Event> events =
                    Wire.decodeAnswer(
                            DIALECT, Wire.foreign(), body.getBytes(StandardCharsets.UTF_8));
            assertThat(Wire.failure(events).code()).isEqualTo(FailureCode.UPSTREAM_BROKEN);
        } catch (dev.sluice.core.json.MalformedJson refused) {
            assertThat(refused).hasMessageMatching(".+");
        }
    }

    @Test
    void readsAnAnswerThatHasOnlyBegun() {
        List<Event> events =
                Wire.decodeAnswer(
                        DIALECT,
                        Wire.foreign(),
                        "{\"id\":\"resp_1\",\"status\":\"queued\",\"output\":[]}"
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(Wire.answer(events).id()).isEqualTo("resp_1");
    }
}
