package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.Elapsed;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.Losses;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.Text;
import dev.sluice.core.request.Request;
import dev.sluice.dialect.Wire;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.stream.GeminiEvents;
import dev.sluice.testkit.stream.GeminiStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Streams and answers, as they are read and as they are written. */
class GeminiStreamTest {
    private static final GeminiDialect GEMINI = new GeminiDialect();
    private static final GeminiEvents PIECES = GeminiEvents.of("gemini-2.5-flash");

    private static DecodeContext same() {
        return Wire.same(GEMINI);
    }

    private static List<Event> read(String stream) {
        return Wire.decode(GEMINI, same(), stream);
    }

    private static List<Event> readForeign(String stream) {
        return Wire.decode(GEMINI, Wire.foreign(), stream);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // ---- reading ----

    @Test
    @Tag("R44")
    void readsWhatIsSaidAndInventsNothing() {
        Answer answer =
                Wire.answer(
                        read(
                                PIECES.text("")
                                        + PIECES.text("a")
                                        + PIECES.part("{}")
                                        + PIECES.text("b")
                                        + PIECES.end("STOP")));
        assertThat(answer.blocks()).hasSize(1);
        assertThat(answer.text()).isEqualTo("ab");
        assertThat(answer.id()).isEqualTo("resp1");
        assertThat(answer.model()).isEqualTo("gemini-2.5-flash");
        assertThat(answer.usage()).isEqualTo(Usage.of(10, -1, -1, 5, -1));
    }

    private static String counted(String text, String thought, String counts) {
        return "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\""
                + text
                + "\""
                + thought
                + "}],\"role\":\"model\"}}],\"usageMetadata\":{\"promptTokenCount\":10"
                + counts
                + "}}\n\n";
    }

    @Test
    void readsTheCountsOfPiecesThatDifferInTextAndCountsAlone() {
        List<Event> events =
                read(
                        counted("a", "", ",\"candidatesTokenCount\":8,\"totalTokenCount\":18")
                                + counted(
                                        "b",
                                        "",
                                        ",\"candidatesTokenCount\":9,\"totalTokenCount\":19")
                                + counted(
                                        "c",
                                        "",
                                        ",\"candidatesTokenCount\":10,\"totalTokenCount\":20")
                                + counted(
                                        "d",
                                        "",
                                        ",\"candidatesTokenCount\":\"11\",\"totalTokenCount\":21")
                                + counted("e", ",\"thought\":true", ",\"candidatesTokenCount\":12")
                                + counted("f", ",\"thought\":true", ",\"candidatesTokenCount\":13")
                                + counted(
                                        "g",
                                        "",
                                        ",\"candidatesTokenCount\":14,\"totalTokenCount\":24")
                                + PIECES.end("STOP"));
        List<Long> outputs = new ArrayList<>();
        StringBuilder texts = new StringBuilder();
        for (Event event : events) {
            if (event instanceof Event.MessageDelta told && told.stopReason() == null) {
                outputs.add(told.usage().output());
            } else if (event instanceof Event.Delta growth) {
                texts.append(growth.kind()).append(growth.text()).append(' ');
            }
        }
        assertThat(outputs).startsWith(9L, 10L).endsWith(12L, 13L, 14L, 5L);
        assertThat(texts).hasToString("TEXTa TEXTb TEXTc TEXTd THINKINGe THINKINGf TEXTg ");
    }

    @Test
    void takesAnEmptyMessageForOne() {
        Answer answer =
                Wire.answer(read("data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n"));
        assertThat(answer.blocks()).isEmpty();
        assertThat(answer.stopReason()).isEqualTo(StopReason.END_TURN);
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, END_TURN",
        "MAX_TOKENS, MAX_TOKENS",
        "SAFETY, REFUSAL",
        "RECITATION, REFUSAL",
        "LANGUAGE, REFUSAL",
        "BLOCKLIST, REFUSAL",
        "PROHIBITED_CONTENT, REFUSAL",
        "SPII, REFUSAL",
        "IMAGE_SAFETY, REFUSAL",
        "IMAGE_PROHIBITED_CONTENT, REFUSAL",
        "IMAGE_RECITATION, REFUSAL",
        "OTHER, OTHER",
        "NO_IMAGE, OTHER",
        "SOMETHING_NEW, OTHER"
    })
    @Tag("R39")
    void readsWhyTheMessageEnds(String word, StopReason reason) {
        String stream = PIECES.text("a") + PIECES.end(word);
        assertThat(Wire.answer(readForeign(stream)).stopReason()).isEqualTo(reason);
        assertThat(Wire.watch(GEMINI, true, bytes(stream)).tap().stopReason()).contains(reason);
    }

