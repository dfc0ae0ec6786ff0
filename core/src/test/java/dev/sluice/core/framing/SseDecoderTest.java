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
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

class SseDecoderTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Frames decode(String... pieces) {
        SseDecoder decoder = new SseDecoder(1 << 20);
        Frames frames = new Frames();
        for (String piece : pieces) {
            byte[] bytes = utf8(piece);
            decoder.feed(bytes, 0, bytes.length, frames);
        }
        return frames;
    }

    @Test
    @Tag("R1")
    void removesExactlyOneSpace() {
        assertThat(decode("data:{\"a\":1}\n\ndata: {\"a\":1}\n\ndata:  x\n\n").events())
                .extracting(Frames.Seen::data)
                .containsExactly("{\"a\":1}", "{\"a\":1}", " x");
    }

    @ParameterizedTest
    @Tag("R2")
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void givesTheSameFramesForEveryLineEnd(String lineEnd) {
        String stream =
                "event: a\ndata: 1\n\n: ping\n\ndata: 2\ndata: 3\n\n".replace("\n", lineEnd);
        List<Frames.Seen> expected =
                List.of(
                        new Frames.Seen("a", "1", ""),
                        new Frames.Seen("", null, ""),
                        new Frames.Seen("", "2\n3", ""));
        byte[] bytes = utf8(stream);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(decode(stream.substring(0, cut), stream.substring(cut)).all)
                    .as("cut at %d", cut)
                    .isEqualTo(expected);
        }
    }

    @Test
    @Tag("R2")
    void handsTheFrameOverAtItsCarriageReturnAndTheLineFeedLater() {
        SseDecoder decoder = new SseDecoder(1 << 20);
        Frames frames = new Frames();
        byte[] stream = utf8("data: a\r\n\r\n");
        decoder.feed(stream, 0, stream.length - 1, frames);
        assertThat(frames.events()).hasSize(1);
        assertThat(decoder.held()).isZero();
        decoder.feed(stream, stream.length - 1, 1, frames);
        assertThat(frames.all).hasSize(1);
        assertThat(decoder.held()).as("nothing of a frame is held").isZero();
        decoder.end(frames);
        assertThat(frames.all).hasSize(2);
        assertThat(frames.all.get(1).data()).isNull();
        assertThat(frames.rawText()).isEqualTo("data: a\r\n\r\n");
        decoder.end(frames);
        assertThat(frames.all).hasSize(2);
    }

    @Test
    @Tag("R50")
    void dropsWhatTheEndCuts() {
        SseDecoder decoder = new SseDecoder(1 << 20);
        Frames frames = new Frames();
        byte[] stream = utf8("data: a\n\ndata: b\n");
        decoder.feed(stream, 0, stream.length, frames);
        decoder.end(frames);
        assertThat(frames.events()).hasSize(1);
        assertThat(decoder.held()).isEqualTo(8);
    }

    @Test
    @Tag("R7")
    void handsCommentsOverAsFramesWithoutData() {
        Frames frames =
                decode(
                        ": keepalive 1/2\n\n",
                        "retry: 10\n\nfoo: bar\nbaz\n\n",
                        "event: ghost\n\ndata:\n\n");
        assertThat(frames.events()).containsExactly(new Frames.Seen("", "", ""));
        assertThat(frames.all).hasSize(5);
    }

    @Test
    @Tag("R9")
    void oneReadOfManyEventsEqualsManyReadsOfOne() {
        String event = "event: e\ndata: {\"x\":\"é😀\"}\n\n";
        String[] many = new String[50];
        Arrays.fill(many, event);
        assertThat(decode(event.repeat(50)).all).isEqualTo(decode(many).all).hasSize(50);
    }

    /** A stream of every kind of line, with line ends mixed. */
    private static byte[] randomStream(SplittableRandom random) {
        String[] lines = {
            "data: {\"delta\":\"é😀\"}",
            "data:",
            "data",
            "data:  two",
            "event: ping",
            "event:",
            ": comment",
            ":",
            "id: 4",
            "id",
            "retry: 20",
            "unknown: x",
            "nothing",
            "data: " + "long ".repeat(random.nextInt(40)),
            "\ufeffdata: y"
        };
        String[] ends = {"\n", "\n", "\r\n", "\r"};
        StringBuilder stream = new StringBuilder(random.nextInt(4) == 0 ? "\ufeff" : "");
        int count = random.nextInt(40);
        for (int i = 0; i < count; i++) {
            stream.append(random.nextInt(3) == 0 ? "" : lines[random.nextInt(lines.length)]);
            stream.append(ends[random.nextInt(ends.length)]);
        }
        return utf8(stream.toString());
    }

    @Test
    @Tag("R3")
    @Tag("R4")
    @Tag("R9")
    void rawFramesJoinedAreTheInputInEverySplit() {
        Seeded.times(
                1500,
                random -> {
                    byte[] stream = randomStream(random);
                    SseDecoder whole = new SseDecoder(1 << 20);
                    Frames expected = new Frames();
                    whole.feed(stream, 0, stream.length, expected);
                    whole.end(expected);
                    assertThat(expected.raw.toByteArray())
                            .isEqualTo(Arrays.copyOf(stream, stream.length - whole.held()));
                    SseDecoder decoder = new SseDecoder(1 << 20);
                    Frames frames = new Frames();
                    byte[] scratch = new byte[stream.length];
                    for (byte[] piece : Pieces.random(stream, random)) {
                        System.arraycopy(piece, 0, scratch, 0, piece.length);
                        decoder.feed(scratch, 0, piece.length, frames);
                        Arrays.fill(scratch, (byte) '\n');
                    }
                    int held = decoder.held();
                    decoder.end(frames);
                    assertThat(frames.events()).isEqualTo(expected.events());
                    assertThat(frames.raw.toByteArray()).isEqualTo(expected.raw.toByteArray());
                    assertThat(held).isEqualTo(whole.held());
                });
    }

    @Test
    @Tag("R5")
    void passesAnEventOfEightMebibytesInAnyPieces() {
        byte[] event = utf8("data: " + "x".repeat(8 << 20) + "\n\n");
        for (int size : new int[] {event.length, 1 << 16, 4097, 1000}) {
            SseDecoder decoder = new SseDecoder(event.length);
            int[] lengths = {0};
            for (int from = 0; from < event.length; from += size) {
                int count = Math.min(size, event.length - from);
                decoder.feed(event, from, count, frame -> lengths[0] += frame.dataLength());
            }
            assertThat(lengths[0]).isEqualTo(8 << 20);
            assertThat(decoder.held()).isZero();
        }
    }

    @Test
    @Tag("R5")
    void aLargeEventByteByByteTakesTimeInProportionToItsLength() {
        byte[] event = utf8("data: " + "x".repeat(8 << 20) + "\n\n");
        SseDecoder decoder = new SseDecoder(16 << 20);
        int[] lengths = {0};
        // Moving what is held for each byte would take hours.
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> {
                    for (int at = 0; at < event.length; at++) {
                        decoder.feed(event, at, 1, frame -> lengths[0] += frame.dataLength());
                    }
                });
        assertThat(lengths[0]).isEqualTo(8 << 20);
    }

    @Test
    @Tag("R5")
    void refusesAnEventThatIsLargerThanAllowed() {
        byte[] event = utf8("data: " + "x".repeat(92) + "\n\n");
        new SseDecoder(100).feed(event, 0, event.length, frame -> {});
        for (int cut = 1; cut < event.length; cut++) {
            SseDecoder decoder = new SseDecoder(99);
            int at = cut;
            FailureException refused =
                    catchThrowableOfType(
                            FailureException.class,
                            () -> {
                                decoder.feed(event, 0, at, frame -> {});
                                decoder.feed(event, at, event.length - at, frame -> {});
                            });
            assertThat(refused.failure().code()).isEqualTo(FailureCode.UPSTREAM_BROKEN);
            assertThat(refused.failure().message()).contains("more than 99 bytes");
        }
    }

    @ParameterizedTest
    @Tag("R6")
    @ValueSource(strings = {"data: xxxxxxxx", ":", "data: x\n", ": comment\n", "event: e\r\n"})
    void cutsAnUpstreamThatNeverEndsItsEvent(String endless) {
        int cap = 100_000;
        SseDecoder decoder = new SseDecoder(cap);
        byte[] piece = utf8(endless);
        int fed = 0;
        boolean refused = false;
        while (!refused && fed <= cap + piece.length) {
            try {
                decoder.feed(piece, 0, piece.length, frame -> {});
                fed += piece.length;
            } catch (FailureException tooLarge) {
                refused = true;
            }
        }
        assertThat(refused).isTrue();
        assertThat(fed).isBetween(cap - piece.length, cap);
        assertThat(decoder.room()).isLessThan(2 * (cap + 4096));
    }

    @Test
    void givesTheRoomOfALargeEventBack() {
        byte[] large = utf8("data: " + "x".repeat(1 << 20) + "\ndata: y\n\n");
        byte[] small = utf8("data: z\n");
        SseDecoder decoder = new SseDecoder(16 << 20);
        decoder.feed(large, 0, 1 << 19, frame -> {});
        decoder.feed(large, 1 << 19, large.length - (1 << 19), frame -> {});
        assertThat(decoder.room()).isLessThanOrEqualTo(4096);
        decoder.feed(large, 0, 1 << 19, frame -> {});
        byte[] rest =
                Arrays.copyOf(
                        Arrays.copyOfRange(large, 1 << 19, large.length),
                        large.length - (1 << 19) + small.length);
        System.arraycopy(small, 0, rest, rest.length - small.length, small.length);
        decoder.feed(rest, 0, rest.length, frame -> {});
        assertThat(decoder.held()).isEqualTo(small.length);
        assertThat(decoder.room()).isLessThanOrEqualTo(2 * 4096);
    }

    @Test
    void copiesLittleOfAPieceThatGoesOnAfterACutEvent() {
        SseDecoder decoder = new SseDecoder(16 << 20);
        byte[] stream = utf8("data: x\n\n".repeat(100_000));
        Frames frames = new Frames();
        decoder.feed(stream, 0, 5, frames);
        decoder.feed(stream, 5, stream.length - 8, frames);
        assertThat(decoder.held()).isEqualTo(6);
        assertThat(decoder.room()).isLessThanOrEqualTo(2 * 4096);
        decoder.feed(stream, stream.length - 3, 3, frames);
        assertThat(frames.events()).hasSize(100_000);
    }

    @Test
    void letsThePieceGoWhenTheCallEnds() {
        Frame[] kept = new Frame[1];
        byte[] stream = utf8("event: a\ndata: x\n\n");
        new SseDecoder(100).feed(stream, 0, stream.length, frame -> kept[0] = frame);
        assertThat(kept[0].buffer()).isEmpty();
        assertThat(kept[0].dataBuffer()).isEmpty();
    }

    @Test
    void comparesTypeAndDataWithoutMakingStrings() {
        byte[] stream = utf8("event: ping\ndata: [DONE]\n\n");
        new SseDecoder(100)
                .feed(
                        stream,
                        0,
                        stream.length,
                        frame -> {
                            assertThat(frame.typeEquals("ping")).isTrue();
                            assertThat(frame.typeEquals("pinG")).isFalse();
                            assertThat(frame.typeEquals("pings")).isFalse();
                            assertThat(frame.dataEquals("[DONE]")).isTrue();
                            assertThat(frame.dataEquals("[DONE] ")).isFalse();
                        });
    }

    @Test
    void ignoresARetryThatIsNoNumber() {
        SseDecoder decoder = new SseDecoder(1000);
        assertThat(decoder.retryMillis()).isEmpty();
        byte[] stream =
                utf8("retry:\n\nretry: 1 2\n\nretry: 99999999999999999999\n\nretry: +5\n\n");
        decoder.feed(stream, 0, stream.length, frame -> {});
        assertThat(decoder.retryMillis()).isEmpty();
    }

    @Test
    void refusesALimitThatIsNone() {
        assertThatThrownBy(() -> new SseDecoder(0)).hasMessage("maxFrameBytes: 0 (expected: > 0)");
        new SseDecoder(Integer.MAX_VALUE).feed(utf8("data: x"), 0, 7, frame -> {});
    }
}
