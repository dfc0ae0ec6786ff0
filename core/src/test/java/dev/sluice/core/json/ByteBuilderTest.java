package dev.sluice.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.Seeded;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class ByteBuilderTest {
    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                9,
                10,
                99,
                100,
                12345,
                -1,
                -10,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                999_999_999_999_999_999L,
                1_000_000_000_000_000_000L
            })
    void writesNumbersInDecimalDigits(long value) {
        ByteBuilder out = new ByteBuilder(16).add("abcdefghijklmno").number(value).add("z");
        assertThat(out.toString()).isEqualTo("abcdefghijklmno" + value + "z");
    }

    @Test
    @Tag("R13")
    void escapesWhatMustBeEscaped() {
        assertThat(
                        new ByteBuilder()
                                .quoted("\"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028é😀")
                                .toString())
                .isEqualTo("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f\u2028é😀\"");
        assertThat(new ByteBuilder().quoted("\ud83d").toString()).isEqualTo("\"\\ud83d\"");
        assertThat(new ByteBuilder().quoted("\ude00\ud83d\ud83d\ude00").toString())
                .isEqualTo("\"\\ude00\\ud83d😀\"");
    }

    @Test
    void holdsWhatAByteArrayStreamHolds() {
        Seeded.times(
                200,
                random -> {
                    java.io.ByteArrayOutputStream model = new java.io.ByteArrayOutputStream();
                    ByteBuilder out = new ByteBuilder(random.nextInt(40));
                    for (int i = 0; i < 60; i++) {
                        byte[] piece = new byte[random.nextInt(50)];
                        random.nextBytes(piece);
                        switch (random.nextInt(4)) {
                            case 0 -> {
                                out.add(piece);
                                model.writeBytes(piece);
                            }
                            case 1 -> {
                                int from = piece.length / 3;
                                out.add(piece, from, piece.length - from);
                                model.write(piece, from, piece.length - from);
                            }
                            case 2 -> {
                                out.add(i);
                                model.write(i);
                            }
                            default -> {
                                out.add(new ByteBuilder().add(piece));
                                model.writeBytes(piece);
                            }
                        }
                    }
                    assertThat(out.toBytes()).isEqualTo(model.toByteArray());
                    assertThat(out.length()).isEqualTo(model.size());
                });
    }

    @Test
    void addsItselfToItself() {
        ByteBuilder out = new ByteBuilder(16).add("0123456789");
        assertThat(out.add(out).add(out).toString()).isEqualTo("0123456789".repeat(4));
    }

    @Test
    void givesBackAndDiscards() {
        ByteBuilder out = new ByteBuilder().add("0123456789");
        out.discardFirst(3);
        assertThat(out.toString()).isEqualTo("3456789");
        out.truncate(2);
        assertThat(out.toString()).isEqualTo("34");
        assertThatThrownBy(() -> out.truncate(3))
                .hasMessageContaining("newLength: 3 (expected: 0..2)");
        assertThatThrownBy(() -> out.discardFirst(3))
                .hasMessageContaining("count: 3 (expected: 0..2)");
        out.clear();
        assertThat(out.isEmpty()).isTrue();
    }

    @Test
    void givesRoomBackOnlyWhenNothingIsLost() {
        ByteBuilder out = new ByteBuilder().add(new byte[10_000]);
        out.shrink(4096);
        assertThat(out.length()).isEqualTo(10_000);
        assertThat(out.array().length).isGreaterThanOrEqualTo(10_000);
        out.clear();
        out.add("abc").shrink(4096);
        assertThat(out.array()).hasSize(4096);
        assertThat(out.toString()).isEqualTo("abc");
    }

    @Test
    void handsItsArrayOver() {
        ByteBuilder out = new ByteBuilder().add("abc");
        byte[] taken = out.detach();
        out.add("xyz");
        assertThat(Arrays.copyOf(taken, 3)).isEqualTo("abc".getBytes(StandardCharsets.US_ASCII));
        assertThat(out.toString()).isEqualTo("xyz");
    }
}
