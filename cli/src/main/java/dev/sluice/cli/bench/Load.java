package dev.sluice.cli.bench;

import dev.sluice.client.Prompt;
import dev.sluice.client.StreamConfig;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What is asked of each subject, how often and how fast.
 *
 * @param runs streams that are measured
 * @param warmups streams before them that are not; of each worker
 * @param concurrency streams at a time, each begun when one ends: a closed loop
 * @param rate streams begun in a second, whatever becomes of those before: an open loop, which
 *     makes {@code concurrency} mean nothing
 */
public record Load(
        int runs,
        int warmups,
        int concurrency,
        OptionalDouble rate,
        String system,
        List<String> prompts,
        StreamConfig config) {
    /** Copies the list. */
    public Load {
        prompts = List.copyOf(prompts);
    }

    /** What run {@code number} asks. */
    Prompt prompt(int number) {
        Prompt prompt = Prompt.of(prompts.get(Math.floorMod(number, prompts.size())));
        return system.isEmpty() ? prompt : prompt.system(system);
    }

    /** In words. */
    public String words() {
        String loop =
                rate.isPresent()
                        ? Figures.of(rate.getAsDouble()) + " begun each second"
                        : concurrency + " at a time";
        return runs
                + (runs == 1 ? " run, " : " runs, ")
                + loop
                + ", "
                + warmups
                + " to warm up, up to "
                + config.maxTokens()
                + " tokens";
    }
}
