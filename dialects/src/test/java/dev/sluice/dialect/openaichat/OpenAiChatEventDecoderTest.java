package dev.sluice.dialect.openaichat;

import static dev.sluice.dialect.openaichat.Chunks.DONE;
import static dev.sluice.dialect.openaichat.Chunks.ROLE;
import static dev.sluice.dialect.openaichat.Chunks.STOP;
import static dev.sluice.dialect.openaichat.Chunks.answer;
import static dev.sluice.dialect.openaichat.Chunks.calls;
import static dev.sluice.dialect.openaichat.Chunks.choice;
import static dev.sluice.dialect.openaichat.Chunks.delta;
import static dev.sluice.dialect.openaichat.Chunks.finish;
import static dev.sluice.dialect.openaichat.Chunks.stream;
import static dev.sluice.dialect.openaichat.Chunks.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.Usage;
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.dialect.Wire;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Streams as the dialect says, read into events. */
class OpenAiChatEventDecoderTest {
    private static String fragment(int index, String arguments) {
        return calls(
                "{\"index\":" + index + ",\"function\":{\"arguments\":\"" + arguments + "\"}}");
    }

    private static String opening(int index, String id, String name) {
        return calls(
                "{\"index\":"
                        + index
                        + ",\"id\":\""
                        + id
                        + "\",\"type\":\"function\",\"function\":{\"name\":\""
                        + name
                        + "\",\"arguments\":\"\"}}");
    }

    @Test
    void tellsTextInOneBlock() {
        List<Event> events = Chunks.events(ROLE, text("a"), text("b"), STOP, DONE);
        assertThat(events)
                .containsExactly(
                        new Event.MessageStart("c1", "m1", 1760000000, Usage.NONE),
                        Event.BlockStart.of(0, BlockKind.TEXT),
                        new Event.Delta(0, DeltaKind.TEXT, Text.of("a")),
                        new Event.Delta(0, DeltaKind.TEXT, Text.of("b")),
                        new Event.BlockStop(0),
                        new Event.MessageDelta(
                                dev.sluice.core.event.StopReason.END_TURN, null, Usage.NONE),
                        Event.STOP);
    }

    @Test
    @Tag("R38")
    void tellsEachFragmentBeforeTheNextArrives() {
        FrameDecoder frames = Chunks.DIALECT.frames(Wire.MOST);
        EventDecoder decoder = Chunks.DIALECT.decoder(Wire.foreign());
        List<Event> events = new ArrayList<>();
        String[] chunks = {
            opening(0, "a", "f"),
            fragment(0, "{\\\"x"),
            fragment(0, "\\\":1}"),
            opening(1, "b", "g")
        };
        int[] told = new int[chunks.length];
        for (int i = 0; i < chunks.length; i++) {
            byte[] bytes = Chunks.utf8(stream(chunks[i]));
            frames.feed(bytes, 0, bytes.length, frame -> decoder.onFrame(frame, events::add));
            told[i] = events.size();
        }
        assertThat(told).containsExactly(2, 3, 4, 6);
        assertThat(events.get(1)).isEqualTo(Event.BlockStart.tool(0, "a", "f"));
        assertThat(events.get(5)).isEqualTo(Event.BlockStart.tool(1, "b", "g"));
    }

    @Test
    @Tag("R36")
    @Tag("R42")
    void passesFragmentsOnAsTheyAreEscaped() {
        List<Event> events =
                Chunks.events(
                        opening(0, "a", "f"),
                        fragment(0, "{\\\"x\\\": 1.50,\\\"y\\\":\\\"\\\\u00"),
                        fragment(0, "fc\\\\"),
                        fragment(0, "\\\"\\\"}"),
                        finish("tool_calls"),
                        DONE);
        StringBuilder bytes = new StringBuilder();
        for (Event event : events) {
            if (event instanceof Event.Delta delta) {
                for (int i = 0; i < delta.text().length(); i++) {
                    bytes.append((char) delta.text().at(i));
                }
            }
        }
        assertThat(bytes.toString())
                .isEqualTo("{\\\"x\\\": 1.50,\\\"y\\\":\\\"\\\\u00fc\\\\\\\"\\\"}");
    }

