package dev.sluice.core.event;

/**
 * Counts of tokens. A count that was not reported is {@link #UNKNOWN}, which is not zero.
 *
 * @param input tokens of the prompt that were neither read from nor written to a cache
 * @param cacheRead tokens of the prompt read from a cache
 * @param cacheWrite tokens of the prompt written to a cache
 * @param output tokens of the answer, reasoning included
 * @param reasoning tokens of the answer that were reasoning
 * @param estimated whether any count is a guess of this gateway
 */
public record Usage(
        long input,
        long cacheRead,
        long cacheWrite,
        long output,
        long reasoning,
        boolean estimated) {
    /** Not reported. */
    public static final long UNKNOWN = -1;

    /** Nothing reported. */
    public static final Usage NONE = new Usage(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, false);

    /** Makes every count that is none {@link #UNKNOWN}. */
    public Usage {
        input = Math.max(UNKNOWN, input);
        cacheRead = Math.max(UNKNOWN, cacheRead);
        cacheWrite = Math.max(UNKNOWN, cacheWrite);
        output = Math.max(UNKNOWN, output);
        reasoning = Math.max(UNKNOWN, reasoning);
    }

    /** Counts that an upstream reported. */
    public static Usage of(
            long input, long cacheRead, long cacheWrite, long output, long reasoning) {
        return new Usage(input, cacheRead, cacheWrite, output, reasoning, false);
    }

    /** Whether nothing was reported. */
    public boolean isNone() {
        return input < 0 && cacheRead < 0 && cacheWrite < 0 && output < 0 && reasoning < 0;
    }

    /** All tokens of the prompt, or {@link #UNKNOWN}. */
    public long totalInput() {
        return input < 0 && cacheRead < 0 && cacheWrite < 0
                ? UNKNOWN
                : Math.max(0, input) + Math.max(0, cacheRead) + Math.max(0, cacheWrite);
    }

    /** Prompt and answer together, counting what is known. */
    public long total() {
        return Math.max(0, totalInput()) + Math.max(0, output);
    }

    /**
     * These counts, replaced by those that {@code later} reports. Reports are cumulative: a later
     * one that is missing or 0 never erases an earlier one.
     */
    public Usage merge(Usage later) {
        if (isNone()) {
            return later;
        }
        return new Usage(
                newer(input, later.input),
                newer(cacheRead, later.cacheRead),
                newer(cacheWrite, later.cacheWrite),
                newer(output, later.output),
                newer(reasoning, later.reasoning),
                estimated && keeps(later) || later.estimated && takes(later));
    }

    /** Whether one of these counts outlives {@code later}. */
    private boolean keeps(Usage later) {
        return kept(input, later.input)
                || kept(cacheRead, later.cacheRead)
                || kept(cacheWrite, later.cacheWrite)
                || kept(output, later.output)
                || kept(reasoning, later.reasoning);
    }

    /** Whether a count of {@code later} replaces one of these. */
    private boolean takes(Usage later) {
        return taken(input, later.input)
                || taken(cacheRead, later.cacheRead)
                || taken(cacheWrite, later.cacheWrite)
                || taken(output, later.output)
                || taken(reasoning, later.reasoning);
    }

    private static boolean kept(long earlier, long later) {
        return earlier >= 0 && later <= 0;
    }

    private static boolean taken(long earlier, long later) {
        return later > 0 || earlier < 0 && later == 0;
    }

    private static long newer(long earlier, long later) {
        return later > 0 || earlier < 0 ? later : earlier;
    }
}
