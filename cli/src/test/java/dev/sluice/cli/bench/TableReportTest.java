package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.client.Sluice;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class TableReportTest {
    private static final long MILLI = 1_000_000;

    private static Summary summary(String name, int ttft, int tbt, int errors) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long first = (ttft + i) * MILLI;
            long next = tbt * MILLI;
            long[] arrivals = {first, first + next, first + 2 * next, first + 3 * next};
            samples.add(new Sample(i, 0, arrivals, 4, ""));
        }
        for (int i = 0; i < errors; i++) {
            samples.add(new Sample(3 + i, 0, new long[0], 0, "overloaded"));
        }
        return new Summary(
                new Subject(name, "here", Sluice.builder().build(), name), samples, MILLI);
    }

    private static String table(int columns, boolean coloured, Summary... summaries) {
        return new TableReport(List.of(summaries), null, columns, coloured).text();
    }

    @Test
    void marksTheBestOfSeveral() {
        assertThat(table(120, false, summary("slow", 100, 20, 1), summary("fast", 50, 5, 0)))
                .isEqualTo(
                        """
                                TTFT            TBT                      TPS           TTLT         errors
                                  ms      ±  p50 ms  p99 ms  jitter     mean      ±      ms      ±
                        slow     101   1.00    20.0    20.0   0.00*     50.0   0.00     161   1.00     1/4
                        fast   51.0*   1.00   5.00*   5.00*   0.00*     200*   0.00   66.0*   1.00     0/3
                        slow: 1 × overloaded
                        * is the best.
                        """);
        assertThat(table(120, true, summary("slow", 100, 20, 0), summary("fast", 50, 5, 0)))
                .contains("\u001b[1;32m51.0\u001b[0m")
                .endsWith("The best is green.\n");
        assertThat(table(120, false, summary("alone", 100, 20, 0))).doesNotContain("*");
    }

    @Test
    void fitsItsTerminal() {
        Summary long1 = summary("simulated/n200-i20-t100", 100, 20, 0);
        for (int columns : new int[] {40, 60, 78, 80, 100, 200}) {
            assertThat(table(columns, false, long1, long1).lines())
                    .allSatisfy(line -> assertThat(line.length()).isLessThan(columns));
        }
        assertThat(table(80, false, long1)).contains("\nsimulated/n200-i20-t100\n     101 ");
        assertThat(table(40, false, long1))
                .isEqualTo(
                        """
                        simulated/n200-i20-t100
                          TTFT     101 ± 1.00 ms
                          TBT p50  20.0 ms
                          TBT p99  20.0 ms
                          jitter   0.00 ms
                          TPS      50.0 ± 0.00
                          TTLT     161 ± 1.00 ms
                          errors   0/3
                        """);
    }

    @Test
    void saysWhetherTheObjectiveIsMet() {
        Summary fast = summary("fast", 50, 5, 0);
        Summary slow = summary("slow", 100, 20, 0);
        String table = new TableReport(List.of(fast, slow), Slo.of("ttft=60ms"), 100, false).text();

        assertThat(table)
                .contains("fast: 100 % of the streams keep ttft=60ms, good=100%: met\n")
                .contains("slow: 0.00 % of the streams keep ttft=60ms, good=100%: MISSED\n");
    }
}