    @Test
    void recognisesFramesThatDifferInTheirTextAndNothingElse() {
        List<String> chunks = new ArrayList<>(List.of(ROLE));
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            chunks.add(text("t" + i + " \\\"\\u00e9\\n"));
            expected.append("t").append(i).append(" \"é\n");
        }
        chunks.add(opening(0, "a", "f"));
        StringBuilder arguments = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            chunks.add(fragment(0, "[" + i));
            arguments.append("[").append(i);
        }
        chunks.add(opening(0, "b", "f"));
        StringBuilder others = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            chunks.add(fragment(0, "(" + i));
            others.append("(").append(i);
        }
        chunks.add(finish("length"));
        Answer answer = answer(chunks.toArray(String[]::new));
        assertThat(answer.text()).isEqualTo(expected.toString());
        assertThat(Chunks.calls(answer))
                .as("a call under the same index is not grown by frames like the earlier ones")
                .containsExactly("f(" + arguments + ")", "f(" + others + ")");
    }

    @Test
    void readsFramesOfWhichNoneIsLikeAnother() {
        List<String> chunks = new ArrayList<>(List.of(ROLE));
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            String padded =
                    text("t" + i)
                            .replace(
                                    "\"id\"",
                                    "\"obfuscation\":\"" + "x".repeat(i % 7) + "\",\"id\"");
            chunks.add(padded);
            expected.append("t").append(i);
        }
        chunks.add(STOP);
        assertThat(answer(chunks.toArray(String[]::new)).text()).isEqualTo(expected.toString());
    }

    @Test
    @Tag("R13")
    void mendsWhatIsNoValidText() {
        byte[] bytes =
                Chunks.utf8(stream(ROLE, text("a?b"), text("\u2028"), text("\\ud800"), STOP, DONE));
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '?' ? (byte) 0xff : bytes[i];
        }
        List<Event> events = Wire.decode(Chunks.DIALECT, Wire.foreign(), List.of(bytes));
        assertThat(Wire.answer(events).text()).isEqualTo("a\ufffdb\u2028\ud800");
    }

    @Test
    @Tag("R5")
    void readsAFrameOfEightMegabytes() {
        String large = "x".repeat(8 << 20);
        assertThat(answer(ROLE, text(large), STOP, DONE).text()).hasSize(8 << 20);
    }

    @Test
    @Tag("R28")
    void takesCachedTokensOutOfTheInput() {
        Golden golden = Goldens.one("openai-chat", "02");
        Answer answer =
                Wire.answer(Wire.decode(Chunks.DIALECT, Wire.foreign(), List.of(golden.bytes())));
        assertThat(answer.usage()).isEqualTo(Usage.of(24, 64, Usage.UNKNOWN, 41, 0));
    }

    @Test
    @Tag("R45")
    void keepsWhatItDoesNotKnowForClientsOfTheSameDialect() {
        String chunk =
                delta(
                        "{\"content\":\"a\",\"annotations\":[{\"type\":\"url_citation\"}],"
                                + "\"vendor\":{\"x\":1.0},\"tool_calls\":null}");
        List<Event> same =
                Wire.decode(Chunks.DIALECT, Wire.same(Chunks.DIALECT), stream(chunk, STOP, DONE));
        assertThat(same)
                .contains(
                        new Event.Annotation(
                                0, "annotations", Raw.of("[{\"type\":\"url_citation\"}]")),
                        new Event.Annotation(0, "vendor", Raw.of("{\"x\":1.0}")));
        String written = Wire.encoded(Chunks.DIALECT, Wire.context(true), same);
        assertThat(written).contains("\"delta\":{\"vendor\":{\"x\":1.0}}");
        List<Event> foreign = Chunks.events(chunk, chunk, STOP, DONE);
        assertThat(foreign)
                .filteredOn(Event.Annotation.class::isInstance)
                .extracting(event -> ((Event.Annotation) event).name())
                .as("what another dialect might tell of; the rest once, since it is lost")
                .containsExactly("annotations", "vendor", "annotations");
    }

    @Test
    @Tag("R45")
    void keepsSoundForClientsOfTheSameDialect() {
        String chunk = delta("{\"audio\":{\"id\":\"a1\",\"data\":\"AAAA\"}}");
        List<Event> events =
                Wire.decode(Chunks.DIALECT, Wire.same(Chunks.DIALECT), stream(chunk, STOP, DONE));
        assertThat(Wire.encoded(Chunks.DIALECT, Wire.context(true), events))
                .contains("\"delta\":{\"audio\":{\"id\":\"a1\",\"data\":\"AAAA\"}}");
        assertThat(
                        Chunks.utf8(
                                Chunks.DIALECT.encodeAnswer(
                                        Wire.answer(events), Wire.context(true))))
                .contains("\"audio\":{\"id\":\"a1\",\"data\":\"AAAA\"}");
    }

    @Test
    @Tag("R45")
    void keepsEveryPieceOfSound() {
        String first = delta("{\"role\":\"assistant\",\"audio\":{\"id\":\"a1\"}}");
        String second = delta("{\"audio\":{\"data\":\"AAAA\"}}");
        List<Event> events =
                Wire.decode(
                        Chunks.DIALECT,
                        Wire.same(Chunks.DIALECT),
                        stream(first, second, second, STOP, DONE));
        assertThat(events)
                .filteredOn(Event.BlockStart.class::isInstance)
                .extracting(event -> ((Event.BlockStart) event).data())
                .containsExactly(
                        Raw.of("{\"id\":\"a1\"}"),
                        Raw.of("{\"data\":\"AAAA\"}"),
                        Raw.of("{\"data\":\"AAAA\"}"));
    }

    @Test
    @Tag("R56")
    void takesNothingBesideTheRoleForContent() {
        String role = delta("{\"role\":\"assistant\",\"content\":\"\",\"vendor\":{\"x\":1}}");
        List<Event> events =
                Wire.decode(
                        Chunks.DIALECT, Wire.same(Chunks.DIALECT), stream(role, text("a"), STOP));
        assertThat(events.get(1)).isEqualTo(Event.BlockStart.of(0, BlockKind.TEXT));
        assertThat(events.get(2)).isEqualTo(new Event.Annotation(0, "vendor", Raw.of("{\"x\":1}")));
    }

    @Test
    void tellsLogProbabilitiesAsNotesOnTheText() {
        String chunk =
                choice(
                        "{\"index\":0,\"delta\":{\"content\":\"a\"},\"logprobs\":"
                            + "{\"content\":[{\"token\":\"a\",\"logprob\":-0.10}],\"refusal\":null}}");
        List<Event> events =
                Wire.decode(
                        Chunks.DIALECT,
                        Wire.same(Chunks.DIALECT),
                        stream(chunk, chunk, STOP, DONE));
        assertThat(events).filteredOn(Event.Annotation.class::isInstance).hasSize(2);
        String body =
                Chunks.utf8(Chunks.DIALECT.encodeAnswer(Wire.answer(events), Wire.context(true)));
        assertThat(body)
                .contains(
                        "\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-0.10},"
                                + "{\"token\":\"a\",\"logprob\":-0.10}],\"refusal\":null}");
        String streamed = Wire.encoded(Chunks.DIALECT, Wire.context(true), events);
        List<Event> again = Wire.decode(Chunks.DIALECT, Wire.same(Chunks.DIALECT), streamed);
        assertThat(Wire.answer(again)).isEqualTo(Wire.answer(events));
    }
}
