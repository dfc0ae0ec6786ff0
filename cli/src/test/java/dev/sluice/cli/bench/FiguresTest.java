package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.client.Sluice;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class FiguresTest {
    private static final long MILLI = 1_000_000;

    private static Sample sample(int number, String problem, long... millis) {
        long[] arrivals = millis.clone();
        for (int i = 0; i < arrivals.length; i++) {
            arrivals[i] *= MILLI;
        }
        return new Sample(number, 0, arrivals, arrivals.length, problem);
    }

    private static Summary summary(Sample... samples) {
        return new Summary(
                new Subject("m", "here", Sluice.builder().build(), "m"),
                List.of(samples),
                1_000 * MILLI);
    }

    @Test
    void aStreamTellsItsTimes() {
        Sample sample = sample(0, "", 100, 110, 130, 130, 150);

        assertThat(sample.ttft()).isEqualTo(100 * MILLI);
        assertThat(sample.ttlt()).isEqualTo(150 * MILLI);
        assertThat(sample.tps()).isEqualTo(4 / 0.050);
        assertThat(sample.tbts()).containsExactly(10 * MILLI, 20 * MILLI, 0, 20 * MILLI);
        assertThat(sample.jitter()).isEqualTo((10 + 20 + 20) * MILLI / 3.0);
    }

    @Test
    void aStreamOfFewTokensTellsWhatItCan() {
        assertThat(sample(0, "").ttft()).isNaN();
        assertThat(sample(0, "").tps()).isNaN();
        assertThat(sample(0, "", 5).ttft()).isEqualTo(5 * MILLI);
        assertThat(sample(0, "", 5).tps()).isNaN();
        assertThat(sample(0, "", 5).tbts()).isEmpty();
        assertThat(sample(0, "", 5, 6).jitter()).isNaN();
    }

    /** Against the definition: the nearest rank of all numbers. */
    @Test
    void percentilesAreExact() {
        double[] hundred = new double[100];
        for (int i = 0; i < 100; i++) {
            hundred[i] = 100 - i;
        }
        Numbers numbers = Numbers.of(hundred);

        assertThat(numbers.percentile(50)).isEqualTo(50);
        assertThat(numbers.percentile(99)).isEqualTo(99);
        assertThat(numbers.percentile(99.5)).isEqualTo(100);
        assertThat(numbers.least()).isEqualTo(1);
        assertThat(numbers.most()).isEqualTo(100);
        assertThat(numbers.mean()).isEqualTo(50.5);
        assertThat(Numbers.of(2, 4, 4, 4, 5, 5, 7, 9).deviation()).isEqualTo(Math.sqrt(32 / 7.0));
        assertThat(Numbers.of(3).deviation()).isZero();
        assertThat(Numbers.of().mean()).isNaN();
        assertThat(Numbers.of().percentile(50)).isNaN();
    }

    @Test
    void failedStreamsAreCountedAndTellNothingElse() {
        Summary summary =
                summary(
                        sample(0, "", 10, 20),
                        sample(1, "overloaded", 1, 2),
                        sample(2, "timeout"),
                        sample(3, "overloaded"));

        assertThat(summary.errors()).isEqualTo(3);
        assertThat(summary.problems())
                .containsOnly(Map.entry("overloaded", 2), Map.entry("timeout", 1));
        assertThat(summary.ttft().count()).isEqualTo(1);
        assertThat(summary.ttft().mean()).isEqualTo(10 * MILLI);
        assertThat(summary.throughput()).isEqualTo(2);
    }

    @Test
    void anObjectiveIsKeptByGoodStreams() {
        Summary summary =
                summary(
                        sample(0, "", 100, 110, 120),
                        sample(1, "", 600, 610, 620),
                        sample(2, "", 100, 300, 500),
                        sample(3, "cut", 100, 110));

        assertThat(Slo.of("ttft=500ms").good(summary)).isEqualTo(0.5);
        assertThat(Slo.of("ttft=0.6s").good(summary)).isEqualTo(0.75);
        assertThat(Slo.of("ttft=500ms, tps=50").good(summary)).isEqualTo(0.25);
        assertThat(Slo.of("tbt=50ms").good(summary)).isEqualTo(0.5);
        assertThat(Slo.of("ttlt=500ms").good(summary)).isEqualTo(0.5);
        assertThat(Slo.of("ttft=1s,good=75%").isKept(summary)).isTrue();
        assertThat(Slo.of("ttft=1s,good=76%").isKept(summary)).isFalse();
        assertThat(Slo.of("ttft=1s").isKept(summary)).isFalse();
        assertThat(Slo.of("ttft=1s,good=75%").words()).isEqualTo("ttft=1s, good=75.0%");
    }

    @Test
    void saysWhatIsWrongWithAnObjective() {
        assertThatThrownBy(() -> Slo.of("tfft=1s")).hasMessageContaining("`tfft` is no figure");
        assertThatThrownBy(() -> Slo.of("ttft=1")).hasMessageContaining("a time such as 500ms");
        assertThatThrownBy(() -> Slo.of("tps=fast")).hasMessageContaining("a number");
        assertThatThrownBy(() -> Slo.of("good=2")).hasMessageContaining("0% to 100%");
        assertThatThrownBy(() -> Slo.of("")).hasMessageContaining("expected: ttft");
    }

    @Test
    void figuresHaveThreeDigitsThatMeanSomething() {
        assertThat(
                        List.of(
                                Figures.of(0.1234),
                                Figures.of(9.994),
                                Figures.of(9.996),
                                Figures.of(99.96),
                                Figures.of(1234.5),
                                Figures.of(Double.NaN)))
                .containsExactly("0.12", "9.99", "10.0", "100", "1235", "–");
    }
}
