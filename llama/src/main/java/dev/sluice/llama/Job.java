package dev.sluice.llama;

import dev.sluice.llama.binding.Sampler;

/**
 * A text to write on.
 *
 * @param prompt the text so far; names of tokens in it mean these tokens
 * @param settings how tokens are drawn
 * @param most most tokens to write
 * @param markers whether the names of tokens that steer the model are told as text
 */
public record Job(String prompt, Sampler.Settings settings, long most, boolean markers) {
    /** Leaves out the prompt. */
    @Override
    public String toString() {
        return "Job[" + prompt.length() + " characters, at most " + most + " tokens]";
    }
}
