package dev.sluice.dialect.anthropic;

import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Names;

/**
 * The counts of tokens on this wire. {@code input_tokens} is the rest of the prompt that no cache
 * had a part in, as {@link Usage#input} is.
 */
final class AnthropicUsage {
    private static final Names COUNTS =
            Names.of(
                    "input_tokens",
                    "cache_read_input_tokens",
                    "cache_creation_input_tokens",
                    "output_tokens",
                    "output_tokens_details");
    private static final Names DETAILS = Names.of("thinking_tokens");

    private AnthropicUsage() {}

    /** Reads a {@code usage} object. What is missing, null or no number was not reported. */
    static Usage read(JsonReader reader) {
        if (reader.peek() != JsonReader.Kind.OBJECT) {
            reader.skip();
            return Usage.NONE;
        }
        long input = Usage.UNKNOWN;
        long cacheRead = Usage.UNKNOWN;
        long cacheWrite = Usage.UNKNOWN;
        long output = Usage.UNKNOWN;
        long reasoning = Usage.UNKNOWN;
        reader.beginObject();
        int name = reader.nextField(COUNTS);
        while (name != JsonReader.END_OBJECT) {
            switch (name) {
                case 0 -> input = count(reader);
                case 1 -> cacheRead = count(reader);
                case 2 -> cacheWrite = count(reader);
                case 3 -> output = count(reader);
                case 4 -> reasoning = thinking(reader);
                default -> reader.skip();
            }
            name = reader.nextField(COUNTS);
        }
        return Usage.of(input, cacheRead, cacheWrite, output, reasoning);
    }

    private static long thinking(JsonReader reader) {
        if (reader.peek() != JsonReader.Kind.OBJECT) {
            reader.skip();
            return Usage.UNKNOWN;
        }
        long tokens = Usage.UNKNOWN;
        reader.beginObject();
        int name = reader.nextField(DETAILS);
        while (name != JsonReader.END_OBJECT) {
            if (name == 0) {
                tokens = count(reader);
            } else {
                reader.skip();
            }
            name = reader.nextField(DETAILS);
        }
        return tokens;
    }

    private static long count(JsonReader reader) {
        if (reader.peek() != JsonReader.Kind.NUMBER) {
            reader.skip();
            return Usage.UNKNOWN;
        }
        return Math.max(Usage.UNKNOWN, (long) reader.number());
    }

    /**
     * Writes the usage of a whole answer, or of the start of a stream: all counters that clients
     * add up are there.
     *
     * @param unknownInput tokens of the prompt to tell where the upstream has not told them
     */
    static void writeWhole(ByteBuilder out, Usage usage, long unknownInput) {
        boolean told = usage.totalInput() >= 0;
        out.add("{\"input_tokens\":")
                .number(Math.max(0, told ? usage.input() : unknownInput))
                .add(",\"cache_creation_input_tokens\":")
                .number(Math.max(0, usage.cacheWrite()))
                .add(",\"cache_read_input_tokens\":")
                .number(Math.max(0, usage.cacheRead()))
                .add(",\"output_tokens\":")
                .number(Math.max(0, usage.output()));
        writeThinking(out, usage);
        out.add('}');
    }

    /**
     * Writes the usage at the end of a stream. What is not known is left out, so that it does not
     * replace what the start said; {@code output_tokens} is demanded.
     */
    static void writeFinal(ByteBuilder out, Usage usage) {
        out.add('{');
        if (usage.totalInput() >= 0) {
            out.add("\"input_tokens\":").number(Math.max(0, usage.input())).add(',');
        }
        if (usage.cacheWrite() >= 0) {
            out.add("\"cache_creation_input_tokens\":").number(usage.cacheWrite()).add(',');
        }
        if (usage.cacheRead() >= 0) {
            out.add("\"cache_read_input_tokens\":").number(usage.cacheRead()).add(',');
        }
        out.add("\"output_tokens\":").number(Math.max(0, usage.output()));
        writeThinking(out, usage);
        out.add('}');
    }

    private static void writeThinking(ByteBuilder out, Usage usage) {
        if (usage.reasoning() >= 0) {
            out.add(",\"output_tokens_details\":{\"thinking_tokens\":")
                    .number(usage.reasoning())
                    .add('}');
        }
    }
}
