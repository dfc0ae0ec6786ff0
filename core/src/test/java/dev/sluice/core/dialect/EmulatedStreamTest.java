package dev.sluice.core.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.Seeded;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.CollectingSink;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

class EmulatedStreamTest {
    private static final Usage USAGE = Usage.of(10, -1, -1, 5, -1);

    private final CollectingSink sink = new CollectingSink();

    private EmulatedStream stopping(String... stops) {
        EmulatedStream stream =
                new EmulatedStream(new Emulations(Map.of(), Set.of(), List.of(stops)), sink);
        stream.onEvent(new Event.MessageStart("id", "m", 0, USAGE));
        return stream;
    }

    private static void text(EmulatedStream stream, String text) {
        stream.onEvent(new Event.Delta(0, DeltaKind.TEXT, Text.of(text)));
    }

    private static void end(EmulatedStream stream) {
        stream.onEvent(new Event.BlockStop(0));
        stream.onEvent(new Event.MessageDelta(StopReason.END_TURN, null, Usage.NONE));
        stream.onEvent(Event.STOP);
    }

    @Test
    void passesAStreamThatNeedsNothing() {
        EmulatedStream stream = stopping();
        List<Event> events =
                List.of(
                        Event.BlockStart.of(0, BlockKind.TEXT),
                        new Event.Delta(0, DeltaKind.TEXT, Text.of("a")),
                        new Event.Annotation(0, "n", Raw.of("1")),
                        Event.PING,
                        new Event.BlockStop(0),
                        BlockStart.tool(1, "c", "f"),
                        new Event.Delta(1, DeltaKind.ARGUMENTS, Text.of("{}")),
                        new Event.BlockStop(1),
                        BlockStart.redacted(2, Raw.of("\"x\"")),
                        new Event.BlockStop(2),
                        new Event.MessageDelta(StopReason.TOOL_USE, null, USAGE),
                        Event.STOP);
        events.forEach(stream::onEvent);
        assertThat(sink.events().subList(1, sink.events().size())).isEqualTo(events);
        assertThat(stream.stopped()).isFalse();
    }

    @Test
    @Tag("R57")
    void endsTheMessageAtAStopSequence() {
        EmulatedStream stream = stopping("STOP");
        stream.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        text(stream, "one two S");
        assertThat(sink.lines()).last().isEqualTo("TEXT 0 one two ");
        text(stream, "TO");
        assertThat(stream.stopped()).isFalse();
        text(stream, "P three");
        assertThat(stream.stopped()).isTrue();
        assertThat(sink.lines())
                .containsExactly(
                        "message id m",
                        "start 0 TEXT",
                        "TEXT 0 one two ",
                        "stop 0",
                        "delta STOP_SEQUENCE STOP 5",
                        "end");
        text(stream, "more");
        end(stream);
        stream.onEvent(new Event.Failed(Failure.of(FailureCode.CANCELLED, "x")));
        stream.onEvent(Event.PING);
        assertThat(sink.lines()).hasSize(6);
    }

    @Test
    void tellsTheUsageThatWasReportedBeforeTheStop() {
        EmulatedStream stream = stopping("!");
        stream.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        text(stream, "a");
        stream.onEvent(new Event.MessageDelta(null, null, Usage.of(-1, -1, -1, 9, -1)));
        text(stream, "b!");
        assertThat(sink.events().get(sink.events().size() - 2))
                .isEqualTo(
                        new Event.MessageDelta(
                                StopReason.STOP_SEQUENCE,
                                Text.of("!"),
                                Usage.of(10, -1, -1, 9, -1)));
    }

    @Test
    @Tag("R44")
    void leavesNoEmptyBlockWhenTheTextBeginsWithAStopSequence() {
        EmulatedStream stream = stopping("\n\n");
        stream.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        text(stream, "\n");
        text(stream, "");
        text(stream, "\nrest");
        assertThat(sink.lines())
                .containsExactly("message id m", "delta STOP_SEQUENCE \n\n 5", "end");
    }

