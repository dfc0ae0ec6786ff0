package dev.sluice.dialect.openairesponses;

import dev.sluice.core.event.Usage;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;

/**
 * The usage object. On this wire {@code input_tokens} includes what was read from and written to a
 * cache, and {@code output_tokens} includes reasoning; canonical counts of the prompt are apart.
 */
final class ResponsesUsage {
    private static final Names USAGE =
            Names.of(
                    "input_tokens",
                    "output_tokens",
                    "input_tokens_details",
                    "output_tokens_details");
    private static final Names INPUT = Names.of("cached_tokens", "cache_write_tokens");
    private static final Names OUTPUT = Names.of("reasoning_tokens");

    private ResponsesUsage() {}

    /** Reads a usage object; what is no object reports nothing. */
    static Usage read(JsonReader reader) {
        if (!Lenient.enterObject(reader)) {
            return Usage.NONE;
        }
        long input = Usage.UNKNOWN;
        long output = Usage.UNKNOWN;
        long[] inputDetails = {Usage.UNKNOWN, Usage.UNKNOWN};
        long[] outputDetails = {Usage.UNKNOWN};
        for (int f = reader.nextField(USAGE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(USAGE)) {
            switch (f) {
                case 0 -> input = count(reader);
                case 1 -> output = count(reader);
                case 2 -> details(reader, INPUT, inputDetails);
                case 3 -> details(reader, OUTPUT, outputDetails);
                default -> reader.skip();
            }
        }
        long cached = Math.max(0, inputDetails[0]) + Math.max(0, inputDetails[1]);
        long fresh = input < 0 ? Usage.UNKNOWN : Math.max(0, input - cached);
        return Usage.of(fresh, inputDetails[0], inputDetails[1], output, outputDetails[0]);
    }

    private static void details(JsonReader reader, Names names, long[] into) {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = reader.nextField(names);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(names)) {
            if (f >= 0) {
                into[f] = count(reader);
            } else {
                reader.skip();
            }
        }
    }

    private static long count(JsonReader reader) {
        return Math.max(Usage.UNKNOWN, Lenient.number(reader, Usage.UNKNOWN));
    }

    /** Writes a usage object, always with its details: some clients need them; null if unknown. */
    static void write(JsonWriter json, Usage usage) {
        if (usage.isNone()) {
            json.nullValue();
            return;
        }
        json.beginObject();
        json.field("input_tokens", Math.max(0, usage.totalInput()));
        json.name("input_tokens_details").beginObject();
        json.field("cached_tokens", Math.max(0, usage.cacheRead()));
        json.field("cache_write_tokens", Math.max(0, usage.cacheWrite()));
        json.endObject();
        json.field("output_tokens", Math.max(0, usage.output()));
        json.name("output_tokens_details").beginObject();
        json.field("reasoning_tokens", Math.max(0, usage.reasoning())).endObject();
        json.field("total_tokens", usage.total());
        json.endObject();
    }
}
