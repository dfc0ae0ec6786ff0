package dev.sluice.gateway.simulated;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * A story of whole sentences with exactly as many words as were asked for, made word by word: it
 * holds one sentence, however long it is.
 */
final class Story implements Iterator<Token> {
    private static final int SENTENCES_IN_PARAGRAPH = 5;

    /** Fewest words of a sentence, unless the whole story is shorter. */
    private static final int SHORTEST = 4;

    /** For each capital letter in a pattern the words to draw from. */
    private static final Map<String, Word[]> SLOTS =
            Map.of(
                    "N",
                    Word.list(
                            "river boat heron miller lantern bridge barge keeper gate meadow"
                                    + " harbour wind ferry swallow fisherman tower garden traveller"
                                    + " otter bell"),
                    "V",
                    Word.list(
                            "waits rests turns drifts listens sings moves shines sleeps wanders"
                                    + " rises lingers glides hums"),
                    "A",
                    Word.list(
                            "old quiet patient small bright distant gentle wooden silver tall"
                                    + " curious tired green friendly"),
                    "D",
                    Word.list(
                            "quietly slowly gladly calmly alone again softly still today together"),
                    "P",
                    Word.list("beside near behind above past under beyond towards"),
                    "T",
                    Word.list("dusk, dawn, noon, night, midnight, sunrise,"));

    /** Sentences of 1, 2, 3 … words. A capital letter stands for a word of {@link #SLOTS}. */
    private static final String[] PATTERNS = {
        "yes",
        "good morning",
        "here you are",
        "the N V D",
        "the A N V D",
        "the N V P the N",
        "the A N V P the N",
        "the A N V D P the N",
        "at T the N V D P the N",
        "at T the A N V D P the N",
    };

    /** For each length of a sentence, and each place in it, the words that may stand there. */
    private static final Word[][][] SENTENCES = new Word[PATTERNS.length + 1][][];

    static {
        for (String pattern : PATTERNS) {
            String[] places = pattern.split(" ", -1);
            Word[][] sentence = new Word[places.length][];
            for (int i = 0; i < places.length; i++) {
                Word[] slot = SLOTS.get(places[i]);
                sentence[i] = slot == null ? Word.list(places[i]) : slot;
            }
            SENTENCES[places.length] = sentence;
        }
    }

    private static final int LONGEST = PATTERNS.length;

    /** The sentence whose first word is its last. */
    private static final Token YES = Token.of("Yes.");

    private final Seed seed;
    private int wordsToPlan;
    private int tokensToTell;
    private int sentencesTold;
    private Word[][] sentence = {};
    private int place;

    /**
     * A story of {@code words} words, told up to {@code told} of them: up to all, and it ends with
     * its last sentence; up to fewer, and it breaks off.
     */
    Story(Seed seed, int words, int told) {
        this.seed = seed;
        this.wordsToPlan = words;
        this.tokensToTell = told;
    }

    @Override
    public boolean hasNext() {
        return tokensToTell > 0;
    }

    @Override
    public Token next() {
        if (tokensToTell == 0) {
            throw new NoSuchElementException();
        }
        tokensToTell--;
        if (place == sentence.length) {
            beginSentence();
        }
        Word[] candidates = sentence[place++];
        return spelled(candidates[seed.below(candidates.length)]);
    }

    private void beginSentence() {
        int length = sentenceLength();
        wordsToPlan -= length;
        sentence = SENTENCES[length];
        place = 0;
        sentencesTold++;
    }

    /** The rest if it fits one sentence, else so many words that the rest is enough for another. */
    private int sentenceLength() {
        if (wordsToPlan <= LONGEST) {
            return wordsToPlan;
        }
        int most = Math.min(LONGEST, wordsToPlan - SHORTEST);
        return SHORTEST + seed.below(most - SHORTEST + 1);
    }

    private Token spelled(Word word) {
        if (place == sentence.length) {
            return sentence.length == 1 ? YES : word.last();
        }
        if (place > 1) {
            return word.inside();
        }
        if (sentencesTold == 1) {
            return word.first();
        }
        return sentencesTold % SENTENCES_IN_PARAGRAPH == 1 ? word.paragraph() : word.opening();
    }
}
