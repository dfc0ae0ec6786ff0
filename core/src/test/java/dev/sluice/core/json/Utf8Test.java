package dev.sluice.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.Seeded;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

@Tag("R4")
class Utf8Test {
    @Test
    void knowsTheLengthOfEveryCharacter() {
        for (int point = 0x80; point <= 0x10ffff; point++) {
            if (point >= 0xd800 && point <= 0xdfff) {
                continue;
            }
            byte[] bytes = new String(Character.toChars(point)).getBytes(StandardCharsets.UTF_8);
            assertThat(Utf8.lengthAt(bytes, 0, bytes.length)).isEqualTo(bytes.length);
            assertThat(Utf8.lengthAt(bytes, 0, bytes.length - 1)).isZero();
        }
    }

    @Test
    void agreesWithTheDecoderOfThePlatformOnAnyBytes() {
        for (int lead = 0x80; lead < 0x100; lead++) {
            for (int second = 0; second < 0x100; second++) {
                byte[] bytes = {(byte) lead, (byte) second, (byte) 0xbf, (byte) 0x80};
                assertThat(Utf8.lengthAt(bytes, 0, 4)).isEqualTo(longestValid(bytes));
            }
        }
        Seeded.times(
                5000,
                random -> {
                    byte[] bytes = new byte[4];
                    for (int i = 0; i < 4; i++) {
                        bytes[i] = (byte) (0x80 | random.nextInt(0x80));
                    }
                    assertThat(Utf8.lengthAt(bytes, 0, 4)).isEqualTo(longestValid(bytes));
                });
    }

    private static int longestValid(byte[] bytes) {
        for (int length = 2; length <= 4; length++) {
            if (isOneCharacter(bytes, length)) {
                return length;
            }
        }
        return 0;
    }

    private static boolean isOneCharacter(byte[] bytes, int length) {
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes, 0, length))
                            .toString();
            return text.codePointCount(0, text.length()) == 1;
        } catch (CharacterCodingException invalid) {
            return false;
        }
    }
}
