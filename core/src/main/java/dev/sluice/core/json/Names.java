package dev.sluice.core.json;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A fixed set of member names, each known by its place in the list, so that a decoder can switch
 * over the names it acts on without making strings.
 */
public final class Names {
    private final byte[][] names;
    private final int[][] byLength;

    private Names(List<String> list) {
        names = new byte[list.size()][];
        int longest = 0;
        for (int i = 0; i < names.length; i++) {
            names[i] = list.get(i).getBytes(StandardCharsets.UTF_8);
            longest = Math.max(longest, names[i].length);
        }
        byLength = new int[longest + 1][];
        for (int length = 0; length <= longest; length++) {
            int wanted = length;
            byLength[length] =
                    java.util.stream.IntStream.range(0, names.length)
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
        return new String(names[place], StandardCharsets.UTF_8);
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
    public java.util.Optional<String> caseVariantOf(String candidate) {
        for (int i = 0; i < names.length; i++) {
            String name = name(i);
            if (name.equalsIgnoreCase(candidate) && !name.equals(candidate)) {
                return java.util.Optional.of(name);
            }
        }
        return java.util.Optional.empty();
    }
}
