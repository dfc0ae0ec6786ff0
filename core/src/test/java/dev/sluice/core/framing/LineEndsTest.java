package dev.sluice.core.framing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.Seeded;

import org.junit.jupiter.api.Test;

class LineEndsTest {
    /** Bytes next to CR and LF, and those that carries and borrows could make look like them. */
    private static final byte[] NEAR = {
        '\n',
        '\r',
        '\n' - 1,
        '\n' + 1,
        '\r' - 1,
        '\r' + 1,
        (byte) 0x8a,
        (byte) 0x8d,
        0,
        (byte) 0xff,
        (byte) 0x80,
        0x7f,
        'a'
    };

    @Test
    void findsTheFirstLineEnd() {
        Seeded.times(
                20_000,
                random -> {
                    byte[] bytes = new byte[random.nextInt(60)];
                    for (int i = 0; i < bytes.length; i++) {
                        int pick = random.nextInt(40);
                        bytes[i] = pick < NEAR.length ? NEAR[pick] : (byte) random.nextInt(256);
                    }
                    int from = random.nextInt(bytes.length + 1);
                    int to = from + random.nextInt(bytes.length - from + 1);
                    int expected = from;
                    while (expected < to && bytes[expected] != '\n' && bytes[expected] != '\r') {
                        expected++;
                    }
                    assertThat(LineEnds.next(bytes, from, to)).isEqualTo(expected);
                });
    }
}
