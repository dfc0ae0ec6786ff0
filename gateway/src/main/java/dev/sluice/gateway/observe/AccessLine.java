package dev.sluice.gateway.observe;

import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One line for one exchange, as {@code key=value} pairs or as JSON, always in the same order. Holds
 * no prompt, no answer and no key; what comes from a client is cut and cleaned, so that nobody
 * writes lines of his own into the log.
 */
final class AccessLine {
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_WARNINGS = 512;

    /** A key and what it says. */
    private record Pair(String key, Value value) {}

    private sealed interface Value {
        record Word(String text) implements Value {}

        record Truth(boolean holds) implements Value {}

        record Count(long count, boolean guess) implements Value {}

        record Measure(double value) implements Value {}
    }

    private final List<Pair> pairs = new ArrayList<>();
    private final boolean estimated;

    private AccessLine(ExchangeRecord record, Instant at) {
        estimated = record.usage().estimated();
        word("time", at.truncatedTo(ChronoUnit.MILLIS).toString());
        word("id", clean(record.requestId(), LONGEST_NAME));
        word("key", clean(record.principal(), LONGEST_NAME));
        word("client", record.client());
        word("op", lower(record.operation()));
        word("model", clean(record.model(), LONGEST_NAME));
        word("upstream", clean(record.upstream(), LONGEST_NAME));
        word("mode", record.relayed() ? "relay" : "translate");
        add("stream", new Value.Truth(record.streamed()));
        count("status", record.status() == 0 ? -1 : record.status(), false);
        word("outcome", outcome(record));
        record.stopReason().ifPresent(reason -> word("stop", lower(reason)));
        usage(record.usage());
        measure("ttft_ms", record.measures().ttftMillis());
        measure("tbt_p50_ms", record.measures().tbtMillis(0.5));
        measure("tbt_p99_ms", record.measures().tbtMillis(0.99));
        measure("tps", record.measures().tokensPerSecond(record.usage()));
        measure("ttlt_ms", record.measures().ttltMillis());
        measure("total_ms", record.totalMillis());
        if (record.attempts() > 1) {
            count("attempts", record.attempts(), false);
        }
        if (!record.warnings().isEmpty()) {
            word("warnings", clean(String.join(",", record.warnings()), LONGEST_WARNINGS));
        }
    }

    /** The line of an exchange that ended {@code at} this time. */
    static AccessLine of(ExchangeRecord record, Instant at) {
        return new AccessLine(record, at);
    }

    private static String outcome(ExchangeRecord record) {
        String outcome = lower(record.outcome());
        return record.outcome() == Outcome.FAILED && record.failure().isPresent()
                ? outcome + ":" + lower(record.failure().get().code())
                : outcome;
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private void usage(Usage usage) {
        count("in", usage.totalInput(), estimated);
        count("cached", usage.cacheRead(), estimated);
        count("out", usage.output(), estimated);
        count("reasoning", usage.reasoning(), estimated);
    }

    private void add(String key, Value value) {
        pairs.add(new Pair(key, value));
    }

    private void word(String key, String text) {
        add(key, new Value.Word(text));
    }

    /** What was not counted is left out: it is not zero. */
    private void count(String key, long count, boolean guess) {
        if (count >= 0) {
            add(key, new Value.Count(count, guess));
        }
    }

    /** To the hundredth; what was not measured is left out. */
    private void measure(String key, double value) {
        if (value >= 0) {
            add(key, new Value.Measure(Math.round(value * 100) / 100.0));
        }
    }

    /** What somebody else chose, fit for a line: visible ASCII without quotes, not for ever. */
    private static String clean(String text, int longest) {
        if (text.isEmpty()) {
            return "-";
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && i < longest; i++) {
            char c = text.charAt(i);
            out.append(c > ' ' && c < 0x7f && c != '"' ? c : '_');
        }
        return text.length() > longest ? out.append("...").toString() : out.toString();
    }

    /** Pairs with blanks between them; the first is the time alone, and {@code ~} marks a guess. */
    String text() {
        StringBuilder line = new StringBuilder(384);
        for (Pair pair : pairs) {
            if (!line.isEmpty()) {
                line.append(' ').append(pair.key).append('=');
            }
            switch (pair.value) {
                case Value.Word word -> line.append(word.text);
                case Value.Truth truth -> line.append(truth.holds ? "yes" : "no");
                case Value.Count count -> line.append(count.guess ? "~" : "").append(count.count);
                case Value.Measure measure -> line.append(measure.value);
            }
        }
        return line.toString();
    }

    /** One JSON object, in which numbers are numbers; {@code estimated} marks guesses. */
    String json() {
        ByteBuilder out = new ByteBuilder(512);
        JsonWriter json = new JsonWriter(out).beginObject();
        for (Pair pair : pairs) {
            switch (pair.value) {
                case Value.Word word -> json.field(pair.key, word.text);
                case Value.Truth truth -> json.field(pair.key, truth.holds);
                case Value.Count count -> json.field(pair.key, count.count);
                case Value.Measure measure -> json.field(pair.key, measure.value);
            }
        }
        if (estimated) {
            json.field("estimated", true);
        }
        json.endObject();
        return out.toString();
    }
}
