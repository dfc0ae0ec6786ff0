package dev.sluice.gateway.config;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The known word that somebody probably meant. Case, {@code _}, {@code .} and camel case do not
 * count. Up to a third of the letters may be missing, added, wrong or swapped; else the one word
 * that begins so will do ({@code llama}, meant {@code llama.cpp}); else one that is a part of what
 * was written ({@code api-key}, meant {@code key}).
 */
public final class NearestWord {

    private static final int LONGEST = 64;

    private NearestWord() {}

    /** The nearest of {@code words}, or empty when none is near enough to be worth saying. */
    public static Optional<String> of(String written, Collection<String> words) {
        if (written.isEmpty() || written.length() > LONGEST) {
            return Optional.empty();
        }
        String spelled = spelling(written);
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String word : words) {
            String candidate = spelling(word);
            int allowed = Math.max(1, Math.max(spelled.length(), candidate.length()) / 3);
            if (candidate.length() > LONGEST || candidate.length() + spelled.length() < 3) {
                continue;
            }
            int distance = distance(spelled, candidate);
            if (distance <= allowed && distance < least) {
                nearest = word;
                least = distance;
            }
        }
        return Optional.ofNullable(nearest)
                .or(() -> start(spelled, words))
                .or(() -> part(spelled, words));
    }

    /** The one word that begins like the one written. */
    private static Optional<String> start(String spelled, Collection<String> words) {
        String letters = spelled.replace("-", "");
        List<String> begun =
                words.stream()
                        .filter(word -> spelling(word).replace("-", "").startsWith(letters))
                        .toList();
        return letters.length() > 2 && begun.size() == 1
                ? Optional.of(begun.getFirst())
                : Optional.empty();
    }

    private static Optional<String> part(String spelled, Collection<String> words) {
        List<String> parts = List.of(spelled.split("-", -1));
        return words.stream().filter(word -> parts.contains(spelling(word))).findFirst();
    }

    private static String spelling(String word) {
        StringBuilder spelled = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            char letter = word.charAt(i);
            boolean isHump =
                    i > 0
                            && Character.isUpperCase(letter)
                            && Character.isLowerCase(word.charAt(i - 1));
            if (isHump) {
                spelled.append('-');
            }
            boolean isGap = letter == '_' || letter == '.' || letter == ' ';
            spelled.append(isGap ? '-' : Character.toLowerCase(letter));
        }
        return spelled.toString();
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
    static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int same = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + same);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[to.length()];
    }
}
