package dev.sluice.dialect.openairesponses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Elapsed;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.Losses;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.Delta;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.core.request.Request;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.Wire;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.FoldedToolCall;
import dev.sluice.testkit.stream.OpenAiResponsesStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** What clients read. */
class OpenAiResponsesEventEncoderTest {
    private static final Dialect DIALECT = Dialects.find(OpenAiResponsesDialect.NAME).orElseThrow();
    private static final Usage USAGE = Usage.of(10, 4, Usage.UNKNOWN, 5, 2);

    private final List<Event> events = new ArrayList<>();

    private OpenAiResponsesEventEncoderTest() {
        events.add(new Event.MessageStart("", "model-1", 0, Usage.NONE));
    }

    private void block(BlockStart start, DeltaKind kind, String... texts) {
        events.add(start);
        for (String text : texts) {
            events.add(new Delta(start.index(), kind, Text.of(text)));
        }
        events.add(new Event.BlockStop(start.index()));
    }

    private FoldedAnswer end(StopReason reason) {
        events.add(new Event.MessageDelta(reason, null, USAGE));
        events.add(Event.STOP);
        return fold();
    }

    private FoldedAnswer fold() {
        return OpenAiResponsesStreamValidator.strict()
                .validate(Wire.encode(DIALECT, Wire.context(false), events));
    }

    @Test
    @Tag("R40")
    @Tag("R41")
    void putsTextsInARowIntoOneMessageAndOthersIntoItemsOfTheirOwn() {
        block(BlockStart.of(0, BlockKind.THINKING), DeltaKind.THINKING, "hm");
        block(BlockStart.of(1, BlockKind.TEXT), DeltaKind.TEXT, "a");
        block(BlockStart.of(2, BlockKind.TEXT), DeltaKind.TEXT, "b");
        block(BlockStart.tool(3, "call_1", "f"), DeltaKind.ARGUMENTS, "{\"x\":", "1.50}");
        block(BlockStart.customTool(4, "call_2", "sql"), DeltaKind.ARGUMENTS, "select ", "\"1\"");
        block(BlockStart.of(5, BlockKind.TEXT), DeltaKind.TEXT, "c");
        FoldedAnswer answer = end(StopReason.TOOL_USE);
        JsonNode output = answer.response().path("output");
        assertThat(output.valueStream().map(item -> item.path("type").stringValue()))
                .containsExactly(
                        "reasoning", "message", "function_call", "custom_tool_call", "message");
        assertThat(output.path(1).path("content").size()).isEqualTo(2);
        assertThat(answer.toolCalls())
                .containsExactly(
                        new FoldedToolCall("call_1", "f", "{\"x\":1.50}"),
                        new FoldedToolCall("call_2", "sql", "select \"1\""));
        assertThat(answer.response().path("usage").path("input_tokens").asInt()).isEqualTo(14);
        assertThat(answer.response().at("/usage/input_tokens_details/cached_tokens").asInt())
                .isEqualTo(4);
        assertThat(answer.response().at("/usage/output_tokens_details/reasoning_tokens").asInt())
                .isEqualTo(2);
    }

    @Test
    @Tag("R37")
    void givesACallWithoutArgumentsAnEmptyObject() {
        block(BlockStart.tool(0, "call_1", "f"), DeltaKind.ARGUMENTS);
        block(BlockStart.tool(1, "", "g"), DeltaKind.ARGUMENTS);
        FoldedAnswer answer = end(StopReason.TOOL_USE);
        assertThat(answer.toolCalls()).extracting(FoldedToolCall::arguments).containsOnly("{}");
        assertThat(answer.toolCalls().get(1).id()).startsWith("call_x1");
    }

    @Test
    @Tag("R39")
    void saysThatACallWasCut() {
        block(BlockStart.tool(0, "call_1", "f"), DeltaKind.ARGUMENTS, "{\"x\":");
        FoldedAnswer answer = end(StopReason.MAX_TOKENS);
        assertThat(answer.stopReason()).contains("max_output_tokens");
        assertThat(answer.response().at("/output/0/status").stringValue()).isEqualTo("incomplete");
        assertThat(answer.toolCalls().getFirst().arguments()).isEqualTo("{\"x\":");
    }

    @ParameterizedTest
    @CsvSource({
        "END_TURN, completed", "TOOL_USE, completed", "STOP_SEQUENCE, completed",
        "PAUSE_TURN, completed", "OTHER, completed", "MAX_TOKENS, max_output_tokens",
        "CONTEXT_WINDOW, max_output_tokens", "REFUSAL, content_filter",
    })
    @Tag("R39")
    void saysWhyTheAnswerEnded(StopReason reason, String word) {
        block(BlockStart.of(0, BlockKind.TEXT), DeltaKind.TEXT, "a");
        assertThat(end(reason).stopReason()).contains(word);
    }

