package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.request.Request;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class StreamConfigTest {
    @Test
    void hasDefaults() {
        StreamConfig config = StreamConfig.DEFAULT;
        assertThat(config.maxTokens()).isEqualTo(256);
        assertThat(config.temperature()).isEqualTo(1.0);
        assertThat(config.topK()).isEqualTo(40);
        assertThat(config.topP()).isEqualTo(0.9);
        assertThat(config.stopSequences()).isEmpty();
        assertThat(config.bufferSize()).isEqualTo(64);
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.deadline()).isEmpty();
        assertThat(config.tokenBudget()).isEmpty();
    }

    @Test
    void keepsWhatWasSetWhenItIsBuiltUpon() {
        TokenBudget budget = TokenBudget.of(1000);
        StreamConfig config =
                StreamConfig.builder()
                        .maxTokens(1)
                        .temperature(0.1)
                        .topK(2)
                        .topP(0.3)
                        .stopSequences("a", "b")
                        .bufferSize(4)
                        .timeout(Duration.ofSeconds(5))
                        .deadline(Duration.ofSeconds(6))
                        .retries(7)
                        .backoff(Duration.ofSeconds(8))
                        .tokenBudget(budget)
                        .maxKeptBytes(9)
                        .build()
                        .toBuilder()
                        .build();
        assertThat(config.maxTokens()).isEqualTo(1);
        assertThat(config.temperature()).isEqualTo(0.1);
        assertThat(config.topK()).isEqualTo(2);
        assertThat(config.topP()).isEqualTo(0.3);
        assertThat(config.stopSequences()).containsExactly("a", "b");
        assertThat(config.bufferSize()).isEqualTo(4);
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.deadline()).contains(Duration.ofSeconds(6));
        assertThat(config.retries()).isEqualTo(7);
        assertThat(config.backoff()).isEqualTo(Duration.ofSeconds(8));
        assertThat(config.tokenBudget()).contains(budget);
        assertThat(config.maxKeptBytes()).isEqualTo(9);
    }

    @Test
    void refusesWhatMakesNoSense() {
        StreamConfig.Builder builder = StreamConfig.builder();
        refused("maxTokens: 0 (expected: > 0)", () -> builder.maxTokens(0));
        refused("temperature: -0.1 (expected: 0 to 2)", () -> builder.temperature(-0.1));
        refused("temperature: NaN (expected: 0 to 2)", () -> builder.temperature(Double.NaN));
        refused("topK: 0 (expected: > 0)", () -> builder.topK(0));
        refused("topP: 0.0 (expected: > 0 and <= 1)", () -> builder.topP(0));
        refused("topP: 1.5 (expected: > 0 and <= 1)", () -> builder.topP(1.5));
        refused("stopSequences: [] (expected: no empty text)", () -> builder.stopSequences(""));
        refused("bufferSize: -1 (expected: > 0)", () -> builder.bufferSize(-1));
        refused("timeout: PT0S (expected: > 0)", () -> builder.timeout(Duration.ZERO));
        refused("retries: -1 (expected: >= 0)", () -> builder.retries(-1));
    }

    private static void refused(String message, Runnable step) {
        assertThatThrownBy(step::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void givesModelsInTheProcessAllItsDefaults() {
        try (Local local = Local.saying(Told.message("a"))) {
            local.ask().text();
            Request request = local.model().calls().getFirst().request();
            assertThat(request.maxOutput()).isEqualTo(256);
            assertThat(request.sampling().temperature()).isEqualTo(1.0);
            assertThat(request.sampling().topK()).isEqualTo(40);
            assertThat(request.sampling().topP()).isEqualTo(0.9);
            assertThat(request.model()).isEqualTo("fake");
            assertThat(request.stream()).isTrue();
        }
    }
}
