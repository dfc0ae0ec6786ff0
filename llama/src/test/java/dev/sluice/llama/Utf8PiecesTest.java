package dev.sluice.llama;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class Utf8PiecesTest {
    private static final String TEXT = "a\u00e9\u6f22\ud83d\ude00\u2028z";

    @Test
    @Tag("R4")
    void isTheSameWhereverTheBytesAreCut() {
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                Utf8Pieces pieces = new Utf8Pieces();
                String joined =
                        pieces.add(Arrays.copyOfRange(bytes, 0, first))
                                + pieces.add(Arrays.copyOfRange(bytes, first, second))
                                + pieces.add(Arrays.copyOfRange(bytes, second, bytes.length));
                assertThat(joined).as("cut at %d and %d", first, second).isEqualTo(TEXT);
            }
        }
    }

    @Test
    @Tag("R4")
    void holdsBackWhatIsNotWhole() {
        Utf8Pieces pieces = new Utf8Pieces();
        assertThat(pieces.add(new byte[] {'a', (byte) 0xf0, (byte) 0x9f})).isEqualTo("a");
        assertThat(pieces.add(new byte[] {(byte) 0x98})).isEmpty();
        assertThat(pieces.add(new byte[] {(byte) 0x80, 'b'})).isEqualTo("\ud83d\ude00b");
    }

    @Test
    void bytesThatAreNoCharacterAreReplacedAsSoonAsThatIsCertain() {
        Utf8Pieces pieces = new Utf8Pieces();
        assertThat(pieces.add(new byte[] {(byte) 0xff, 'a'})).isEqualTo("\ufffda");
        assertThat(pieces.add(new byte[] {(byte) 0xf0, (byte) 0x9f})).isEmpty();
        assertThat(pieces.add(new byte[] {'b'})).isEqualTo("\ufffdb");
    }
}
