package dev.sluice.dialect.anthropic;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the client is told of a request that did not cross as it was; each word once, in the order
 * in which it was found.
 */
final class Warnings {
    private final Set<String> words = new LinkedHashSet<>();

    void dropped(String field) {
        words.add("dropped=" + ascii(field));
    }

    void clamped(String field) {
        words.add("clamped=" + field);
    }

    void emulated(String field) {
        words.add("emulated=" + field);
    }

    void moved(String field) {
        words.add("moved=" + field);
    }

    /**
     * A name that a client chose goes into a header field: nothing but letters of ASCII may come
     * along.
     */
    private static String ascii(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < Math.min(name.length(), 64); i++) {
            char c = name.charAt(i);
            out.append(c > ' ' && c < 0x7f && c != ',' ? c : '_');
        }
        return out.toString();
    }

    List<String> all() {
        return List.copyOf(words);
    }
}
