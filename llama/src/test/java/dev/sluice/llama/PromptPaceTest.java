package dev.sluice.llama;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptPaceTest {
    private static final long SLOW = 200_000_000;
    private static final long QUICK = 1_000_000;

    @Test
    void promptsAloneFillTheStep() {
        PromptPace pace = new PromptPace(512);
        assertThat(pace.most(0, 512)).isEqualTo(512);
        pace.took(SLOW);
        assertThat(pace.most(0, 512)).isEqualTo(512);
    }

    @Test
    void besideWritersTheyGetLessTheLongerAStepTakesButNeverNothing() {
        PromptPace pace = new PromptPace(512);
        int before = pace.most(3, 509);
        pace.took(SLOW);
        assertThat(pace.most(3, 509)).isEqualTo(before / 2);
        for (int i = 0; i < 20; i++) {
            pace.most(3, 509);
            pace.took(SLOW);
        }
        assertThat(pace.most(3, 509)).isPositive();
    }

    @Test
    void quickStepsLetThemGrowUpToTheRoomThatIsLeft() {
        PromptPace pace = new PromptPace(512);
        for (int i = 0; i < 20; i++) {
            pace.most(3, 509);
            pace.took(QUICK);
        }
        assertThat(pace.most(3, 509)).isEqualTo(509);
    }
}
