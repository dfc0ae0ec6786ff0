package dev.sluice.core.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.Seeded;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.ByteBuilder;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

class EventStreamTest {
    private static final byte[] DELTA =
            EventStreamEncoder.headers(
                    ":event-type", "delta",
                    ":content-type", "application/json",
                    ":message-type", "event");

    /** Four frames: an event, an empty one, an exception, an error without payload. */
    private static final byte[] STREAM =
            joined(
                    encoded(DELTA, "{\"a\":\"é😀\"}"),
                    encoded(EventStreamEncoder.headers(), ""),
                    encoded(
                            EventStreamEncoder.headers(
                                    ":message-type", "exception", ":exception-type", "throttling"),
                            "{\"message\":\"slow\"}"),
                    encoded(
                            EventStreamEncoder.headers(
                                    ":error-code", "Internal",
                                    ":error-message", "grün",
                                    ":message-type", "error"),
                            ""));

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] encoded(byte[] headers, String payload) {
        // Behind something else, as in a buffer that gathers what a turn brings.
        ByteBuilder out = new ByteBuilder().add("before");
        EventStreamEncoder encoder = new EventStreamEncoder();
        encoder.begin(out, headers);
        out.add(payload);
        encoder.end(out);
        return Arrays.copyOfRange(out.toBytes(), 6, out.length());
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A frame with right checksums, whatever it claims. */
    private static byte[] frame(int total, int headers, byte[] rest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(total);
            out.writeInt(headers);
            out.writeInt(crc(bytes.toByteArray()));
            out.write(rest);
            out.writeInt(crc(bytes.toByteArray()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static Frames decode(List<byte[]> pieces) {
        EventStreamDecoder decoder = new EventStreamDecoder(1 << 20);
        Frames frames = new Frames();
        for (byte[] piece : pieces) {
            decoder.feed(piece, 0, piece.length, frames);
        }
        decoder.end(frames);
        assertThat(decoder.held()).isZero();
        return frames;
    }

    private static void refuses(byte[] stream, String words) {
        for (int size : new int[] {stream.length, 1, 5}) {
            FailureException refused =
                    catchThrowableOfType(
                            FailureException.class, () -> decode(Pieces.of(stream, size)));
            assertThat(refused.failure().code()).isEqualTo(FailureCode.UPSTREAM_BROKEN);
            assertThat(refused.failure().message()).contains(words);
        }
    }

    /** The example of the format's own description, byte for byte. */
    @Test
    @Tag("R10")
    void writesTheFormatsOwnExample() {
        byte[] headers =
                HexFormat.of()
                        .parseHex(
                                "0c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e");
        assertThat(EventStreamEncoder.headers("content-type", "application/json"))
                .isEqualTo(headers);
        byte[] example =
                HexFormat.of()
                        .parseHex(
                                "0000003d"
                                        + "00000020"
                                        + "07fd8396"
                                        + HexFormat.of().formatHex(headers)
                                        + HexFormat.of().formatHex(utf8("{'foo':'bar'}"))
                                        + "8d9c08b1");
        assertThat(encoded(headers, "{'foo':'bar'}")).isEqualTo(example);
        assertThat(decode(List.of(example)).all)
                .containsExactly(new Frames.Seen("", "{'foo':'bar'}", ""));
    }

    @Test
    @Tag("R10")
    void readsEventsExceptionsAndErrors() {
        EventStreamDecoder decoder = new EventStreamDecoder(1 << 20);
        StringBuilder seen = new StringBuilder();
        decoder.feed(
                STREAM,
                0,
                STREAM.length,
                frame ->
                        seen.append(frame.type())
                                .append(frame.isFailure() ? "!" : ":")
                                .append(frame.dataText())
                                .append(frame.header(":error-message"))
                                .append('\n'));
        assertThat(seen)
                .hasToString(
                        """
                        delta:{"a":"é😀"}
                        :
                        throttling!{"message":"slow"}
                        Internal!grün
                        """);
    }

    @Test
    @Tag("R3")
    @Tag("R4")
    @Tag("R9")
    @Tag("R10")
    void givesTheSameFramesHoweverTheStreamIsCut() {
        Frames whole = decode(List.of(STREAM));
        assertThat(whole.all).hasSize(4);
        assertThat(whole.raw.toByteArray()).isEqualTo(STREAM);
        for (int cut = 0; cut <= STREAM.length; cut++) {
            Frames frames = decode(Pieces.at(STREAM, cut));
            assertThat(frames.all).as("cut at %d", cut).isEqualTo(whole.all);
            assertThat(frames.raw.toByteArray()).isEqualTo(STREAM);
        }
        assertThat(decode(Pieces.of(STREAM, 1)).all).isEqualTo(whole.all);
        Seeded.times(
                200,
                random ->
                        assertThat(decode(Pieces.random(STREAM, random)).all).isEqualTo(whole.all));
    }

    @Test
    @Tag("R10")
    void refusesEveryChangedByte() {
        byte[] frame = encoded(DELTA, "{\"text\":\"hello\"}");
        for (int i = 0; i < frame.length; i++) {
            byte[] changed = frame.clone();
            changed[i] ^= 0x20;
            assertThatThrownBy(() -> decode(List.of(changed)))
                    .as("byte %d", i)
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining("checksum");
        }
    }

    @Test
    @Tag("R10")
    void believesNoLengthBeforeItsChecksum() {
        byte[] frame = encoded(DELTA, "{}");
        frame[0] = 0x7f;
        EventStreamDecoder decoder = new EventStreamDecoder(1 << 20);
        assertThatThrownBy(() -> decoder.feed(frame, 0, EventStreamDecoder.PRELUDE, _ -> {}))
                .hasMessageContaining("checksum");
    }

    @Test
    @Tag("R10")
    void refusesLengthsThatDoNotFit() {
        refuses(frame(15, 0, new byte[0]), "do not fit");
        refuses(frame(16, 1, new byte[0]), "do not fit");
        refuses(frame(20, -1, new byte[4]), "do not fit");
        refuses(frame(-1, 0, new byte[0]), "more than");
        refuses(frame(1 << 20 | 1, 0, new byte[0]), "limits.event");
        refuses(frame(200_000, 132_000, new byte[0]), "header fields");
    }

    @ParameterizedTest
    @Tag("R10")
    @ValueSource(
            strings = {
                "00", // no name
                "0161", // no type
                "01610a", // a type that there is not
                "0161ff",
                "016107", // no length
                "01610700",
                "0161070005", // shorter than it says
                "0161060001",
                "01610400",
                "0561"
            })
    void refusesHeaderFieldsThatGoBeyondTheirEnd(String hex) {
        byte[] headers = HexFormat.of().parseHex(hex);
        refuses(frame(16 + headers.length, headers.length, headers), "malformed");
    }

    @Test
    @Tag("R10")
    void readsPastFieldsOfEveryType() {
        byte[] headers =
                HexFormat.of()
                        .parseHex(
                                "016100"
                                        + "016101"
                                        + "01610201"
                                        + "0161030102"
                                        + "016104"
                                        + "01020304"
                                        + "0161050102030405060708"
                                        + "0161060002ffff"
                                        + "0161080102030405060708"
                                        + "016109"
                                        + "0102030405060708090a0b0c0d0e0f10"
                                        + HexFormat.of()
                                                .formatHex(
                                                        EventStreamEncoder.headers(
                                                                ":event-type", "last")));
        byte[] frame = frame(16 + headers.length, headers.length, headers);
        assertThat(decode(Pieces.of(frame, 3)).all)
                .containsExactly(new Frames.Seen("last", null, ""));
    }

    @Test
    @Tag("R5")
    @Tag("R6")
    void takesAFrameOfEightMegabytesInSmallPiecesAndNoLargerOne() {
        byte[] frame = encoded(DELTA, "x".repeat(8 << 20));
        EventStreamDecoder decoder = new EventStreamDecoder(frame.length);
        Frames frames = new Frames();
        for (int from = 0; from < frame.length; from += 1000) {
            decoder.feed(frame, from, Math.min(1000, frame.length - from), frames);
        }
        assertThat(frames.events()).hasSize(1);
        EventStreamDecoder smaller = new EventStreamDecoder(frame.length - 1);
        assertThatThrownBy(() -> smaller.feed(frame, 0, 1000, frames))
                .hasMessageContaining("limits.event");
        assertThat(smaller.held()).isZero();
    }

    @Test
    @Tag("R50")
    void dropsWhatTheEndOfTheStreamCuts() {
        byte[] frame = encoded(DELTA, "{}");
        for (int end = 0; end < frame.length; end++) {
            EventStreamDecoder decoder = new EventStreamDecoder(1 << 20);
            Frames frames = new Frames();
            decoder.feed(frame, 0, end, frames);
            assertThat(decoder.held()).isEqualTo(end);
            decoder.end(frames);
            assertThat(frames.all).isEmpty();
        }
    }

    @Test
    @Tag("R10")
    void survivesNoise() {
        Seeded.times(
                2000,
                random -> {
                    byte[] noise = STREAM.clone();
                    for (int i = random.nextInt(1, 8); i > 0; i--) {
                        noise[random.nextInt(noise.length)] = (byte) random.nextInt();
                    }
                    Frames frames = new Frames();
                    EventStreamDecoder decoder = new EventStreamDecoder(1 << 16);
                    try {
                        for (byte[] piece : Pieces.random(noise, random)) {
                            decoder.feed(piece, 0, piece.length, frames);
                        }
                    } catch (FailureException refused) {
                        assertThat(refused.failure().code()).isEqualTo(FailureCode.UPSTREAM_BROKEN);
                    }
                });
    }

    @Test
    void refusesASizeThatIsNone() {
        assertThatThrownBy(() -> new EventStreamDecoder(0)).hasMessageContaining("maxFrameBytes");
        assertThatThrownBy(() -> EventStreamEncoder.headers("", "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
