package dev.sluice.cli.chat;

import dev.sluice.cli.terminal.Bar;
import dev.sluice.cli.terminal.Cells;
import dev.sluice.client.StreamMetrics;
import dev.sluice.client.TokenBudget;
import dev.sluice.core.event.Usage;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is said in a line of the numbers of an answer, while it comes and when it is there. */
final class StatusLine {
    private static final String GAP = " · ";
    private static final int BAR = 10;

    private final @Nullable TokenBudget budget;
    private long spentBefore;

    StatusLine(@Nullable TokenBudget budget) {
        this.budget = budget;
    }

    /** A stream is about to begin. */
    void begin() {
        spentBefore = budget == null ? 0 : budget.limit() - budget.remaining();
    }

    /** While the answer comes, in {@code cells} at most: what matters least goes first. */
    String live(StreamMetrics metrics, Usage usage, int cells) {
        List<String> parts = new ArrayList<>();
        if (metrics.tokens() == 0) {
            parts.add("waiting " + time(metrics.elapsed()));
        } else {
            parts.add(count(metrics.tokens(), false));
            times(parts, metrics);
        }
        // What a stream has reserved is not spent yet.
        budget(parts, spentBefore + usage.total());
        parts.add("Ctrl-C stops");
        while (parts.size() > 1 && Cells.width(String.join(GAP, parts)) > cells) {
            parts.removeLast();
        }
        return String.join(GAP, parts);
    }

    /** When the answer has ended. */
    String after(StreamMetrics metrics, Usage usage) {
        List<String> parts = new ArrayList<>();
        boolean told = usage.output() > 0;
        parts.add(count(told ? usage.output() : metrics.tokens(), told && usage.estimated()));
        times(parts, metrics);
        budget(parts, budget == null ? 0 : budget.limit() - budget.remaining());
        return String.join(GAP, parts);
    }

    private static String count(long tokens, boolean estimated) {
        return (estimated ? "~" : "") + tokens + (tokens == 1 ? " token" : " tokens");
    }

    private static void times(List<String> parts, StreamMetrics metrics) {
        metrics.ttft().ifPresent(ttft -> parts.add("TTFT " + time(ttft)));
        metrics.tokensPerSecond()
                .ifPresent(tps -> parts.add(String.format(Locale.ROOT, "TPS %.1f", tps)));
        parts.add(time(metrics.elapsed()));
    }

    private void budget(List<String> parts, long spent) {
        if (budget != null) {
            double share = (double) spent / budget.limit();
            parts.add("budget " + Bar.of(share, BAR) + " " + spent + "/" + budget.limit());
        }
    }

    /** A time as people say it. */
    static String time(Duration time) {
        return time.toMillis() < 1000
                ? time.toMillis() + " ms"
                : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