    @Test
    @Tag("R39")
    void knowsByTheCallsThatToolsAreWanted() {
        String call = PIECES.tool("c1", "f", "{\"x\":1}", "");
        assertThat(Wire.answer(read(call + PIECES.end("STOP"))).stopReason())
                .isEqualTo(StopReason.TOOL_USE);
        assertThat(Wire.answer(read(call + PIECES.end("MAX_TOKENS"))).stopReason())
                .isEqualTo(StopReason.MAX_TOKENS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MALFORMED_FUNCTION_CALL",
                "UNEXPECTED_TOOL_CALL",
                "TOO_MANY_TOOL_CALLS",
                "MALFORMED_RESPONSE",
                "MISSING_THOUGHT_SIGNATURE"
            })
    @Tag("R51")
    void failsAnAnswerThatTheModelCouldNotSay(String word) {
        String stream =
                "data: {\"candidates\":[{\"content\":{},\"finishReason\":\""
                        + word
                        + "\",\"finishMessage\":\"it said: print(default_api.f())\"}]}\n\n";
        assertThat(Wire.failure(readForeign(stream)).code()).isEqualTo(FailureCode.UPSTREAM_ERROR);
        assertThat(Wire.failure(readForeign(stream)).message()).contains(word, "it said");
        assertThat(Wire.answer(read(stream)).stopReason())
                .as("a client of this dialect knows the word")
                .isEqualTo(StopReason.OTHER);
    }

    @Test
    @Tag("R50")
    void isBrokenWithoutAReason() {
        String stream = PIECES.text("a") + PIECES.text("b");
        assertThat(Wire.failure(read(stream)).code()).isEqualTo(FailureCode.UPSTREAM_BROKEN);
        assertThat(Wire.watch(GEMINI, true, bytes(stream)).missing()).isPresent();
    }

    @Test
    @Tag("R29")
    void takesTheCountsThatFollowTheReason() {
        String stream =
                PIECES.text("a")
                        + "data:"
                        + " {\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":30,\"cachedContentTokenCount\":10,\"totalTokenCount\":30}}\n\n"
                        + "data:"
                        + " {\"usageMetadata\":{\"promptTokenCount\":30,\"toolUsePromptTokenCount\":4,\"candidatesTokenCount\":7,\"thoughtsTokenCount\":5}}\n\n";
        Usage counted = Usage.of(20, 10, -1, 12, 5);
        Usage told = Wire.answer(read(stream)).usage();
        assertThat(told.output()).isEqualTo(counted.output());
        assertThat(told.reasoning()).isEqualTo(5);
        assertThat(told.cacheRead()).isEqualTo(10);
        assertThat(Wire.watch(GEMINI, true, bytes(stream)).tap().usage()).isEqualTo(told);
    }

