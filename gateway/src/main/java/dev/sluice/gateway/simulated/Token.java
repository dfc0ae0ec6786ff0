package dev.sluice.gateway.simulated;

import dev.sluice.core.json.Text;

/**
 * What the simulated model says at once: a word with the space before it, or a piece of JSON.
 *
 * @param text its characters
 * @param escaped the same, ready for an event
 */
record Token(String text, Text escaped) {
    static Token of(String text) {
        return new Token(text, Text.of(text).keep());
    }
}
