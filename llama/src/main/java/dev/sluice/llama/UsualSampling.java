package dev.sluice.llama;

import java.util.Optional;
import java.util.function.Function;

/**
 * How tokens are drawn when a request does not say: as the makers of the model wrote into its file,
 * and for what they left open as the makers of llama.cpp found it good for local models, which are
 * small and whose unlikely tokens are bad.
 *
 * @param temperature 0 means always the likeliest
 * @param topK of how many likeliest tokens; 0 means of all
 * @param repetitionPenalty 1 means none
 */
public record UsualSampling(
        double temperature, int topK, double topP, double minP, double repetitionPenalty) {
    /** For a file that says nothing. */
    public static final UsualSampling OF_NOBODY = new UsualSampling(0.8, 40, 0.95, 0.05, 1);

    private static final System.Logger LOG = System.getLogger(UsualSampling.class.getName());

    /**
     * What a file says.
     *
     * @param metadata its values by their keys
     */
    static UsualSampling of(Function<String, Optional<String>> metadata) {
        return new UsualSampling(
                said(metadata, "temp", OF_NOBODY.temperature, 0, 100),
                // Less than none is how some say all.
                (int) Math.max(0, said(metadata, "top_k", OF_NOBODY.topK, -1, Integer.MAX_VALUE)),
                said(metadata, "top_p", OF_NOBODY.topP, 0, 1),
                said(metadata, "min_p", OF_NOBODY.minP, 0, 1),
                said(metadata, "penalty_repeat", OF_NOBODY.repetitionPenalty, 0.01, 100));
    }

    private static double said(
            Function<String, Optional<String>> metadata,
            String name,
            double usual,
            double least,
            double most) {
        String key = "general.sampling." + name;
        Optional<String> text = metadata.apply(key);
        if (text.isEmpty()) {
            return usual;
        }
        try {
            double value = Double.parseDouble(text.get());
            if (value >= least && value <= most) {
                // Files hold 32-bit floats: 0.2 is to be 0.2 again.
                return Double.parseDouble(Float.toString((float) value));
            }
        } catch (NumberFormatException none) {
            // The same as a number that means nothing.
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "the model says {0} = {1} (expected: {2} to {3}); it is drawn from with {4}",
                key,
                text.get(),
                least,
                most,
                usual);
        return usual;
    }
}
