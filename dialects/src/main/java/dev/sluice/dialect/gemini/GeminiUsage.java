package dev.sluice.dialect.gemini;

import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;

/**
 * Counts of tokens on this wire: the prompt's include what was read from a cache, the candidates'
 * do not include thoughts. A count of 0 is left out by the vendor.
 */
final class GeminiUsage {
    private static final ProtoNames NAMES =
            ProtoNames.of(
                    "promptTokenCount",
                    "cachedContentTokenCount",
                    "candidatesTokenCount",
                    "thoughtsTokenCount",
                    "toolUsePromptTokenCount");

    private GeminiUsage() {}

    /** Reads the value that is next. */
    static Usage read(JsonReader reader) {
        if (!Lenient.enterObject(reader)) {
            return Usage.NONE;
        }
        long[] counts = {-1, -1, -1, -1, -1};
        for (int f = NAMES.next(reader); f != JsonReader.END_OBJECT; f = NAMES.next(reader)) {
            if (f < 0) {
                reader.skip();
            } else {
                counts[f] = Lenient.number(reader, Usage.UNKNOWN);
            }
        }
        long prompt = sum(counts[0], counts[4]);
        long cached = counts[1];
        return Usage.of(
                prompt < 0 ? Usage.UNKNOWN : Math.max(0, prompt - Math.max(0, cached)),
                cached,
                Usage.UNKNOWN,
                sum(counts[2], counts[3]),
                counts[3]);
    }

    private static long sum(long some, long more) {
        return some < 0 && more < 0 ? Usage.UNKNOWN : Math.max(0, some) + Math.max(0, more);
    }

    /** Writes the member {@code usageMetadata} behind a comma, if anything is known. */
    static void write(Usage usage, ByteBuilder out) {
        if (usage.isNone()) {
            return;
        }
        out.add(",\"usageMetadata\":{");
        long visible = usage.output() - Math.max(0, usage.reasoning());
        count(out, "\"promptTokenCount\":", usage.totalInput());
        count(
                out,
                "\"candidatesTokenCount\":",
                usage.output() < 0 ? Usage.UNKNOWN : Math.max(0, visible));
        count(out, "\"cachedContentTokenCount\":", usage.cacheRead());
        count(out, "\"thoughtsTokenCount\":", usage.reasoning());
        out.add("\"totalTokenCount\":").number(usage.total()).add('}');
    }

    private static void count(ByteBuilder out, String name, long value) {
        if (value >= 0) {
            out.add(name).number(value).add(',');
        }
    }
}