    @Test
    @Tag("R43")
    @Tag("R42")
    void readsCallsAsTheyAreWritten() {
        Answer answer =
                Wire.answer(
                        read(
                                PIECES.tool("c1", "f", "{ \"x\" : 1.50, \"y\":\"\\u00e9\" }", "")
                                        + PIECES.part("{\"functionCall\":{\"name\":\"g\"}}")
                                        + PIECES.end("STOP")));
        assertThat(answer.blocks().get(0).text().toString())
                .isEqualTo("{ \"x\" : 1.50, \"y\":\"\\u00e9\" }");
        assertThat(answer.blocks().get(0).id()).isEqualTo("c1");
        assertThat(answer.blocks().get(1).name()).isEqualTo("g");
        assertThat(answer.blocks().get(1).text().isEmpty()).isTrue();
    }

    private static String functionCall(String members) {
        return PIECES.part("{\"functionCall\":{" + members + "}}");
    }

    /** A piece of the arguments of the call that is going on. */
    private static String piece(String path, String value) {
        return functionCall(
                "\"partialArgs\":[{\"jsonPath\":\""
                        + path
                        + "\","
                        + value
                        + ",\"willContinue\":true}],\"willContinue\":true");
    }

    @Test
    @Tag("R36")
    @Tag("R38")
    @Tag("R43")
    void readsArgumentsThatComeInPieces() {
        List<Event> events =
                readForeign(
                        functionCall("\"id\":\"c1\",\"name\":\"f\",\"willContinue\":true")
                                + piece("$.city", "\"stringValue\":\"Z\\u00fc\"")
                                + piece("$.city", "\"stringValue\":\"rich \\\"x\\\"\"")
                                + piece("$.days[0].high", "\"numberValue\":1.50")
                                + piece("$.days[0].wet", "\"boolValue\":false")
                                + piece("$.days[1].note", "\"nullValue\":null")
                                + piece("$['a b']", "\"stringValue\":\"\"")
                                + functionCall("")
                                + PIECES.tool("c2", "g", "{\"y\":2}", "")
                                + PIECES.end("STOP"));
        Answer answer = Wire.answer(events);
        assertThat(answer.blocks().stream().map(block -> block.id() + " " + block.text()))
                .containsExactly(
                        "c1 {\"city\":\"Z\\u00fcrich"
                            + " \\\"x\\\"\",\"days\":[{\"high\":1.50,\"wet\":false},{\"note\":null}],\"a"
                            + " b\":\"\"}",
                        "c2 {\"y\":2}");
        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_USE);
        assertThat(
                        events.stream()
                                .filter(Event.Delta.class::isInstance)
                                .map(event -> ((Event.Delta) event).text().toString())
                                .limit(2))
                .containsExactly("{\"city\":\"Z\\u00fc", "rich \\\"x\\\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$.a,$.b,$.a", // back to a member that is written
                "$.a,$.a.b", // into a value that is none
                "$.a.b,$.a", // over an object
                "$.a[0],$.a[2]", // over an element
                "$.a[1]",
                "$[0]",
                "$",
                "$.",
                "$.a[",
                "$.a[x]",
                "$.a['b",
                "$..a"
            })
    void refusesPiecesThatHaveNoPlace(String paths) {
        StringBuilder stream =
                new StringBuilder(functionCall("\"name\":\"f\",\"willContinue\":true"));
        for (String path : paths.split(",", -1)) {
            stream.append(piece(path, "\"numberValue\":1"));
        }
        Failure failure = Wire.failure(readForeign(stream + PIECES.end("STOP")));
        assertThat(failure.code()).isEqualTo(FailureCode.UPSTREAM_BROKEN);
        assertThat(failure.message()).contains("has no place");
    }

    @Test
    @Tag("R37")
    @Tag("R39")
    void endsACallInPiecesWithTheMessageUnlessALimitHasCutIt() {
        String begun =
                functionCall("\"name\":\"f\",\"willContinue\":true")
                        + piece("$.a", "\"stringValue\":\"b\"");
        assertThat(Wire.answer(readForeign(begun + PIECES.end("STOP"))).blocks().getLast().text())
                .hasToString("{\"a\":\"b\"}");
        Answer cut = Wire.answer(readForeign(begun + PIECES.end("MAX_TOKENS")));
        assertThat(cut.blocks().getLast().text()).hasToString("{\"a\":\"b");
        assertThat(cut.stopReason()).isEqualTo(StopReason.MAX_TOKENS);
        String empty = functionCall("\"name\":\"f\",\"willContinue\":true") + functionCall("");
        assertThat(Wire.answer(readForeign(empty + PIECES.end("STOP"))).blocks().getLast().text())
                .hasToString("");
        String other = begun + functionCall("\"name\":\"g\"") + PIECES.end("STOP");
        assertThat(Wire.answer(readForeign(other)).blocks())
                .extracting(block -> block.name() + block.text())
                .containsExactly("f{\"a\":\"b\"}", "g");
    }

    @Test
    @Tag("R46")
    void putsASealInFrontOfWhatItIsTheSealOf() {
        Answer answer =
                Wire.answer(
                        read(
                                PIECES.thought("hm ")
                                        + PIECES.part(
                                                "{\"text\":\"so\",\"thought\":true,\"thoughtSignature\":\"czE=\"}")
                                        + PIECES.thought("more")
                                        + PIECES.text("a")
                                        + PIECES.part(
                                                "{\"text\":\"b\",\"thoughtSignature\":\"czI=\"}")
                                        + PIECES.text("c")
                                        + PIECES.tool("c1", "f", "{}", "czM=")
                                        + PIECES.part(
                                                "{\"text\":\"\",\"thoughtSignature\":\"czQ=\"}")
                                        + PIECES.end("STOP")));
        assertThat(answer.blocks().stream().map(GeminiStreamTest::shown))
                .containsExactly(
                        "THINKING hm so czE=",
                        "THINKING more ",
                        "TEXT a ",
                        "THINKING  czI=",
                        "TEXT bc ",
                        "THINKING  czM=",
                        "TOOL_USE {} ",
                        "THINKING  czQ=");
    }

    private static String shown(AnswerBlock block) {
        return block.kind() + " " + block.text() + " " + block.signature();
    }

    @Test
    @Tag("R47")
    void marksASealThatLeavesTheDialect() {
        List<Event> events = readForeign(PIECES.tool("c1", "f", "{}", "czM=") + PIECES.end("STOP"));
        assertThat(Wire.answer(events).blocks().getFirst().signature().toString())
                .isEqualTo("sluice1:gemini:czM=");
    }

    @Test
    @Tag("R45")
    void keepsPartsOfItsOwnForItsOwn() {
        String part = "{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"print(1)\"}}";
        List<Event> events = read(PIECES.part(part) + PIECES.end("STOP"));
        AnswerBlock block = Wire.answer(events).blocks().getFirst();
        assertThat(block.kind()).isEqualTo(BlockKind.OPAQUE);
        assertThat(block.name()).isEqualTo("executableCode");
        assertThat(Wire.encoded(GEMINI, Wire.context(true), events)).contains(part);
        assertThat(Wire.encoded(GEMINI, Wire.context(false), events)).doesNotContain("PYTHON");
    }

    @Test
    void readsTheFirstCandidateAlone() {
        String stream =
                "data:"
                    + " {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"index\":1},{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}\n\n";
        assertThat(Wire.answer(read(stream)).text()).isEqualTo("a");
    }

    // ---- the other form ----

    static List<Golden> goldens() {
        return Goldens.gemini();
    }

    /** The same pieces as one array, in the vendor's own spacing. */
    private static byte[] asArray(Golden golden) {
        String events = new String(golden.bytes(), StandardCharsets.UTF_8);
        String pieces =
                events.strip().replaceAll("\r?\n\r?\ndata: ", "\n,\r\n").replaceFirst("data: ", "");
        return bytes("[" + pieces + "\n]\n");
    }

    @ParameterizedTest
    @MethodSource("goldens")
    @Tag("R3")
    void readsAnArrayAsTheSameStreamHoweverItIsCut(Golden golden) {
        List<Event> events = Wire.decode(GEMINI, same(), List.of(golden.bytes()));
        Splits.forEach(
                Splits.all(asArray(golden)),
                pieces -> assertThat(Wire.decode(GEMINI, same(), pieces)).isEqualTo(events));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    @Tag("R50")
    void isCompleteOrFailedWhereverAnArrayEnds(Golden golden) {
        byte[] array = asArray(golden);
        Accumulator whole = Wire.fold(Wire.decode(GEMINI, same(), List.of(array)));
        for (int end = 0; end < array.length; end++) {
            byte[] cut = Arrays.copyOf(array, end);
            Accumulator fold = Wire.fold(Wire.decode(GEMINI, same(), List.of(cut)));
            assertThat(fold.complete() != fold.failure().isPresent()).as("cut at %d", end).isTrue();
            if (fold.complete()) {
                assertThat(fold.answer().blocks()).isEqualTo(whole.answer().blocks());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void readsAnArrayThatCameAtOnceAsAnAnswer(Golden golden) {
        assertThat(Wire.decodeAnswer(GEMINI, same(), asArray(golden)))
                .isEqualTo(Wire.decode(GEMINI, same(), List.of(golden.bytes())));
    }

    private static EncodeContext arrayContext() {
        Request.Builder request = Request.builder(GeminiDialect.NAME);
        GeminiForm.ARRAY.tell(request);
        return new EncodeContext(
                Operation.GENERATE,
                "x1",
                "asked-model",
                1760000001,
                true,
                "req_1",
                0,
                true,
                Elapsed.UNKNOWN,
                request.build(),
                new Losses());
    }

    @ParameterizedTest
    @MethodSource("goldens")
    @Tag("R15")
    void writesAnArrayThatIsWholeJson(Golden golden) {
        List<Event> events = Wire.decode(GEMINI, same(), List.of(golden.bytes()));
        List<Event> withPings = new ArrayList<>(List.of(Event.PING));
        events.forEach(
                event -> {
                    withPings.add(event);
                    if (!(event instanceof Event.MessageStop || event instanceof Event.Failed)) {
                        withPings.add(Event.PING);
                    }
                });
        byte[] array = Wire.encode(GEMINI, arrayContext(), withPings);
        JsonNode pieces = Json.parse(array);
        assertThat(pieces.isArray()).isTrue();
        assertThat(pieces.path(pieces.size() - 1).has("error")).isEqualTo(golden.endsInError());
        Accumulator again = Wire.fold(Wire.decode(GEMINI, same(), List.of(array)));
        assertThat(again.answer().blocks()).isEqualTo(Wire.fold(events).answer().blocks());
        assertThat(again.complete()).isEqualTo(!golden.endsInError());
    }

    // ---- writing ----

    private static List<Event> call(String id, String... arguments) {
        List<Event> events = new ArrayList<>();
        events.add(new Event.MessageStart("", "m", 0, Usage.NONE));
        events.add(Event.BlockStart.tool(0, id, "f"));
        for (String piece : arguments) {
            events.add(new Event.Delta(0, Event.DeltaKind.ARGUMENTS, Text.of(piece)));
        }
        events.add(new Event.BlockStop(0));
        return events;
    }

    private static void end(List<Event> events, StopReason reason) {
        events.add(new Event.MessageDelta(reason, null, Usage.of(1, -1, -1, 2, -1)));
        events.add(Event.STOP);
    }

    @Test
    @Tag("R36")
    @Tag("R43")
    void gathersTheArgumentsOfACallAndWritesThemAsTheyWere() {
        List<Event> events = call("c1", "{\"x\":", " 1.50", "}");
        end(events, StopReason.TOOL_USE);
        assertThat(Wire.encoded(GEMINI, Wire.context(false), events))
                .contains(
                        "{\"functionCall\":{\"id\":\"c1\",\"name\":\"f\",\"args\":{\"x\": 1.50}}}")
                .contains("\"finishReason\":\"STOP\"");
    }

    @Test
    @Tag("R37")
    void fillsArgumentsThatAreMissing() {
        List<Event> events = call("");
        end(events, StopReason.TOOL_USE);
        assertThat(Wire.encoded(GEMINI, Wire.context(false), events))
                .contains("{\"functionCall\":{\"name\":\"f\",\"args\":{}}}");
    }

    @Test
    @Tag("R39")
    void leavesOutACallThatALimitHasCut() {
        List<Event> events = call("c1", "{\"x\":");
        end(events, StopReason.MAX_TOKENS);
        assertThat(
                        GeminiStreamValidator.strict()
                                .validate(Wire.encode(GEMINI, Wire.context(false), events))
                                .toolCalls())
                .isEmpty();
        List<Event> broken = call("c1", "{\"x\":");
        end(broken, StopReason.TOOL_USE);
        assertThatThrownBy(() -> Wire.encode(GEMINI, Wire.context(false), broken))
                .hasMessageContaining("not a JSON object");
    }

    @ParameterizedTest
    @CsvSource({
        "END_TURN, STOP",
        "TOOL_USE, STOP",
        "STOP_SEQUENCE, STOP",
        "PAUSE_TURN, STOP",
        "MAX_TOKENS, MAX_TOKENS",
        "CONTEXT_WINDOW, MAX_TOKENS",
        "REFUSAL, SAFETY",
        "OTHER, OTHER"
    })
    @Tag("R39")
    void writesWhyTheMessageEnds(StopReason reason, String word) {
        List<Event> events = new ArrayList<>();
        events.add(new Event.MessageStart("", "m", 0, Usage.NONE));
        end(events, reason);
        assertThat(Wire.encoded(GEMINI, Wire.context(false), events))
                .contains("\"finishReason\":\"" + word + "\"");
    }

    @Test
    @Tag("R28")
    void countsAsTheWireDoes() {
        List<Event> events = new ArrayList<>();
        events.add(new Event.MessageStart("", "m", 0, Usage.NONE));
        events.add(new Event.MessageDelta(StopReason.END_TURN, null, Usage.of(24, 64, 12, 71, 64)));
        events.add(Event.STOP);
        assertThat(Wire.encoded(GEMINI, Wire.context(false), events))
                .contains(
                        "\"usageMetadata\":{\"promptTokenCount\":100,\"candidatesTokenCount\":7,"
                                + "\"cachedContentTokenCount\":64,\"thoughtsTokenCount\":64,"
                                + "\"totalTokenCount\":171}");
    }

    @Test
    @Tag("R8")
    void writesASignOfLifeBeforeAnythingIsKnown() {
        assertThat(Wire.encoded(GEMINI, Wire.context(true), List.of(Event.PING)))
                .isEqualTo(": ping\n\n");
    }

    @Test
    @Tag("R46")
    void writesSealsOnThePartsTheyBelongTo() {
        String stream =
                PIECES.text("a")
                        + PIECES.part("{\"text\":\"b\",\"thoughtSignature\":\"czI=\"}")
                        + PIECES.tool("c1", "f", "{}", "czM=")
                        + PIECES.tool("c2", "g", "{}", "")
                        + PIECES.part("{\"text\":\"\",\"thoughtSignature\":\"czQ=\"}")
                        + PIECES.end("STOP");
        assertThat(Wire.encoded(GEMINI, Wire.context(true), read(stream)))
                .contains(
                        "{\"text\":\"b\",\"thoughtSignature\":\"czI=\"}",
                        "\"args\":{}},\"thoughtSignature\":\"czM=\"}",
                        "{\"text\":\"\",\"thoughtSignature\":\"czQ=\"}")
                .contains("{\"functionCall\":{\"id\":\"c2\",\"name\":\"g\",\"args\":{}}}");
    }
}
