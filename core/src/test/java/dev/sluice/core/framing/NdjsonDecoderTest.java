package dev.sluice.core.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.Seeded;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

class NdjsonDecoderTest {
    private static final String STREAM =
            "{\"a\":\"é😀\\n\"}\n{\"b\":[1, 2]}\n \t\n{\"c\":\"\"}\n\n{\"d\":4}\n";

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Frames decode(List<byte[]> pieces) {
        NdjsonDecoder decoder = new NdjsonDecoder(1 << 20);
        Frames frames = new Frames();
        for (byte[] piece : pieces) {
            decoder.feed(piece, 0, piece.length, frames);
        }
        decoder.end(frames);
        assertThat(decoder.held()).isZero();
        return frames;
    }

    private static Frames decode(String... pieces) {
        return decode(Arrays.stream(pieces).map(NdjsonDecoderTest::utf8).toList());
    }

    @ParameterizedTest
    @Tag("R2")
    @ValueSource(strings = {"\n", "\r\n"})
    void givesTheSameLinesForEveryLineEnd(String lineEnd) {
        assertThat(decode(STREAM.replace("\n", lineEnd).replace("\\" + lineEnd, "\\n")).events())
                .extracting(Frames.Seen::data)
                .containsExactly(
                        "{\"a\":\"é😀\\n\"}", "{\"b\":[1, 2]}", "{\"c\":\"\"}", "{\"d\":4}");
    }

    @Test
    @Tag("R3")
    @Tag("R4")
    @Tag("R9")
    void givesTheSameLinesHoweverTheStreamIsCut() {
        for (String stream : List.of(STREAM, STREAM.replace("\n", "\r\n"))) {
            byte[] bytes = utf8(stream);
            Frames whole = decode(List.of(bytes));
            for (int cut = 0; cut <= bytes.length; cut++) {
                Frames cutFrames = decode(Pieces.at(bytes, cut));
                assertThat(cutFrames.all).as("cut at %d", cut).isEqualTo(whole.all);
                assertThat(cutFrames.rawText()).isEqualTo(whole.rawText());
            }
            assertThat(decode(Pieces.of(bytes, 1)).all).isEqualTo(whole.all);
            Seeded.times(
                    200,
                    random ->
                            assertThat(decode(Pieces.random(bytes, random)).all)
                                    .isEqualTo(whole.all));
        }
    }

    @Test
    void passesEveryByteOn() {
        byte[] bytes = utf8(STREAM);
        assertThat(decode(Pieces.of(bytes, 7)).rawText())
                .isEqualTo(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Test
    @Tag("R7")
    void handsBlankLinesOverAsFramesWithoutData() {
        assertThat(decode("\n", "\r\n", " \t\n").all).hasSize(3);
        assertThat(decode("\n", "\r\n", " \t\n").events()).isEmpty();
    }

    @Test
    @Tag("R50")
    void takesALastLineWithoutItsEndOnlyIfItIsWhole() {
        assertThat(decode("{\"a\":1}\n{\"done\":true}").events()).hasSize(2);
        String last = "{\"done\":true,\"n\":[1]}";
        for (int end = 0; end < last.length(); end++) {
            assertThat(decode("{\"a\":1}\n" + last.substring(0, end)).events())
                    .as("cut at %d", end)
                    .hasSize(1);
        }
    }

    @Test
    @Tag("R5")
    void takesALineOfEightMegabytesInSmallPieces() {
        byte[] line = utf8("{\"a\":\"" + "x".repeat(8 << 20) + "\"}\n");
        NdjsonDecoder decoder = new NdjsonDecoder(line.length);
        Frames frames = new Frames();
        for (int from = 0; from < line.length; from += 1000) {
            decoder.feed(line, from, Math.min(1000, line.length - from), frames);
        }
        assertThat(frames.events()).hasSize(1);
        assertThat(frames.rawText()).hasSize(line.length);
    }

    @ParameterizedTest
    @Tag("R5")
    @Tag("R6")
    @ValueSource(strings = {"x", "x\n"})
    void refusesALineThatIsLargerThanAllowed(String end) {
        byte[] line = utf8("x".repeat(64) + end);
        NdjsonDecoder decoder = new NdjsonDecoder(64);
        Frames frames = new Frames();
        decoder.feed(line, 0, 63, frames);
        assertThat(decoder.held()).isEqualTo(63);
        FailureException refused =
                catchThrowableOfType(
                        FailureException.class,
                        () -> decoder.feed(line, 63, line.length - 63, frames));
        assertThat(refused.failure().code()).isEqualTo(FailureCode.UPSTREAM_BROKEN);
        assertThat(refused.failure().message()).contains("64 bytes", "limits.event");
        assertThat(frames.all).isEmpty();
    }

    @Test
    void refusesALimitThatIsNone() {
        assertThatThrownBy(() -> new NdjsonDecoder(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxFrameBytes: 0");
    }
}
