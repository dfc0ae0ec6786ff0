package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UnitsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17, 17",
        "17B, 17",
        "1KB, 1000",
        "1KiB, 1024",
        "500KB, 500000",
        "32MiB, 33554432",
        "2MB, 2000000",
        "1GiB, 1073741824",
        "1GB, 1000000000",
        "32 MiB, 33554432"
    })
    void readsSizes(String text, long bytes) {
        assertThat(Units.SIZE.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"250ms, 250", "5s, 5000", "2m, 120000", "1h, 3600000", "0s, 0", "90 s, 90000"})
    void readsDurations(String text, long millis) {
        assertThat(Units.TIME.parse(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "1073741824, 1GiB",
        "33554432, 32MiB",
        "1024, 1KiB",
        "2000000, 2MB",
        "17, 17",
        "0, 0"
    })
    void saysSizesInTheLargestUnitThatFits(long bytes, String text) {
        assertThat(Units.SIZE.format(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1800000, 30m", "3600000, 1h", "90000, 90s", "120000, 2m", "1500, 1500ms", "0, 0s"})
    void saysDurationsInTheLargestUnitThatFits(long millis, String text) {
        assertThat(Units.TIME.format(millis)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "5S, 5s",
        "5sec, 5s",
        "5seconds, 5s",
        "2min, 2m",
        "2minutes, 2m",
        "1hour, 1h",
        "5MS, 5ms",
        "7, 7s"
    })
    void guessesTheUnitOfADuration(String text, String meant) {
        assertThatThrownBy(() -> Units.TIME.parse(text))
                .hasMessageContaining("did you mean `" + meant + "`?");
    }

    @ParameterizedTest
    @CsvSource({
        "32mb, 32MB",
        "32mib, 32MiB",
        "1k, 1KiB",
        "1K, 1KiB",
        "1M, 1MiB",
        "1g, 1GiB",
        "1kb, 1KB",
        "9bytes, 9B"
    })
    void guessesTheUnitOfASize(String text, String meant) {
        assertThatThrownBy(() -> Units.SIZE.parse(text))
                .hasMessageContaining("did you mean `" + meant + "`?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "-5s",
                "1.5s",
                "5s5",
                "5 5s",
                "1m30s",
                "٣s",
                "5x",
                "99999999999999999999s",
                "999999999999999999h"
            })
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> Units.TIME.parse(text)).isInstanceOf(InvalidValue.class);
    }
}
