package dev.sluice.gateway.simulated;

import java.util.Locale;

/**
 * A word of a story as tokens made in advance, so that a story of any length makes none.
 *
 * @param first at the start of the message
 * @param opening at the start of a sentence
 * @param paragraph at the start of a paragraph
 * @param inside inside of a sentence
 * @param last at the end of a sentence
 */
record Word(Token first, Token opening, Token paragraph, Token inside, Token last) {
    static Word of(String word) {
        String capital = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
        return new Word(
                Token.of(capital),
                Token.of(" " + capital),
                Token.of("\n\n" + capital),
                Token.of(" " + word),
                Token.of(" " + word + "."));
    }

    /** The words of {@code text}. */
    static Word[] list(String text) {
        String[] words = text.split(" ", -1);
        Word[] all = new Word[words.length];
        for (int i = 0; i < words.length; i++) {
            all[i] = of(words[i]);
        }
        return all;
    }
}
