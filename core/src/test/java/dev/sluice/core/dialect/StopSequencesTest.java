package dev.sluice.core.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.Seeded;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class StopSequencesTest {
    /**
     * The longest suffix of {@code text} that is a beginning of one of {@code stops}, by trying.
     */
    static int longestBeginning(String text, List<String> stops) {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length(), text.length()); length > longest; length--) {
                if (text.endsWith(stop.substring(0, length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    /** The longest of {@code stops} that {@code text} ends with, or an empty text. */
    static String longestMatch(String text, List<String> stops) {
        String longest = "";
        for (String stop : stops) {
            if (stop.length() > longest.length() && text.endsWith(stop)) {
                longest = stop;
            }
        }
        return longest;
    }

    static String word(java.util.SplittableRandom random, int most) {
        StringBuilder word = new StringBuilder();
        int length = 1 + random.nextInt(most);
        for (int i = 0; i < length; i++) {
            word.append(random.nextInt(12) == 0 ? "😀" : random.nextInt(3) == 0 ? "b" : "a");
        }
        return word.toString();
    }

    @Test
    void agreesWithASearchByTrying() {
        Seeded.times(
                2000,
                random -> {
                    List<String> texts = new ArrayList<>();
                    for (int i = random.nextInt(6); i >= 0; i--) {
                        texts.add(word(random, 6));
                    }
                    StopSequences stops = new StopSequences(texts);
                    String text = word(random, 30);
                    int state = StopSequences.START;
                    for (int i = 0; i < text.length(); i++) {
                        state = stops.step(state, text.charAt(i));
                        String before = text.substring(0, i + 1);
                        assertThat(stops.depth(state))
                                .as("%s in %s", texts, before)
                                .isEqualTo(longestBeginning(before, texts));
                        String match = longestMatch(before, texts);
                        assertThat(stops.matches(state)).isEqualTo(!match.isEmpty());
                        if (!match.isEmpty()) {
                            assertThat(stops.found(state)).isEqualTo(match);
                        }
                    }
                });
    }

    @Test
    void ignoresTextsThatAreNoneOrHalfACharacter() {
        assertThat(new StopSequences(List.of()).isEmpty()).isTrue();
        assertThat(new StopSequences(List.of("", "\ude00", "a\ud83d", "\ud83d")).isEmpty())
                .isTrue();
        StopSequences stops = new StopSequences(List.of("", "a"));
        assertThat(stops.isEmpty()).isFalse();
        assertThat(stops.matches(StopSequences.START)).isFalse();
        assertThat(stops.matches(stops.step(StopSequences.START, 'b'))).isFalse();
        assertThat(stops.matches(stops.step(StopSequences.START, 'a'))).isTrue();
    }

    @Test
    void takesOneStepForEachCharacterWhateverTheTextsAre() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            texts.add("a".repeat(i % 500 + 1) + (char) ('b' + i));
        }
        StopSequences stops = new StopSequences(texts);
        int state = StopSequences.START;
        for (int i = 0; i < 1_000_000; i++) {
            state = stops.step(state, 'a');
        }
        assertThat(stops.depth(state)).isEqualTo(500);
        assertThat(stops.matches(state)).isFalse();
    }
}
