package dev.sluice.dialect.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Elapsed;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.Losses;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Tap.Sight;
import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.dialect.Wire;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.BedrockFrames;
import dev.sluice.testkit.stream.BedrockFrames.BedrockFrame;
import dev.sluice.testkit.stream.BedrockStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class BedrockStreamTest {
    private static final BedrockDialect DIALECT = Requests.DIALECT;
    private static final byte[] START = event("messageStart", "{\"role\":\"assistant\"}");
    private static final byte[] METADATA =
            event(
                    "metadata",
                    "{\"usage\":{\"inputTokens\":3,\"outputTokens\":2,\"totalTokens\":9,"
                            + "\"cacheReadInputTokens\":4},\"metrics\":{\"latencyMs\":1}}");

    private static byte[] event(String type, String json) {
        return BedrockFrames.event(type, json);
    }

    private static byte[] delta(int index, String delta) {
        return event(
                "contentBlockDelta",
                "{\"contentBlockIndex\":" + index + ",\"delta\":" + delta + "}");
    }

    private static byte[] stop(String reason) {
        return event("messageStop", "{\"stopReason\":\"" + reason + "\"}");
    }

    private static byte[] joined(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    private static List<Event> decoded(byte[]... frames) {
        return Wire.decode(DIALECT, Wire.same(DIALECT), List.of(joined(frames)));
    }

    private static Answer answer(byte[]... frames) {
        return Wire.answer(decoded(frames));
    }

    // ---- reading ----

    @Test
    void beginsABlockWithItsFirstDeltaWhateverItsIndex() {
        Answer answer =
                answer(
                        START,
                        delta(0, "{\"text\":\"\"}"),
                        delta(2, "{\"reasoningContent\":{\"text\":\"hm\"}}"),
                        delta(2, "{\"reasoningContent\":{\"signature\":\"s\"}}"),
                        delta(5, "{\"text\":\"a\"}"),
                        delta(5, "{\"text\":\"b\"}"),
                        event("contentBlockStop", "{\"contentBlockIndex\":5}"),
                        delta(6, "{\"text\":\"c\"}"),
                        stop("end_turn"),
                        METADATA);
        assertThat(answer.blocks())
                .extracting(block -> block.kind() + " " + block.text() + block.signature())
                .containsExactly("THINKING hms", "TEXT ab", "TEXT c");
        assertThat(answer.usage()).isEqualTo(Usage.of(3, 4, -1, 2, -1));
    }

    @Test
    void takesADeltaOfAnotherKindForAnotherBlock() {
        Answer answer =
                answer(
                        START,
                        delta(0, "{\"reasoningContent\":{\"text\":\"hm\"}}"),
                        delta(0, "{\"text\":\"a\"}"),
                        stop("end_turn"));
        assertThat(answer.blocks())
                .extracting(block -> block.kind())
                .containsExactly(BlockKind.THINKING, BlockKind.TEXT);
    }

    @Test
    @Tag("R34")
    @Tag("R37")
    void readsCallsWithoutArgumentsAndCallsThatOverlap() {
        Answer answer =
                answer(
                        START,
                        tool(0, "a"),
                        delta(0, "{\"toolUse\":{\"input\":\"{\\\"x\\\":\"}}"),
                        tool(1, "b"),
                        delta(1, "{\"toolUse\":{\"input\":\"{}\"}}"),
                        delta(0, "{\"toolUse\":{\"input\":\"1}\"}}"),
                        tool(2, "c"),
                        event("contentBlockStop", "{\"contentBlockIndex\":2}"),
                        stop("end_turn"),
                        METADATA);
        assertThat(answer.blocks())
                .extracting(block -> block.id() + block.text())
                .containsExactly("tooluse_a{\"x\":1}", "tooluse_b{}", "tooluse_c");
        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_USE);
    }

    private static byte[] tool(int index, String name) {
        return event(
                "contentBlockStart",
                "{\"contentBlockIndex\":"
                        + index
                        + ",\"start\":{\"toolUse\":{\"toolUseId\":\"tooluse_"
                        + name
                        + "\",\"name\":\""
                        + name
                        + "\"}}}");
    }

    @Test
    @Tag("R29")
    @Tag("R50")
    void isWholeWithMessageStopAndNotBefore() {
        assertThat(answer(START, delta(0, "{\"text\":\"a\"}"), stop("end_turn")).usage().isNone())
                .isTrue();
        assertThat(Wire.failure(decoded(START, delta(0, "{\"text\":\"a\"}"))).code())
                .isEqualTo(FailureCode.UPSTREAM_BROKEN);
        assertThat(Wire.failure(decoded(START, METADATA)).message()).contains("messageStop");
        assertThat(answer(START, METADATA, stop("max_tokens")).stopReason())
                .isEqualTo(StopReason.MAX_TOKENS);
        assertThat(answer(START, stop("end_turn")).blocks()).isEmpty();
    }

    @ParameterizedTest
    @Tag("R39")
    @CsvSource({
        "end_turn,END_TURN,end_turn",
        "tool_use,TOOL_USE,tool_use",
        "max_tokens,MAX_TOKENS,max_tokens",
        "stop_sequence,STOP_SEQUENCE,stop_sequence",
        "guardrail_intervened,REFUSAL,content_filtered",
        "content_filtered,REFUSAL,content_filtered",
        "model_context_window_exceeded,CONTEXT_WINDOW,model_context_window_exceeded",
        "something_new,OTHER,end_turn",
    })
    void readsAndWritesStopReasons(String word, StopReason reason, String written) {
        List<Event> events = decoded(START, delta(0, "{\"text\":\"a\"}"), stop(word), METADATA);
        assertThat(Wire.answer(events).stopReason()).isEqualTo(reason);
        byte[] stream = Wire.encode(DIALECT, Wire.context(true), events);
        assertThat(BedrockStreamValidator.validate(stream).stopReason()).contains(written);
    }

    @Test
    @Tag("R39")
    void failsWhereTheModelsOutputWasMalformed() {
        for (String word : List.of("malformed_model_output", "malformed_tool_use")) {
            assertThat(Wire.failure(decoded(START, stop(word))).message()).contains(word);
            String body =
                    "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[]}},"
                            + "\"stopReason\":\""
                            + word
                            + "\"}";
            List<Event> events =
                    Wire.decodeAnswer(
                            DIALECT, Wire.same(DIALECT), body.getBytes(StandardCharsets.UTF_8));
            assertThat(Wire.failure(events).code()).isEqualTo(FailureCode.UPSTREAM_ERROR);
        }
    }

    @Test
    @Tag("R10")
    void readsExceptionsByTheirNames() {
        assertThat(
                        Wire.failure(
                                        decoded(
                                                BedrockFrames.exception(
                                                        "throttlingException", "slow")))
                                .code())
                .isEqualTo(FailureCode.RATE_LIMIT);
        Golden unmodelled = Goldens.one("bedrock", "08");
        assertThat(Wire.failure(decoded(unmodelled.bytes())).message())
                .isEqualTo("An internal server error occurred.");
        assertThat(Wire.failure(decoded(Goldens.one("bedrock", "07").bytes())).vendorCode())
                .isEqualTo("ModelStreamErrorException");
    }

    @Test
    @Tag("R45")
    void keepsWhatItDoesNotKnowWithinTheDialect() {
        List<Event> events =
                decoded(
                        START,
                        delta(0, "{\"text\":\"a\"}"),
                        delta(0, "{\"citation\":{\"title\":\"t\"}}"),
                        event("contentBlockStop", "{\"contentBlockIndex\":0}"),
                        event(
                                "contentBlockStart",
                                "{\"contentBlockIndex\":1,\"start\":{\"image\":{\"format\":\"png\"}}}"),
                        delta(1, "{\"image\":{\"source\":{\"bytes\":\"AA==\"}}}"),
                        event("contentBlockStop", "{\"contentBlockIndex\":1}"),
                        stop("end_turn"),
                        METADATA);
        List<BedrockFrame> again =
                BedrockFrames.read(Wire.encode(DIALECT, Wire.context(true), events));
        assertThat(again.toString())
                .contains("{\"citation\":{\"title\":\"t\"}}")
                .contains("\"start\":{\"image\":{\"format\":\"png\"}}")
                .contains("{\"image\":{\"source\":{\"bytes\":\"AA==\"}}}");
        byte[] foreign = Wire.encode(DIALECT, Wire.context(false), events);
        FoldedAnswer answer = BedrockStreamValidator.validate(foreign);
        assertThat(answer.text()).isEqualTo("a");
        assertThat(answer.response().at("/output/message/content").size()).isEqualTo(1);
    }

    // ---- watching ----

    @Test
    void aPingIsNoContent() {
        byte[] stream =
                joined(
                        event("ping", "{}"),
                        START,
                        event("ping", "{}"),
                        delta(0, "{\"text\":\"a\"}"),
                        stop("end_turn"),
                        METADATA);
        Wire.Watched watched = Wire.watch(DIALECT, true, stream);
        assertThat(watched.sights())
                .containsExactly(
                        Sight.PING,
                        Sight.PREAMBLE,
                        Sight.PING,
                        Sight.CONTENT,
                        Sight.CONTENT,
                        Sight.END);
        assertThat(decoded(stream)).contains(Event.PING);
    }

    @Test
    void doesNotPassOnWhatIsSaidOfTheGatewaysOwnAccount() {
        byte[] stream = joined(START, BedrockFrames.exception("accessDeniedException", "AKIA…"));
        Wire.Watched watched = Wire.watch(DIALECT, true, stream);
        assertThat(watched.thrown().orElseThrow().code())
                .isEqualTo(FailureCode.UPSTREAM_CREDENTIALS);
        assertThat(watched.thrown().orElseThrow().message()).doesNotContain("AKIA");
    }

    // ---- writing ----

    private static List<Event> message(
            List<Event> blocks, StopReason reason, @Nullable String sequence) {
        List<Event> events = new ArrayList<>();
        events.add(new Event.MessageStart("", "", 0, Usage.NONE));
        events.addAll(blocks);
        events.add(
                new Event.MessageDelta(
                        reason,
                        sequence == null ? null : Text.of(sequence),
                        Usage.of(1, -1, -1, 2, -1)));
        events.add(Event.STOP);
        return events;
    }

    @Test
    @Tag("R44")
    void leavesBlocksOutInWhichNothingWasSaid() {
        List<Event> events =
                message(
                        List.of(
                                BlockStart.of(0, BlockKind.TEXT),
                                new Event.BlockStop(0),
                                BlockStart.tool(1, "", "f"),
                                new Event.BlockStop(1)),
                        StopReason.TOOL_USE,
                        null);
        FoldedAnswer answer =
                BedrockStreamValidator.validate(Wire.encode(DIALECT, Wire.context(false), events));
        assertThat(answer.toolCalls()).hasSize(1);
        assertThat(answer.toolCalls().getFirst().id()).isEqualTo("tooluse_x1_0");
        byte[] whole = DIALECT.encodeAnswer(Wire.answer(events), Wire.context(false));
        assertThat(Json.parse(whole).at("/output/message/content/0/toolUse/input").toString())
                .isEqualTo("{}");
    }

    @Test
    @Tag("R57")
    void tellsTheStopSequenceToWhoeverAsksForIt() {
        List<Event> events =
                message(
                        List.of(
                                BlockStart.of(0, BlockKind.TEXT),
                                new Event.Delta(0, DeltaKind.TEXT, Text.of("a")),
                                new Event.BlockStop(0)),
                        StopReason.STOP_SEQUENCE,
                        "END");
        EncodeContext asked =
                new EncodeContext(
                        Operation.GENERATE,
                        "x1",
                        "m",
                        0,
                        true,
                        "req_1",
                        0,
                        false,
                        Elapsed.UNKNOWN,
                        Requests.decoded(Requests.PARAMETERS),
                        new Losses());
        byte[] stream = Wire.encode(DIALECT, asked, events);
        assertThat(BedrockStreamValidator.validate(stream).stopSequence()).contains("END");
        assertThat(answer(stream).stopSequence()).isEqualTo("END");
        byte[] body = DIALECT.encodeAnswer(Wire.answer(events), asked);
        assertThat(Wire.answer(Wire.decodeAnswer(DIALECT, Wire.same(DIALECT), body)))
                .isEqualTo(Wire.answer(events));
        byte[] unasked = Wire.encode(DIALECT, Wire.context(false), events);
        assertThat(BedrockStreamValidator.validate(unasked).stopSequence()).isEmpty();
    }

    @Test
    @Tag("R39")
    void tellsARefusalInWordsAsFiltered() {
        List<Event> events =
                message(
                        List.of(
                                BlockStart.of(0, BlockKind.REFUSAL),
                                new Event.Delta(0, DeltaKind.REFUSAL, Text.of("no")),
                                new Event.BlockStop(0)),
                        StopReason.END_TURN,
                        null);
        FoldedAnswer answer =
                BedrockStreamValidator.validate(Wire.encode(DIALECT, Wire.context(false), events));
        assertThat(answer.text()).isEqualTo("no");
        assertThat(answer.stopReason()).contains("content_filtered");
    }

    @Test
    @Tag("R46")
    @Tag("R48")
    void keepsSealsByteForByte() {
        String seal = "EqQB/+==\\u2028\"";
        List<Event> events =
                message(
                        List.of(
                                BlockStart.of(0, BlockKind.THINKING),
                                new Event.Delta(0, DeltaKind.SIGNATURE, Text.of(seal)),
                                new Event.BlockStop(0),
                                BlockStart.redacted(1, Raw.string("c2VhbGVk")),
                                new Event.BlockStop(1)),
                        StopReason.END_TURN,
                        null);
        byte[] stream = Wire.encode(DIALECT, Wire.context(true), events);
        FoldedAnswer answer = BedrockStreamValidator.validate(stream);
        assertThat(answer.signatures()).containsExactly(seal);
        assertThat(answer.redacted()).containsExactly("c2VhbGVk");
        assertThat(answer(stream).blocks()).isEqualTo(Wire.answer(events).blocks());
    }

    // ---- noise ----

    /** Whatever comes, the events are legal and the end is one. */
    @Test
    @Tag("R10")
    void survivesEveryOrderAndShapeOfEvents() {
        List<byte[]> pieces =
                List.of(
                        START,
                        METADATA,
                        stop("tool_use"),
                        tool(0, "a"),
                        tool(1, "b"),
                        delta(0, "{\"text\":\"t\"}"),
                        delta(1, "{\"text\":\"u\"}"),
                        delta(0, "{\"reasoningContent\":{\"text\":\"r\"}}"),
                        delta(0, "{\"reasoningContent\":{\"redactedContent\":\"AA==\"}}"),
                        delta(1, "{\"reasoningContent\":{\"signature\":\"s\"}}"),
                        delta(1, "{\"toolUse\":{\"input\":\"{\"}}"),
                        delta(1, "{\"toolUse\":{\"input\":\"}\"}}"),
                        delta(0, "{\"new\":1}"),
                        delta(0, "null"),
                        delta(7, "{}"),
                        event("contentBlockStop", "{\"contentBlockIndex\":0}"),
                        event("contentBlockStop", "{\"contentBlockIndex\":null}"),
                        event("contentBlockStart", "{\"contentBlockIndex\":3}"),
                        event("contentBlockDelta", "{\"delta\":[]}"),
                        event("messageStop", "{}"),
                        event("metadata", "{\"usage\":7}"),
                        event("future", "[]"),
                        event("contentBlockDelta", "17"),
                        BedrockFrames.exception("modelStreamErrorException", "m"));
        for (long seed = 0; seed < 3000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[][] frames = new byte[random.nextInt(12)][];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = pieces.get(random.nextInt(pieces.size()));
            }
            try {
                List<Event> events = decoded(frames);
                Accumulator fold = Wire.fold(events);
                assertThat(fold.complete() != fold.failure().isPresent())
                        .as("seed %d", seed)
                        .isTrue();
                if (fold.complete()) {
                    BedrockStreamValidator.validate(
                            Wire.encode(DIALECT, Wire.context(false), events));
                }
                Wire.watch(DIALECT, true, joined(frames));
            } catch (MalformedJson | FailureException refused) {
                assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
    }
}
