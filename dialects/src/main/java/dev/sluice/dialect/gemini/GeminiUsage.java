package dev.sluice.dialect.gemini;

import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Likeness;

import java.util.Arrays;

/**
 * Counts of tokens on this wire: the prompt's include what was read from a cache, the candidates'
 * do not include thoughts. A count of 0 is left out by the vendor.
 *
 * <p>An instance reads those of one stream, in which every piece tells them anew.
 */
final class GeminiUsage {
    private static final int KINDS = 5;
    private static final int TOTAL = 5;
    private static final ProtoNames NAMES =
            ProtoNames.of(
                    "promptTokenCount",
                    "cachedContentTokenCount",
                    "candidatesTokenCount",
                    "thoughtsTokenCount",
                    "toolUsePromptTokenCount",
                    "totalTokenCount");

    private final long[] counts = new long[KINDS];

    /** Where each count begins in the document that was read, or -1. */
    private final int[] places = new int[KINDS + 1];

    GeminiUsage() {
        clear();
    }

    /** Forgets what was read. */
    void clear() {
        Arrays.fill(counts, Usage.UNKNOWN);
        Arrays.fill(places, -1);
    }

    /** Reads the value that is next. */
    void read(JsonReader reader) {
        clear();
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = NAMES.next(reader); f != JsonReader.END_OBJECT; f = NAMES.next(reader)) {
            if (f >= 0) {
                places[f] = reader.position();
            }
            if (f < 0 || f == TOTAL) {
                reader.skip();
            } else {
                counts[f] = Lenient.number(reader, Usage.UNKNOWN);
            }
        }
    }

    /** Tells the places of the counts, which differ from piece to piece. */
    void places(Likeness likeness) {
        for (int place : places) {
            if (place >= 0) {
                likeness.differs(place);
            }
        }
    }

    /** Takes over what {@code other} has read. */
    void like(GeminiUsage other) {
        System.arraycopy(other.counts, 0, counts, 0, KINDS);
        System.arraycopy(other.places, 0, places, 0, places.length);
    }

    /** Takes the counts of a piece that is like the one of which the places were told. */
    void take(Likeness likeness, int firstPlace) {
        int place = firstPlace;
        for (int i = 0; i < KINDS; i++) {
            if (places[i] >= 0) {
                counts[i] = likeness.number(place++);
            }
        }
    }

    /** What is counted. */
    Usage usage() {
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
