package dev.sluice.cli.bench;

import dev.sluice.cli.terminal.Bar;
import dev.sluice.cli.terminal.Cells;

import java.io.PrintStream;
import java.util.function.IntSupplier;

/** A line of a terminal that says how far the measuring of a subject is. */
public final class ProgressView implements Runner.Listener {
    private static final long PACE_NANOS = 100_000_000;
    private static final int BAR = 12;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream out;
    private final IntSupplier columns;
    private final Subject subject;
    private final int runs;
    private int ended;
    private int errors;
    private double ttfts;
    private double rates;
    private int timed;
    private int rated;
    private long shownAt;

    /** A view of {@code subject}, of which {@code runs} streams are measured. */
    public ProgressView(PrintStream out, IntSupplier columns, Subject subject, int runs) {
        this.out = out;
        this.columns = columns;
        this.subject = subject;
        this.runs = runs;
    }

    /** Shows that it begins. */
    public void begin() {
        show();
    }

    @Override
    public void ended(Sample sample) {
        ended++;
        errors += sample.isWhole() ? 0 : 1;
        if (sample.isWhole() && !Double.isNaN(sample.ttft())) {
            ttfts += sample.ttft();
            timed++;
        }
        if (sample.isWhole() && !Double.isNaN(sample.tps())) {
            rates += sample.tps();
            rated++;
        }
        long now = System.nanoTime();
        if (now - shownAt > PACE_NANOS || ended == runs) {
            shownAt = now;
            show();
        }
    }

    private void show() {
        StringBuilder line = new StringBuilder();
        line.append(Bar.of((double) ended / runs, BAR)).append(' ').append(ended).append('/');
        line.append(runs).append(' ').append(subject.name());
        if (timed > 0) {
            line.append(" · TTFT ").append(Figures.of(Figures.millis(ttfts / timed))).append(" ms");
        }
        if (rated > 0) {
            line.append(" · TPS ").append(Figures.of(rates / rated));
        }
        if (errors > 0) {
            line.append(" · ").append(errors).append(errors == 1 ? " error" : " errors");
        }
        out.print(CLEAR + Cells.cut(line.toString(), Math.max(1, columns.getAsInt() - 1)));
        out.flush();
    }

    /** Leaves nothing behind. */
    public void end() {
        out.print(CLEAR);
        out.flush();
    }
}
