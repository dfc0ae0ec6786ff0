package dev.sluice.gateway.observe;

import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One line for one exchange, as {@code key=value} pairs or as JSON, always in the same order. Holds
 * no prompt, no answer and no key; what comes from a client is cut and cleaned, so that nobody
 * writes lines of his own into the log.
 */
final class AccessLine {
    private static final int LONGEST = 128;

    private AccessLine() {}

    /**
     * The pairs in their order; a value is a {@link String}, a {@link Long} or a {@link Double}.
     */
    static Map<String, Object> pairs(ExchangeRecord record, Instant now) {
        Map<String, Object> pairs = new LinkedHashMap<>();
        pairs.put("time", now.truncatedTo(ChronoUnit.MILLIS).toString());
        pairs.put("id", clean(record.requestId()));
        pairs.put("key", clean(record.principal()));
        pairs.put("client", record.client());
        pairs.put("op", record.operation().name().toLowerCase(Locale.ROOT));
        pairs.put("model", clean(record.model()));
        pairs.put("upstream", clean(record.upstream()));
        pairs.put("mode", record.relayed() ? "relay" : "translate");
        pairs.put("stream", record.streamed() ? "yes" : "no");
        pairs.put("status", (long) record.status());
        pairs.put("outcome", outcome(record));
        record.stopReason().ifPresent(r -> pairs.put("stop", r.name().toLowerCase(Locale.ROOT)));
        usage(pairs, record.usage());
        millis(pairs, "ttft_ms", record.measures().ttftMillis());
        millis(pairs, "tbt_p50_ms", record.measures().tbtMillis(0.5));
        millis(pairs, "tbt_p99_ms", record.measures().tbtMillis(0.99));
        millis(pairs, "tps", record.measures().tokensPerSecond(record.usage()));
        millis(pairs, "ttlt_ms", record.measures().ttltMillis());
        millis(pairs, "total_ms", record.totalMillis());
        if (record.attempts() > 1) {
            pairs.put("attempts", (long) record.attempts());
        }
        if (!record.warnings().isEmpty()) {
            pairs.put("warnings", clean(String.join(",", record.warnings())));
        }
        return pairs;
    }

    private static String outcome(ExchangeRecord record) {
        String code =
                record.failure()
                        .map(failure -> ":" + failure.code().name().toLowerCase(Locale.ROOT))
                        .orElse("");
        return record.outcome() == Outcome.FAILED
                ? "failed" + code
                : record.outcome().name().toLowerCase(Locale.ROOT);
    }

    private static void usage(Map<String, Object> pairs, Usage usage) {
        count(pairs, "in", usage.totalInput(), usage.estimated());
        count(pairs, "cached", usage.cacheRead(), usage.estimated());
        count(pairs, "out", usage.output(), usage.estimated());
        count(pairs, "reasoning", usage.reasoning(), usage.estimated());
    }

    private static void count(Map<String, Object> pairs, String name, long count, boolean guess) {
        if (count >= 0 && guess) {
            pairs.put(name, "~" + count);
        } else if (count >= 0) {
            pairs.put(name, count);
        }
    }

    private static void millis(Map<String, Object> pairs, String name, double value) {
        if (value >= 0) {
            pairs.put(name, Math.round(value * 100) / 100.0);
        }
    }

    /** What a client sent, fit for a line. */
    private static String clean(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && out.length() < LONGEST; i++) {
            char c = text.charAt(i);
            out.append(c > ' ' && c < 0x7f && c != '"' ? c : '_');
        }
        return text.length() > LONGEST ? out.append("…").toString() : out.toString();
    }

    static String text(Map<String, Object> pairs) {
        StringBuilder line = new StringBuilder(256);
        pairs.forEach(
                (name, value) -> {
                    if (!line.isEmpty()) {
                        line.append(' ').append(name).append('=');
                    }
                    line.append(value);
                });
        return line.toString();
    }

    static String json(Map<String, Object> pairs) {
        ByteBuilder out = new ByteBuilder(512);
        JsonWriter json = new JsonWriter(out).beginObject();
        pairs.forEach(
                (name, value) -> {
                    switch (value) {
                        case Long number -> json.field(name, number.longValue());
                        case Double number -> json.field(name, number.doubleValue());
                        default -> json.field(name, value.toString());
                    }
                });
        json.endObject();
        return out.toString();
    }
}
