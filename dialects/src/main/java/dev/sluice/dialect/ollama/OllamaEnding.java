package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.Elapsed;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;

/**
 * The members with which an answer ends: why, how many tokens, how long. What is 0 or not known is
 * left out, as Ollama does. The times are those of the gateway: until the first content the prompt
 * is read, from there on the answer is made.
 */
final class OllamaEnding {
    private OllamaEnding() {}

    /** Writes from {@code "done"} to the end of the object. */
    static void write(ByteBuilder out, String reason, Usage usage, Elapsed elapsed) {
        long total = elapsed.total();
        long first = elapsed.toFirstContent();
        out.add("\"done\":true,\"done_reason\":").quoted(reason);
        count(out, ",\"total_duration\":", total);
        count(out, ",\"prompt_eval_count\":", usage.totalInput());
        count(out, ",\"prompt_eval_duration\":", first);
        count(out, ",\"eval_count\":", usage.output());
        count(out, ",\"eval_duration\":", first == 0 ? 0 : total - first);
        out.add('}');
    }

    private static void count(ByteBuilder out, String name, long value) {
        if (value > 0) {
            out.add(name).number(value);
        }
    }
}