    @Test
    void handsOverAtTheEndOfTheBlockWhatDidNotBecomeAStopSequence() {
        EmulatedStream stream = stopping("abc");
        stream.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        text(stream, "ab");
        stream.onEvent(Event.PING);
        stream.onEvent(new Event.BlockStop(0));
        stream.onEvent(Event.BlockStart.of(1, BlockKind.TEXT));
        stream.onEvent(new Event.Delta(1, DeltaKind.TEXT, Text.of("c")));
        stream.onEvent(new Event.BlockStop(1));
        stream.onEvent(Event.BlockStart.of(2, BlockKind.TEXT));
        stream.onEvent(new Event.BlockStop(2));
        assertThat(sink.lines())
                .containsExactly(
                        "message id m",
                        "ping",
                        "start 0 TEXT",
                        "TEXT 0 ab",
                        "stop 0",
                        "start 1 TEXT",
                        "TEXT 1 c",
                        "stop 1",
                        "start 2 TEXT",
                        "stop 2");
        assertThat(stream.stopped()).isFalse();
    }

    @Test
    void handsOverWhatIsHeldWhenTheMessageFails() {
        EmulatedStream stream = stopping("abc");
        stream.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        text(stream, "xab");
        stream.onEvent(new Event.Failed(Failure.of(FailureCode.UPSTREAM_BROKEN, "cut")));
        assertThat(sink.lines())
                .containsExactly(
                        "message id m", "start 0 TEXT", "TEXT 0 xab", "failed UPSTREAM_BROKEN");
    }

    @Test
    void searchesTextAlone() {
        EmulatedStream stream = stopping("x");
        stream.onEvent(Event.BlockStart.of(0, BlockKind.THINKING));
        stream.onEvent(new Event.Delta(0, DeltaKind.THINKING, Text.of("x")));
        stream.onEvent(new Event.Delta(0, DeltaKind.SIGNATURE, Text.of("x")));
        stream.onEvent(new Event.BlockStop(0));
        stream.onEvent(BlockStart.tool(1, "c", "f"));
        stream.onEvent(new Event.Delta(1, DeltaKind.ARGUMENTS, Text.of("x")));
        stream.onEvent(new Event.BlockStop(1));
        stream.onEvent(Event.BlockStart.of(2, BlockKind.REFUSAL));
        stream.onEvent(new Event.Delta(2, DeltaKind.REFUSAL, Text.of("x")));
        stream.onEvent(new Event.BlockStop(2));
        assertThat(stream.stopped()).isFalse();
        assertThat(sink.lines())
                .contains("THINKING 0 x", "SIGNATURE 0 x", "ARGUMENTS 1 x", "REFUSAL 2 x");
    }

    @Test
    void handsTextOverAsItWasEscapedWhenNothingIsHeld() {
        EmulatedStream stream = stopping("STOP");
        stream.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        Text escaped = escaped("\\u0061\\/b");
        Event delta = new Event.Delta(0, DeltaKind.TEXT, escaped);
        stream.onEvent(delta);
        Event last = sink.events().getLast();
        assertThat(last).isInstanceOf(Event.Delta.class);
        assertThat(((Event.Delta) last).text().length()).isEqualTo(escaped.length());
    }

    @Test
    void putsNotesBehindTheStartOfTheirBlock() {
        EmulatedStream stream = stopping("STOP");
        stream.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        stream.onEvent(new Event.Annotation(0, "logprobs", Raw.of("1")));
        text(stream, "a");
        end(stream);
        assertThat(sink.lines())
                .startsWith("message id m", "start 0 TEXT", "note 0 logprobs 1", "TEXT 0 a");
    }

    private static Text escaped(String inside) {
        return new JsonReader(('"' + inside + '"').getBytes(StandardCharsets.UTF_8)).text();
    }

