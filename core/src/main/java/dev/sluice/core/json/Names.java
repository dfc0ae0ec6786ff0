package dev.sluice.core.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A fixed set of member names, each known by its place in the list, so that a decoder can switch
 * over the names it acts on without making strings.
 */
public final class Names {
    private final String[] words;
    private final byte[][] names;
    private final int[][] byLength;

    private Names(List<String> list) {
        words = list.toArray(String[]::new);
        names = new byte[words.length][];
        int longest = 0;
        for (int i = 0; i < names.length; i++) {
            names[i] = words[i].getBytes(StandardCharsets.UTF_8);
            longest = Math.max(longest, names[i].length);
        }
        byLength = new int[longest + 1][];
        for (int length = 0; length <= longest; length++) {
            int wanted = length;
            byLength[length] =
                    IntStream.range(0, names.length)
                            .filter(i -> names[i].length == wanted)
                            .toArray();
        }
    }

    /** The names in the order in which their places count from 0. */
    public static Names of(String... names) {
        return new Names(List.of(names));
    }

    /** How many names there are. */
    public int size() {
        return names.length;
    }

    /** The name at {@code place}. */
    public String name(int place) {
        return words[place];
    }

    int find(byte[] bytes, int offset, int length) {
        if (length >= byLength.length) {
            return JsonReader.UNKNOWN;
        }
        for (int candidate : byLength[length]) {
            byte[] name = names[candidate];
            int i = 0;
            while (i < length && name[i] == bytes[offset + i]) {
                i++;
            }
            if (i == length) {
                return candidate;
            }
        }
        return JsonReader.UNKNOWN;
    }

    /** The name that differs from {@code candidate} by case alone, if there is one. */
    public Optional<String> caseVariantOf(String candidate) {
        for (String name : words) {
            if (name.equalsIgnoreCase(candidate) && !name.equals(candidate)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }
}
