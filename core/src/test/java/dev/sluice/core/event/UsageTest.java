package dev.sluice.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("R29")
class UsageTest {
    private static Usage estimated(long input, long output) {
        return new Usage(input, -1, -1, output, -1, true);
    }

    @ParameterizedTest
    @CsvSource({
        // not reported is not zero, and a later report that is missing or zero erases nothing
        "-1, -1, -1",
        "-1, 0, 0",
        "-1, 7, 7",
        "0, -1, 0",
        "0, 0, 0",
        "0, 7, 7",
        "5, -1, 5",
        "5, 0, 5",
        "5, 7, 7",
        "7, 5, 5",
        "5, 5, 5"
    })
    void setsCumulativeCountsAndErasesNone(long earlier, long later, long merged) {
        Usage rest = Usage.of(1, -1, -1, -1, -1);
        assertThat(Usage.of(1, -1, -1, earlier, -1).merge(Usage.of(-1, -1, -1, later, -1)))
                .isEqualTo(Usage.of(1, -1, -1, merged, -1));
        assertThat(Usage.of(earlier, 1, -1, -1, -1).merge(Usage.of(later, -1, -1, -1, -1)))
                .isEqualTo(Usage.of(merged, 1, -1, -1, -1));
        assertThat(Usage.of(1, earlier, -1, -1, -1).merge(Usage.of(-1, later, -1, -1, -1)))
                .isEqualTo(Usage.of(1, merged, -1, -1, -1));
        assertThat(Usage.of(1, -1, earlier, -1, -1).merge(Usage.of(-1, -1, later, -1, -1)))
                .isEqualTo(Usage.of(1, -1, merged, -1, -1));
        assertThat(rest.merge(Usage.of(-1, -1, -1, -1, later)).reasoning()).isEqualTo(later);
        assertThat(
                        Usage.of(1, -1, -1, -1, earlier)
                                .merge(Usage.of(-1, -1, -1, -1, later))
                                .reasoning())
                .isEqualTo(merged);
    }

    @Test
    void aReportOfNothingChangesNothing() {
        Usage usage = Usage.of(1, 2, 3, 4, 5);
        assertThat(usage.merge(Usage.NONE)).isEqualTo(usage);
        assertThat(Usage.NONE.merge(usage)).isEqualTo(usage);
        assertThat(estimated(1, 2).merge(Usage.NONE)).isEqualTo(estimated(1, 2));
        assertThat(Usage.NONE.merge(estimated(1, 2)).estimated()).isTrue();
    }

    @Test
    @Tag("R31")
    void isEstimatedAsLongAsOneCountIs() {
        Usage real = Usage.of(10, -1, -1, 20, -1);
        assertThat(estimated(10, -1).merge(Usage.of(-1, -1, -1, 20, -1)).estimated()).isTrue();
        assertThat(estimated(10, -1).merge(real).estimated()).isFalse();
        assertThat(estimated(10, 5).merge(Usage.of(12, -1, -1, -1, -1)).estimated()).isTrue();
        assertThat(Usage.of(10, -1, -1, -1, -1).merge(estimated(-1, 20)).estimated()).isTrue();
        assertThat(real.merge(new Usage(0, -1, -1, 0, -1, true)).estimated()).isFalse();
    }

    @Test
    void addsUpWhatIsKnown() {
        assertThat(Usage.NONE.totalInput()).isEqualTo(Usage.UNKNOWN);
        assertThat(Usage.NONE.total()).isZero();
        assertThat(Usage.NONE.isNone()).isTrue();
        assertThat(Usage.of(24, 64, -1, 41, -1).totalInput()).isEqualTo(88);
        assertThat(Usage.of(24, 64, 120, 41, 30).total()).isEqualTo(249);
        assertThat(Usage.of(-1, -1, -1, 0, -1).isNone()).isFalse();
        assertThat(Usage.of(-5, -2, -3, -4, Long.MIN_VALUE)).isEqualTo(Usage.NONE);
    }
}