    /** What must be told of {@code text}: up to the stop that ends first, the longest of those. */
    private static String cut(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String match = StopSequencesTest.longestMatch(text.substring(0, end), stops);
            if (!match.isEmpty()) {
                return text.substring(0, end - match.length()) + "|" + match;
            }
        }
        return text + "|";
    }

    private static String emulated(List<String> pieces, List<String> stops) {
        CollectingSink sink = new CollectingSink();
        EmulatedStream stream = new EmulatedStream(new Emulations(Map.of(), Set.of(), stops), sink);
        stream.onEvent(new Event.MessageStart("id", "m", 0, USAGE));
        stream.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        String sofar = "";
        for (String piece : pieces) {
            text(stream, piece);
            sofar += piece;
            if (!stream.stopped()) {
                int held = StopSequencesTest.longestBeginning(sofar, stops);
                assertThat(told(sink))
                        .as("no more is held than must be")
                        .isEqualTo(sofar.substring(0, sofar.length() - held));
            }
        }
        end(stream);
        assertThat(sink.ended()).isTrue();
        String sequence = "";
        for (Event event : sink.events()) {
            if (event instanceof Event.MessageDelta delta && delta.stopSequence() != null) {
                sequence = delta.stopSequence().toString();
            }
        }
        assertThat(stream.stopped()).isEqualTo(!sequence.isEmpty());
        return told(sink) + "|" + sequence;
    }

    private static String withoutEcho(String begun, List<String> stops, String... pieces) {
        CollectingSink sink = new CollectingSink();
        EmulatedStream stream =
                new EmulatedStream(new Emulations(Map.of(), Set.of(), stops, begun), sink);
        stream.onEvent(new Event.MessageStart("id", "m", 0, USAGE));
        stream.onEvent(Event.BlockStart.of(0, BlockKind.THINKING));
        stream.onEvent(new Event.Delta(0, DeltaKind.THINKING, Text.of("")));
        stream.onEvent(new Event.BlockStop(0));
        stream.onEvent(Event.BlockStart.of(1, BlockKind.TEXT));
        for (String piece : pieces) {
            stream.onEvent(new Event.Delta(1, DeltaKind.TEXT, Text.of(piece)));
        }
        stream.onEvent(new Event.BlockStop(1));
        stream.onEvent(new Event.MessageDelta(StopReason.END_TURN, null, Usage.NONE));
        stream.onEvent(Event.STOP);
        return told(sink);
    }

    @Test
    @Tag("R44")
    void leavesOutWhatTheClientItselfBeganTheAnswerWith() {
        String all = "\u00bbI am\n\ud834\udd1e\u00ab, she said";
        for (int i = 0; i <= all.length(); i++) {
            for (int j = i; j <= all.length(); j++) {
                assertThat(
                                withoutEcho(
                                        "\u00bbI am\n\ud834\udd1e\u00ab",
                                        List.of(),
                                        all.substring(0, i),
                                        all.substring(i, j),
                                        all.substring(j)))
                        .isEqualTo(", she said");
            }
        }
    }

    @Test
    @Tag("R44")
    void losesNothingThatOnlyBeginsLikeIt() {
        assertThat(withoutEcho("I am", List.of(), "I", " a", "rt")).isEqualTo("I art");
        assertThat(withoutEcho("I am", List.of(), "I a")).isEqualTo("I a");
        assertThat(withoutEcho("I am", List.of(), "No, I am")).isEqualTo("No, I am");
        assertThat(withoutEcho("I am", List.of(), "I amI am")).isEqualTo("I am");
        assertThat(withoutEcho("I am", List.of())).isEmpty();
    }

    @Test
    @Tag("R57")
    void looksForStopSequencesBehindIt() {
        assertThat(withoutEcho("a END", List.of("END"), "a EN", "D b ", "END c")).isEqualTo(" b ");
    }

    private static String told(CollectingSink sink) {
        StringBuilder text = new StringBuilder();
        for (Event event : sink.events()) {
            if (event instanceof Event.Delta delta) {
                text.append(delta.text());
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @Tag("R3")
    @ValueSource(
            strings = {
                "hello STOP there",
                "SSTOP",
                "SSTO",
                "STSTOP",
                "STOP",
                "no match",
                "STO",
                "😀 é\nEND",
                "a\ud83d END",
                "x 😀🎉 y",
                "aab",
                "ST\u2028OP"
            })
    void stopsAtTheSamePlaceInEverySplit(String text) {
        List<String> stops = List.of("STOP", "\nEND", "😀🎉", "STOPS", "OP", "aab", "ab");
        String expected = cut(text, stops);
        for (int first = 0; first <= text.length(); first++) {
            for (int second = first; second <= text.length(); second++) {
                List<String> pieces =
                        List.of(
                                text.substring(0, first),
                                text.substring(first, second),
                                text.substring(second));
                assertThat(emulated(pieces, stops)).isEqualTo(expected);
            }
        }
    }

    @Test
    @Tag("R3")
    void stopsWhereASearchByTryingDoes() {
        Seeded.times(
                2000,
                random -> {
                    List<String> stops = new ArrayList<>();
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        stops.add(StopSequencesTest.word(random, 5));
                    }
                    String text = StopSequencesTest.word(random, 25);
                    assertThat(emulated(pieces(text, random), stops))
                            .as("%s in %s", stops, text)
                            .isEqualTo(cut(text, stops));
                });
    }

    private static List<String> pieces(String text, SplittableRandom random) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + random.nextInt(5));
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    @Test
    void givesToolsTheNamesThatTheClientKnows() {
        Emulations emulations =
                new Emulations(Map.of("a_very_long_n_1f", "a very long name"), Set.of(), List.of());
        EmulatedStream stream = new EmulatedStream(emulations, sink);
        stream.onEvent(new Event.MessageStart("id", "m", 0, USAGE));
        stream.onEvent(BlockStart.tool(0, "c", "a_very_long_n_1f"));
        stream.onEvent(new Event.Delta(0, DeltaKind.ARGUMENTS, Text.of("{\"input\":\"x\"}")));
        stream.onEvent(new Event.BlockStop(0));
        stream.onEvent(BlockStart.tool(1, "d", "other"));
        stream.onEvent(new Event.BlockStop(1));
        stream.onEvent(BlockStart.opaque(2, "a_very_long_n_1f", Raw.of("{}")));
        assertThat(sink.lines())
                .containsExactly(
                        "message id m",
                        "start 0 TOOL_USE c a very long name",
                        "ARGUMENTS 0 {\"input\":\"x\"}",
                        "stop 0",
                        "start 1 TOOL_USE d other",
                        "stop 1",
                        "start 2 OPAQUE  a_very_long_n_1f {}");
    }

    @Test
    void takesTheTextOfCustomToolsOutOfTheirArguments() {
        Emulations emulations =
                new Emulations(Map.of("run_1", "run!"), Set.of("run!"), List.of("x"));
        EmulatedStream stream = new EmulatedStream(emulations, sink);
        stream.onEvent(new Event.MessageStart("id", "m", 0, USAGE));
        stream.onEvent(BlockStart.tool(0, "c", "run_1"));
        for (String piece : new String[] {"{\"in", "put\": \"l", "s\\", "n-x\"", "}"}) {
            stream.onEvent(new Event.Delta(0, DeltaKind.ARGUMENTS, Text.of(piece)));
        }
        assertThat(sink.lines()).last().isEqualTo("ARGUMENTS 0 ls\n-x");
        stream.onEvent(new Event.BlockStop(0));
        stream.onEvent(BlockStart.tool(1, "d", "f"));
        stream.onEvent(new Event.Delta(1, DeltaKind.ARGUMENTS, Text.of("{\"input\":1}")));
        stream.onEvent(new Event.BlockStop(1));
        stream.onEvent(BlockStart.customTool(2, "e", "run_1"));
        stream.onEvent(new Event.Delta(2, DeltaKind.ARGUMENTS, Text.of("{\"input\":\"y\"}")));
        stream.onEvent(new Event.BlockStop(2));
        assertThat(sink.lines())
                .containsExactly(
                        "message id m",
                        "start 0 TOOL_USE c run! \"custom\"",
                        "ARGUMENTS 0 ls\n-x",
                        "stop 0",
                        "start 1 TOOL_USE d f",
                        "ARGUMENTS 1 {\"input\":1}",
                        "stop 1",
                        "start 2 TOOL_USE e run! \"custom\"",
                        "ARGUMENTS 2 {\"input\":\"y\"}",
                        "stop 2");
    }

    @Test
    void handsOverHalfACharacterAtTheEndOfACutCall() {
        Emulations emulations = new Emulations(Map.of(), Set.of("run"), List.of());
        EmulatedStream stream = new EmulatedStream(emulations, sink);
        stream.onEvent(new Event.MessageStart("id", "m", 0, USAGE));
        stream.onEvent(BlockStart.tool(0, "c", "run"));
        stream.onEvent(new Event.Delta(0, DeltaKind.ARGUMENTS, Text.of("{\"input\":\"a\\ud83d")));
        assertThat(sink.lines()).last().isEqualTo("ARGUMENTS 0 a");
        stream.onEvent(new Event.BlockStop(0));
        assertThat(sink.lines()).endsWith("ARGUMENTS 0 a\ud83d", "stop 0");
    }
}
