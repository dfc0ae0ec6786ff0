package dev.sluice.gateway.simulated;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Cuts given text into tokens, deterministically. */
final class Tokens {
    /** Longest token of text in characters: words of scripts that know no spaces are cut here. */
    private static final int LONGEST = 12;

    /**
     * Lengths of the pieces of JSON: uneven, so that cuts fall inside of names, escapes and values.
     */
    private static final int[] PIECES = {4, 9, 13, 3, 11, 1, 7};

    private Tokens() {}

    /** Words, each with the white space before it. */
    static Iterator<Token> words(String text) {
        return new Cut(text, (from, _) -> endOfWord(text, from));
    }

    /** Pieces of uneven length. */
    static Iterator<Token> pieces(String json) {
        return new Cut(json, (from, place) -> from + PIECES[place % PIECES.length]);
    }

    private static int endOfWord(String text, int from) {
        int to = from;
        while (to < text.length() && isSpace(text.charAt(to))) {
            to++;
        }
        while (to < text.length() && !isSpace(text.charAt(to)) && to - from < LONGEST) {
            to++;
        }
        return to;
    }

    /**
     * Where the token that starts at {@code from}, the {@code place}-th counted from 0, ends at the
     * latest.
     */
    @FunctionalInterface
    private interface Rule {
        int end(int from, int place);
    }

    /** The tokens of a text, cut as they are asked for: a long one costs no more than itself. */
    private static final class Cut implements Iterator<Token> {
        private final String text;
        private final Rule rule;
        private int from;
        private int place;

        Cut(String text, Rule rule) {
            this.text = text;
            this.rule = rule;
        }

        @Override
        public boolean hasNext() {
            return from < text.length();
        }

        @Override
        public Token next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int end = Math.min(text.length(), rule.end(from, place++));
            int to = wholeCharacters(text, end);
            Token token = Token.of(text.substring(from, to));
            from = to;
            return token;
        }
    }

    /** These tokens. */
    static Iterator<Token> of(List<String> tokens) {
        return tokens.stream().map(Token::of).iterator();
    }

    /** {@code text} up to {@code most} characters, with a sign that something was left out. */
    static String shortened(String text, int most) {
        return text.length() <= most ? text : start(text, most - 1) + "…";
    }

    /**
     * The first {@code length} characters of {@code text}, or one more where they would tear a
     * pair.
     */
    static String start(String text, int length) {
        return text.substring(0, wholeCharacters(text, length));
    }

    /** The cut {@code at}, moved behind the surrogate pair that it would tear. */
    private static int wholeCharacters(String text, int at) {
        return at > 0
                        && at < text.length()
                        && Character.isHighSurrogate(text.charAt(at - 1))
                        && Character.isLowSurrogate(text.charAt(at))
                ? at + 1
                : at;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r';
    }
}
