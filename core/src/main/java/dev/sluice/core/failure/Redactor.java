package dev.sluice.core.failure;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes keys out of text that somebody else may have had a part in, before a client or a log gets
 * to see it: those that are known, and whatever looks like one. The same for every sink.
 */
public final class Redactor {
    /** Knows no key, only what keys look like. */
    public static final Redactor BY_LOOK = new Redactor(List.of());

    /** What stands where a key was. */
    public static final String HIDDEN = "[key]";

    /** Anything shorter is a word, and nobody's secret. */
    private static final int SHORTEST = 8;

    /** Prefixes of vendors, and what follows the name of the scheme in a header. */
    private static final Pattern LOOK =
            Pattern.compile(
                    "\\b(?:sk|pk|key|gsk|xai)-[A-Za-z0-9_*.-]{4,}"
                            + "|\\bAIza[A-Za-z0-9_-]{20,}"
                            + "|\\b(?:AKIA|ASIA)[A-Z0-9]{12,}"
                            + "|(?<=\\b[Bb]earer )[A-Za-z0-9._~+/=*-]{8,}");

    private final List<String> known;

    private Redactor(List<String> known) {
        this.known = known;
    }

    /** Knows {@code secrets}, too; those that are too short to be any are left out. */
    public static Redactor of(Collection<String> secrets) {
        return new Redactor(
                secrets.stream()
                        .map(String::strip)
                        .filter(secret -> secret.length() >= SHORTEST)
                        .distinct()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList());
    }

    /** The text without keys; the same object if there is none in it. */
    public String clean(String text) {
        String clean = text;
        for (String secret : known) {
            clean = clean.contains(secret) ? clean.replace(secret, HIDDEN) : clean;
        }
        Matcher look = LOOK.matcher(clean);
        return look.find() ? look.replaceAll(Matcher.quoteReplacement(HIDDEN)) : clean;
    }

    /** How many it knows, and none of them. */
    @Override
    public String toString() {
        return "Redactor[" + known.size() + "]";
    }
}
