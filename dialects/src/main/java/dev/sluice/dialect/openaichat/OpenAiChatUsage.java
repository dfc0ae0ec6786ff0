package dev.sluice.dialect.openaichat;

import dev.sluice.core.event.Usage;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;

/**
 * The usage object. On this wire {@code prompt_tokens} includes what was read from and written to a
 * cache, and {@code completion_tokens} includes reasoning; canonical counts of the prompt are
 * apart.
 */
final class OpenAiChatUsage {
    private static final Names USAGE =
            Names.of(
                    "prompt_tokens",
                    "completion_tokens",
                    "prompt_tokens_details",
                    "completion_tokens_details",
                    "prompt_cache_hit_tokens");
    private static final Names PROMPT = Names.of("cached_tokens", "cache_write_tokens");
    private static final Names COMPLETION = Names.of("reasoning_tokens");

    private OpenAiChatUsage() {}

    /** Reads a usage object; what is no object reports nothing. */
    static Usage read(JsonReader reader) {
        if (!Lenient.enterObject(reader)) {
            return Usage.NONE;
        }
        long prompt = Usage.UNKNOWN;
        long completion = Usage.UNKNOWN;
        long reasoning = Usage.UNKNOWN;
        long cacheRead = Usage.UNKNOWN;
        long cacheWrite = Usage.UNKNOWN;
        for (int f = reader.nextField(USAGE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(USAGE)) {
            switch (f) {
                case 0 -> prompt = count(reader);
                case 1 -> completion = count(reader);
                case 2 -> {
                    if (!Lenient.enterObject(reader)) {
                        continue;
                    }
                    for (int d = reader.nextField(PROMPT);
                            d != JsonReader.END_OBJECT;
                            d = reader.nextField(PROMPT)) {
                        switch (d) {
                            case 0 -> cacheRead = Math.max(cacheRead, count(reader));
                            case 1 -> cacheWrite = count(reader);
                            default -> reader.skip();
                        }
                    }
                }
                case 3 -> reasoning = reasoning(reader);
                // DeepSeek's own name for what is cached.
                case 4 -> cacheRead = Math.max(cacheRead, count(reader));
                default -> reader.skip();
            }
        }
        long input =
                prompt < 0
                        ? Usage.UNKNOWN
                        : Math.max(0, prompt - Math.max(0, cacheRead) - Math.max(0, cacheWrite));
        return Usage.of(input, cacheRead, cacheWrite, completion, reasoning);
    }

    private static long reasoning(JsonReader reader) {
        long reasoning = Usage.UNKNOWN;
        if (Lenient.enterObject(reader)) {
            for (int f = reader.nextField(COMPLETION);
                    f != JsonReader.END_OBJECT;
                    f = reader.nextField(COMPLETION)) {
                if (f == 0) {
                    reasoning = count(reader);
                } else {
                    reader.skip();
                }
            }
        }
        return reasoning;
    }

    private static long count(JsonReader reader) {
        return Math.max(Usage.UNKNOWN, Lenient.number(reader, Usage.UNKNOWN));
    }

    /** Writes a usage object; details only as far as they were reported. */
    static void write(JsonWriter json, Usage usage) {
        json.beginObject();
        json.field("prompt_tokens", Math.max(0, usage.totalInput()));
        json.field("completion_tokens", Math.max(0, usage.output()));
        json.field("total_tokens", usage.total());
        if (usage.cacheRead() >= 0 || usage.cacheWrite() > 0) {
            json.name("prompt_tokens_details").beginObject();
            json.field("cached_tokens", Math.max(0, usage.cacheRead()));
            if (usage.cacheWrite() > 0) {
                json.field("cache_write_tokens", usage.cacheWrite());
            }
            json.endObject();
        }
        if (usage.reasoning() >= 0) {
            json.name("completion_tokens_details").beginObject();
            json.field("reasoning_tokens", usage.reasoning()).endObject();
        }
        json.endObject();
    }
}
