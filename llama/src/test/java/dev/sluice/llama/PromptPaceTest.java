package dev.sluice.llama;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptPaceTest {
    private static final long MILLISECOND = 1_000_000;

    @Test
    void promptsAloneFillTheStep() {
        PromptPace pace = new PromptPace(512);
        assertThat(pace.most(0, 512)).isEqualTo(512);
        pace.took(512, 10_000 * MILLISECOND);
        assertThat(pace.most(0, 512)).isEqualTo(512);
    }

    @Test
    void besideWritersTheyGetWhatAStepReadsInFortyMilliseconds() {
        PromptPace pace = new PromptPace(512);
        pace.took(200, 100 * MILLISECOND);
        assertThat(pace.most(3, 509)).isEqualTo(80);
        pace.took(80, 20 * MILLISECOND);
        assertThat(pace.most(3, 509)).isEqualTo(160);
    }

    @Test
    void aSlowModelsStepsBecomeTwiceAsLongAndNoLonger() {
        PromptPace pace = new PromptPace(512);
        for (int i = 0; i < 100; i++) {
            pace.took(0, 100 * MILLISECOND);
        }
        // A step of 100 ms, and 5 ms for each token of a prompt.
        for (int i = 0; i < 20; i++) {
            int prompts = pace.most(3, 509);
            pace.took(prompts, (100 + 5L * prompts) * MILLISECOND);
        }
        assertThat(pace.most(3, 509)).isBetween(15, 20);
    }

    @Test
    void theyAlwaysGetSome() {
        PromptPace pace = new PromptPace(512);
        for (int i = 0; i < 20; i++) {
            pace.took(pace.most(3, 509), 10_000 * MILLISECOND);
        }
        assertThat(pace.most(3, 509)).isEqualTo(8);
    }

    @Test
    void quickStepsLetThemGrowUpToTheRoomThatIsLeft() {
        PromptPace pace = new PromptPace(512);
        for (int i = 0; i < 20; i++) {
            pace.took(pace.most(3, 509), MILLISECOND);
        }
        assertThat(pace.most(3, 509)).isEqualTo(509);
    }

    @Test
    void aFewTokensSayNothing() {
        PromptPace pace = new PromptPace(512);
        int before = pace.most(3, 509);
        pace.took(1, 39 * MILLISECOND);
        assertThat(pace.most(3, 509)).isEqualTo(before);
    }
}
