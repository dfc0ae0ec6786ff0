package dev.sluice.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Mode;
import dev.sluice.core.request.ThinkingConfig.Show;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("R48")
class ThinkingConfigTest {
    @ParameterizedTest
    @CsvSource({
        "1, MINIMAL",
        "1024, MINIMAL",
        "1500, MINIMAL",
        "1600, LOW",
        "2048, LOW",
        "5000, LOW",
        "6000, MEDIUM",
        "8192, MEDIUM",
        "16384, HIGH",
        "24576, XHIGH",
        "32768, MAX",
        "1000000, MAX"
    })
    void findsTheEffortNearestToABudget(long budget, Effort effort) {
        assertThat(ThinkingConfig.budget(budget).asEffort()).isEqualTo(effort);
        assertThat(ThinkingConfig.budget(budget).asBudget()).hasValue(budget);
    }

    @Test
    void goesToABudgetAndBack() {
        for (Effort effort : Effort.values()) {
            ThinkingConfig config = ThinkingConfig.effort(effort);
            assertThat(config.asEffort()).isEqualTo(effort);
            if (effort.budget() > 0) {
                assertThat(config.asBudget()).hasValue(effort.budget());
                assertThat(Effort.nearest(effort.budget())).isEqualTo(effort);
            } else {
                assertThat(config.asBudget()).isEmpty();
            }
        }
        assertThat(ThinkingConfig.effort(Effort.NONE)).isEqualTo(ThinkingConfig.off());
        assertThat(Effort.XHIGH.word()).isEqualTo("xhigh");
        ThinkingConfig adaptive = new ThinkingConfig(Mode.ADAPTIVE, 0, Effort.UNSAID, Show.UNSAID);
        assertThat(adaptive.asBudget()).isEmpty();
        assertThat(adaptive.asEffort()).isEqualTo(Effort.UNSAID);
    }
}