    @Test
    void completesARefusalThatHasWords() {
        block(BlockStart.of(0, BlockKind.REFUSAL), DeltaKind.REFUSAL, "I will ", "not.");
        FoldedAnswer answer = end(StopReason.REFUSAL);
        assertThat(answer.refusal()).isEqualTo("I will not.");
        assertThat(answer.stopReason()).contains("completed");
    }

    @Test
    @Tag("R46")
    @Tag("R48")
    void marksTheSealsOfOtherVendors() {
        events.add(BlockStart.of(0, BlockKind.THINKING));
        events.add(new Delta(0, DeltaKind.SIGNATURE, Text.of("sig=")));
        events.add(new Event.BlockStop(0));
        events.add(BlockStart.redacted(1, Raw.of("\"red=\"")));
        events.add(new Event.BlockStop(1));
        FoldedAnswer answer = end(StopReason.END_TURN);
        assertThat(answer.signatures())
                .containsExactly("sluice1:other:sig=", "sluice1:redacted:red=");
        assertThat(answer.thinking()).isEmpty();
    }

    @Test
    @Tag("R45")
    void leavesOutWhatOnlyAnotherDialectKnows() {
        block(BlockStart.opaque(0, "server_tool_use", Raw.of("{}")), DeltaKind.ARGUMENTS, "{}");
        block(BlockStart.of(1, BlockKind.TEXT), DeltaKind.TEXT, "a");
        FoldedAnswer answer = end(StopReason.END_TURN);
        assertThat(answer.response().path("output").size()).isEqualTo(1);
    }

    @Test
    @Tag("R52")
    void tellsAFailureInBothFormsWhereThereIsNoOutput() {
        events.clear();
        events.add(new Event.Failed(Failure.of(FailureCode.RATE_LIMIT, "slow \"down\"\n")));
        String stream = Wire.encoded(DIALECT, Wire.context(false), events);
        JsonNode data = Json.parse(stream.substring(stream.indexOf("data: ") + 6).strip());
        assertThat(data.path("message").stringValue()).isEqualTo("slow \"down\"\n");
        assertThat(data.path("code").stringValue()).isEqualTo("rate_limit_exceeded");
        assertThat(data.path("error").path("type").stringValue()).isEqualTo("requests");
        assertThat(data.path("sequence_number").asInt(-1)).isZero();
        assertThat(fold().error()).isPresent();
    }

    @Test
    @Tag("R52")
    @Tag("R51")
    void keepsTheOutputOfAResponseThatFailed() {
        block(BlockStart.tool(0, "call_1", "f"), DeltaKind.ARGUMENTS, "{}");
        events.add(BlockStart.of(1, BlockKind.TEXT));
        events.add(new Delta(1, DeltaKind.TEXT, Text.of("half")));
        events.add(new Event.Failed(Failure.of(FailureCode.UPSTREAM_BROKEN, "cut")));
        FoldedAnswer answer = fold();
        assertThat(answer.stopReason()).contains("failed");
        assertThat(answer.error().orElseThrow().path("code").stringValue())
                .isEqualTo("server_error");
        assertThat(answer.response().at("/output/1/content/0/text").stringValue())
                .isEqualTo("half");
        assertThat(answer.response().at("/output/1/status").stringValue()).isEqualTo("incomplete");
    }

    @Test
    void repeatsTheSettingsOfTheRequest() {
        block(BlockStart.of(0, BlockKind.TEXT), DeltaKind.TEXT, "a");
        events.add(new Event.MessageDelta(StopReason.END_TURN, null, USAGE));
        events.add(Event.STOP);
        Request request =
                DIALECT.decodeRequest(
                        dev.sluice.core.dialect.Call.of(
                                Requests.PARAMETERS.getBytes(
                                        java.nio.charset.StandardCharsets.UTF_8)));
        EncodeContext context =
                new EncodeContext(
                        Operation.GENERATE,
                        "x1",
                        "asked",
                        1760000001,
                        true,
                        "req_1",
                        0,
                        false,
                        Elapsed.UNKNOWN,
                        request,
                        new Losses());
        JsonNode response =
                OpenAiResponsesStreamValidator.strict()
                        .validate(Wire.encode(DIALECT, context, events))
                        .response();
        JsonNode asked = Json.parse(Requests.PARAMETERS);
        for (String member :
                List.of(
                        "temperature",
                        "top_p",
                        "max_output_tokens",
                        "max_tool_calls",
                        "tool_choice",
                        "metadata",
                        "user",
                        "truncation",
                        "previous_response_id",
                        "prompt_cache_key",
                        "safety_identifier",
                        "service_tier",
                        "parallel_tool_calls",
                        "store",
                        "top_logprobs",
                        "text")) {
            assertThat(response.path(member)).as(member).isEqualTo(asked.path(member));
        }
        assertThat(response.path("reasoning").path("effort").stringValue()).isEqualTo("high");
        assertThat(response.path("id").stringValue()).isEqualTo("resp_x1");
        assertThat(response.path("model").stringValue()).isEqualTo("model-1");
    }
}
