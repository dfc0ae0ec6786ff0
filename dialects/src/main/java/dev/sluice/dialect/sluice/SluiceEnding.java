package dev.sluice.dialect.sluice;

import dev.sluice.core.dialect.Elapsed;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

/** Writes what is known when an answer is whole: why it ended, what it cost, how fast it was. */
final class SluiceEnding {
    private SluiceEnding() {}

    /**
     * Writes the members.
     *
     * @param pieces pieces of text that were sent, which stand for tokens where nobody counted
     */
    static void write(
            ByteBuilder out,
            String model,
            @Nullable StopReason reason,
            @Nullable Text stopSequence,
            Usage usage,
            long pieces,
            Elapsed elapsed) {
        out.add("\"stop_reason\":\"").add(word(reason)).add('"');
        if (stopSequence != null) {
            out.add(",\"stop_sequence\":").quoted(stopSequence);
        }
        out.add(",\"model\":").quoted(model);
        out.add(",\"usage\":");
        usage(usage, out);
        out.add(",\"ttft_ms\":");
        tenths(elapsed.toFirstContent() / 100_000, out);
        out.add(",\"tps\":");
        long count = usage.output() > 1 ? usage.output() : pieces;
        long nanos = elapsed.total() - elapsed.toFirstContent();
        if (count > 1 && nanos > 0 && elapsed.toFirstContent() > 0) {
            tenths(Math.round((count - 1) * 1e10 / nanos), out);
        } else {
            out.add("null");
        }
    }

    private static void tenths(long value, ByteBuilder out) {
        out.number(value / 10).add('.').number(value % 10);
    }

    private static String word(@Nullable StopReason reason) {
        return switch (reason) {
            case null -> "other";
            case END_TURN -> "end_turn";
            case MAX_TOKENS -> "max_tokens";
            case STOP_SEQUENCE -> "stop_sequence";
            case TOOL_USE -> "tool_use";
            case REFUSAL -> "refusal";
            case PAUSE_TURN -> "pause_turn";
            case CONTEXT_WINDOW -> "context_window";
            case OTHER -> "other";
        };
    }

    /** What was not reported is not there, which is not zero. */
    private static void usage(Usage usage, ByteBuilder out) {
        int start = out.length();
        count(out, start, "input_tokens", usage.totalInput());
        count(out, start, "output_tokens", usage.output());
        count(out, start, "cache_read_tokens", usage.cacheRead());
        count(out, start, "cache_write_tokens", usage.cacheWrite());
        count(out, start, "reasoning_tokens", usage.reasoning());
        if (usage.estimated()) {
            out.add(out.length() == start ? '{' : ',').add("\"estimated\":true");
        }
        if (out.length() == start) {
            out.add('{');
        }
        out.add('}');
    }

    private static void count(ByteBuilder out, int start, String name, long count) {
        if (count >= 0) {
            out.add(out.length() == start ? '{' : ',').add('"').add(name).add("\":").number(count);
        }
    }
}
