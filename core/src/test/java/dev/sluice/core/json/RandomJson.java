package dev.sluice.core.json;

import java.util.SplittableRandom;

/** Writes random JSON documents: every kind of value, escape, number and white space. */
final class RandomJson {
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "1",
        "-1",
        "0.5",
        "-0.0",
        "1e5",
        "1E+5",
        "1e-5",
        "123456789012345678",
        "-9223372036854775808",
        "9223372036854775807",
        "18446744073709551615",
        "3.141592653589793",
        "1E400",
        "1e-400",
        "0e0",
        "12.50e+3"
    };
    private static final String[] ESCAPES = {
        "\\\"",
        "\\\\",
        "\\/",
        "\\b",
        "\\f",
        "\\n",
        "\\r",
        "\\t",
        "\\u0000",
        "\\u00e9",
        "\\uD83D\\uDE00",
        "\\u2028",
        "\\u0022",
        "\\u005c",
        "\\ud83d",
        "\\uDE00"
    };

    /** The last escapes are lone surrogates, which the other library refuses in names. */
    private static final int LONE = 2;

    private static final String[] PLAIN = {
        "a", "model", " ", "é", "ж", "語", "😀", "\u2028", "\u007f", "{", "}", "[", "]", ",", ":",
        "\ufffd", "0"
    };
    private static final String[] SPACE = {"", "", "", " ", "\n", "\t", "\r\n", "  "};

    private final SplittableRandom random;
    private final StringBuilder out = new StringBuilder();
    private int names;

    RandomJson(SplittableRandom random) {
        this.random = random;
    }

    /** A document whose objects have each name once. */
    static String document(SplittableRandom random) {
        RandomJson json = new RandomJson(random);
        json.value(4);
        return json.out.toString();
    }

    /** The inside of a string. */
    static String content(SplittableRandom random) {
        RandomJson json = new RandomJson(random);
        json.inside(random.nextInt(12), ESCAPES.length);
        return json.out.toString();
    }

    private void value(int depth) {
        space();
        switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> string();
            case 1 -> out.append(NUMBERS[random.nextInt(NUMBERS.length)]);
            case 2 -> out.append(random.nextBoolean());
            case 3 -> out.append("null");
            case 4 -> string();
            case 5, 6 -> object(depth);
            default -> array(depth);
        }
        space();
    }

    private void object(int depth) {
        out.append('{');
        int members = random.nextInt(5);
        for (int i = 0; i < members; i++) {
            out.append(i == 0 ? "" : ",");
            space();
            out.append("\"n").append(names++).append(":");
            inside(random.nextInt(3), ESCAPES.length - LONE);
            out.append('"');
            space();
            out.append(':');
            value(depth - 1);
        }
        if (members == 0) {
            space();
        }
        out.append('}');
    }

    private void array(int depth) {
        out.append('[');
        int elements = random.nextInt(5);
        for (int i = 0; i < elements; i++) {
            out.append(i == 0 ? "" : ",");
            value(depth - 1);
        }
        if (elements == 0) {
            space();
        }
        out.append(']');
    }

    private void string() {
        out.append('"');
        inside(random.nextInt(8), ESCAPES.length);
        out.append('"');
    }

    private void inside(int pieces, int escapes) {
        for (int i = 0; i < pieces; i++) {
            out.append(random.nextInt(3) == 0 ? ESCAPES[random.nextInt(escapes)] : pick(PLAIN));
        }
    }

    private void space() {
        out.append(pick(SPACE));
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
