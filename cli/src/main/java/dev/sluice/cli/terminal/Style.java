package dev.sluice.cli.terminal;

/** How a cell looks: a set of bits, so that styles can be laid over each other. */
final class Style {
    static final int PLAIN = 0;
    static final int BOLD = 1;
    static final int ITALIC = 2;
    static final int UNDERLINE = 4;
    static final int DIM = 8;
    static final int CODE = 16;
    static final int WARNING = 32;

    private Style() {}

    /** The sequence that makes a terminal write in {@code style}, whatever it wrote in before. */
    static String sequence(int style) {
        StringBuilder out = new StringBuilder("\u001b[0");
        add(out, style, BOLD, "1");
        add(out, style, DIM, "2");
        add(out, style, ITALIC, "3");
        add(out, style, UNDERLINE, "4");
        add(out, style, CODE, "36");
        add(out, style, WARNING, "33");
        return out.append('m').toString();
    }

    private static void add(StringBuilder out, int style, int bit, String code) {
        if ((style & bit) != 0) {
            out.append(';').append(code);
        }
    }
}
