package dev.sluice.dialect.bedrock;

import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;

/**
 * Counts of tokens. {@code inputTokens} is the rest of the prompt that no cache had a part in, as
 * {@link Usage#input} is; {@code totalTokens} is all of them.
 */
final class BedrockUsage {
    private static final Names COUNTS =
            Names.of(
                    "inputTokens", "outputTokens", "cacheReadInputTokens", "cacheWriteInputTokens");

    private BedrockUsage() {}

    /** Reads a {@code usage} object. What is missing, null or no number was not reported. */
    static Usage read(JsonReader reader) {
        long input = Usage.UNKNOWN;
        long output = Usage.UNKNOWN;
        long cacheRead = Usage.UNKNOWN;
        long cacheWrite = Usage.UNKNOWN;
        if (!Lenient.enterObject(reader)) {
            return Usage.NONE;
        }
        for (int f = reader.nextField(COUNTS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(COUNTS)) {
            switch (f) {
                case 0 -> input = Lenient.number(reader, Usage.UNKNOWN);
                case 1 -> output = Lenient.number(reader, Usage.UNKNOWN);
                case 2 -> cacheRead = Lenient.number(reader, Usage.UNKNOWN);
                case 3 -> cacheWrite = Lenient.number(reader, Usage.UNKNOWN);
                default -> reader.skip();
            }
        }
        return Usage.of(input, cacheRead, cacheWrite, output, Usage.UNKNOWN);
    }

    /** Writes the object; the first three are demanded by clients. */
    static void write(ByteBuilder out, Usage usage) {
        out.add("{\"inputTokens\":").number(Math.max(0, usage.input()));
        out.add(",\"outputTokens\":").number(Math.max(0, usage.output()));
        out.add(",\"totalTokens\":").number(usage.total());
        if (usage.cacheRead() >= 0) {
            out.add(",\"cacheReadInputTokens\":").number(usage.cacheRead());
        }
        if (usage.cacheWrite() >= 0) {
            out.add(",\"cacheWriteInputTokens\":").number(usage.cacheWrite());
        }
        out.add('}');
    }
}
