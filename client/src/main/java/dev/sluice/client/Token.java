package dev.sluice.client;

import java.time.Duration;

/**
 * A piece of the answer's text, as the model's server sent it: mostly one token of the model.
 *
 * @param text the text, never empty
 * @param index its place among the tokens of the stream, counted from 0
 * @param at when it arrived, counted from the start of the stream
 */
public record Token(String text, long index, Duration at) {
    /** The text alone, so that a token can be printed. */
    @Override
    public String toString() {
        return text;
    }
}
