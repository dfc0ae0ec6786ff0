package dev.sluice.core.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * A pull reader of one JSON document in a byte array (RFC 8259). The caller walks the document:
 * {@code beginObject()}, then {@link #nextField} until {@link #END_OBJECT}, reading or skipping one
 * value after each name; {@code beginArray()}, then {@link #hasNext}.
 *
 * <p>It allocates nothing but what it is asked for: names are found in a {@link Names} table,
 * strings come as {@link Text} slices of the input. The place of an error in the document is found
 * by walking the document again, so that the way without errors pays nothing for it.
 *
 * <p>Two manners. A <em>lenient</em> reader is for what upstreams send: invalid UTF-8 becomes
 * U+FFFD and bare control characters are escaped, so that whatever is written from it is valid. A
 * <em>strict</em> reader is for what clients send: both are errors, and so is a name twice in one
 * object or a name that differs from a known one by case alone, because what is checked must be
 * what is sent.
 */
public final class JsonReader {
    /** The types of JSON values. */
    public enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        BOOLEAN,
        NULL;

        /** How the kind is called in a sentence to a person. */
        public String words() {
            return switch (this) {
                case OBJECT -> "an object";
                case ARRAY -> "an array";
                case STRING -> "a string";
                case NUMBER -> "a number";
                case BOOLEAN -> "a boolean";
                case NULL -> "null";
            };
        }
    }

    /** {@link #nextField}: a name that is not in the table. */
    public static final int UNKNOWN = -1;

    /** {@link #nextField}: the object is at its end. */
    public static final int END_OBJECT = -2;

    /** How deep arrays and objects may be nested. */
    public static final int MAX_DEPTH = 256;

    private static final int LONGEST_NUMBER = 64;

    /** Every whole number of so many digits is a double. */
    private static final int EXACT_DIGITS = 15;

    private static final byte PLAIN = 0;
    private static final byte QUOTE = 1;
    private static final byte BACKSLASH = 2;
    private static final byte CONTROL = 3;
    private static final byte HIGH = 4;
    private static final byte[] CLASS = new byte[256];

    static {
        for (int i = 0; i < 0x20; i++) {
            CLASS[i] = CONTROL;
        }
        CLASS['"'] = QUOTE;
        CLASS['\\'] = BACKSLASH;
        for (int i = 0x80; i < 0x100; i++) {
            CLASS[i] = HIGH;
        }
    }

    private byte[] bytes;
    private int start;
    private int end;
    private int at;
    private final boolean strict;

    /** Nothing was read yet in the container that was opened last. */
    private boolean first;

    /** The string read last has bytes that must be mended before they are written. */
    private boolean dirty;

    private int nameOffset;
    private int nameLength;

    /** A lenient reader of all of {@code bytes}. */
    public JsonReader(byte[] bytes) {
        this(bytes, 0, bytes.length, false);
    }

    private JsonReader(byte[] bytes, int offset, int length, boolean strict) {
        this.bytes = bytes;
        this.strict = strict;
        reset(bytes, offset, length);
    }

    /** A strict reader of all of {@code bytes}, which were checked for names that come twice. */
    public static JsonReader strict(byte[] bytes) {
        JsonReader check = new JsonReader(bytes, 0, bytes.length, true);
        check.skip(0, true);
        check.end();
        return new JsonReader(bytes, 0, bytes.length, true);
    }

    /** Starts over on another document, so that a decoder keeps one reader for all its frames. */
    public void reset(byte[] document, int offset, int length) {
        bytes = document;
        start = offset;
        at = offset;
        end = offset + length;
        first = false;
        if (length >= 3
                && document[offset] == (byte) 0xef
                && document[offset + 1] == (byte) 0xbb
                && document[offset + 2] == (byte) 0xbf) {
            at += 3;
        }
    }

    /** Offset of the next value, in bytes from the start of the array. */
    public int position() {
        whitespace();
        return at;
    }

    /** The kind of the next value, without reading it. */
    public Kind peek() {
        whitespace();
        if (at >= end) {
            throw error("expected a value, found the end");
        }
        return switch (bytes[at]) {
            case '{' -> Kind.OBJECT;
            case '[' -> Kind.ARRAY;
            case '"' -> Kind.STRING;
            case 't', 'f' -> Kind.BOOLEAN;
            case 'n' -> Kind.NULL;
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Kind.NUMBER;
            default -> throw error("expected a value");
        };
    }

    private void expect(Kind kind) {
        Kind found = peek();
        if (found != kind) {
            throw error("expected " + kind.words() + ", found " + found.words());
        }
    }

    /** Enters an object. */
    public void beginObject() {
        expect(Kind.OBJECT);
        at++;
        first = true;
    }

    /**
     * Reads the next name of the object.
     *
     * @return its place in {@code names}, {@link #UNKNOWN} (then {@link #fieldName} tells it) or
     *     {@link #END_OBJECT}
     */
    public int nextField(Names names) {
        whitespace();
        if (at < end && bytes[at] == '}') {
            at++;
            first = false;
            return END_OBJECT;
        }
        if (!first) {
            punctuation(',', "expected `,` or `}`");
            whitespace();
        }
        if (at >= end || bytes[at] != '"') {
            throw error("expected a name");
        }
        boolean escaped = scanString();
        nameOffset = stringOffset;
        nameLength = stringLength;
        whitespace();
        punctuation(':', "expected `:`");
        first = false;
        int place = escaped ? findEscaped(names) : names.find(bytes, nameOffset, nameLength);
        if (place == UNKNOWN && strict) {
            refuseCaseVariant(names);
        }
        return place;
    }

    private int findEscaped(Names names) {
        byte[] name = fieldName().getBytes(StandardCharsets.UTF_8);
        return names.find(name, 0, name.length);
    }

    private void refuseCaseVariant(Names names) {
        String name = fieldName();
        names.caseVariantOf(name)
                .ifPresent(
                        known -> {
                            throw error("the name differs from `" + known + "` by case alone");
                        });
    }

    /** The name that {@link #nextField} read last. */
    public String fieldName() {
        return Text.ofEscaped(bytes, nameOffset, nameLength).toString();
    }

    /** Enters an array. */
    public void beginArray() {
        expect(Kind.ARRAY);
        at++;
        first = true;
    }

    /** Whether the array has one more element; reads past its end if not. */
    public boolean hasNext() {
        whitespace();
        if (at < end && bytes[at] == ']') {
            at++;
            first = false;
            return false;
        }
        if (!first) {
            punctuation(',', "expected `,` or `]`");
            whitespace();
            if (at < end && bytes[at] == ']') {
                throw error("expected a value");
            }
        }
        first = false;
        return true;
    }

    /** Reads a null if the next value is one. */
    public boolean skipNull() {
        if (peek() != Kind.NULL) {
            return false;
        }
        literal("null");
        return true;
    }

    /** Reads a string as a slice of the input, escaped as it is. */
    public Text text() {
        expect(Kind.STRING);
        scanString();
        first = false;
        return dirty ? mended() : Text.ofEscaped(bytes, stringOffset, stringLength);
    }

    /** Reads a string. */
    public String string() {
        return text().toString();
    }

    /** Reads a boolean. */
    public boolean bool() {
        expect(Kind.BOOLEAN);
        boolean value = bytes[at] == 't';
        literal(value ? "true" : "false");
        return value;
    }

    /** Reads a number that has no fraction and fits 64 bits. */
    public long integer() {
        expect(Kind.NUMBER);
        int from = at;
        scanNumber();
        long value = 0;
        int i = bytes[from] == '-' ? from + 1 : from;
        if (at - i > 18) {
            return wholeNumber(from);
        }
        for (; i < at; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return wholeNumber(from);
            }
            value = value * 10 + digit;
        }
        return bytes[from] == '-' ? -value : value;
    }

    /** The number from {@code from} to the cursor when it is long or has a fraction or exponent. */
    private long wholeNumber(int from) {
        if (at - from > LONGEST_NUMBER) {
            throw error(from, "expected a number of at most 64 characters");
        }
        try {
            return new BigDecimal(ascii(from)).longValueExact();
        } catch (ArithmeticException | NumberFormatException notOfLong) {
            // An exponent beyond the range of int is a NumberFormatException.
            throw error(from, "expected a whole number of at most 64 bits");
        }
    }

    /** Reads a number that is in the range of a double. */
    public double number() {
        expect(Kind.NUMBER);
        int from = at;
        scanNumber();
        if (at - from <= EXACT_DIGITS && digits(from) == at) {
            return count(from);
        }
        if (at - from > LONGEST_NUMBER) {
            throw error(from, "expected a number of at most 64 characters");
        }
        double value = Double.parseDouble(ascii(from));
        if (Double.isInfinite(value)) {
            throw error(from, "expected a number in the range of a double");
        }
        return value;
    }

    /** The digits from {@code from} to the cursor as a number. */
    private long count(int from) {
        long value = 0;
        for (int i = from; i < at; i++) {
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }

    private String ascii(int from) {
        return new String(bytes, from, at - from, StandardCharsets.US_ASCII);
    }

    /** Reads any value and keeps it as it is written. */
    public Raw raw() {
        whitespace();
        int from = at;
        boolean mend = skip(0, false);
        if (mend) {
            byte[] clean = mend(from, at, false);
            return Raw.ofValid(clean, 0, clean.length);
        }
        return Raw.ofValid(bytes, from, at - from);
    }

    /** Keeps the value as it is written that was read last and began at {@code position}. */
    public Raw rawSince(int position) {
        at = position;
        return raw();
    }

    /** Reads past any value, which must be well formed. */
    public void skip() {
        skip(0, false);
    }

    /** Makes sure that nothing but white space is left. */
    public void end() {
        whitespace();
        if (at < end) {
            throw error("expected the end of the document");
        }
    }

    /**
     * An error at the value that was just read or is next, for a caller that finds its content
     * wrong.
     */
    public MalformedJson error(String expectation) {
        return error(at, expectation);
    }

    private MalformedJson error(int offset, String expectation) {
        return new MalformedJson(pathAt(offset), offset - start, expectation);
    }

    private void whitespace() {
        while (at < end) {
            byte b = bytes[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return;
            }
            at++;
        }
    }

    private void punctuation(char wanted, String expectation) {
        if (at >= end || bytes[at] != wanted) {
            throw error(expectation);
        }
        at++;
    }

    private void literal(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= end || bytes[at + i] != word.charAt(i)) {
                throw error("expected `" + word + "`");
            }
        }
        at += word.length();
        first = false;
    }

    private int stringOffset;
    private int stringLength;

    /** Reads a string at the cursor; returns whether it has escapes. */
    private boolean scanString() {
        int i = at + 1;
        int from = i;
        boolean escaped = false;
        dirty = false;
        byte[] b = bytes;
        int limit = end;
        while (i < limit) {
            switch (CLASS[b[i] & 0xff]) {
                case PLAIN -> i++;
                case QUOTE -> {
                    stringOffset = from;
                    stringLength = i - from;
                    at = i + 1;
                    return escaped;
                }
                case BACKSLASH -> {
                    escaped = true;
                    i = escape(i);
                }
                case CONTROL -> {
                    if (strict) {
                        throw error(i, "control characters in a string must be escaped");
                    }
                    dirty = true;
                    i++;
                }
                default -> i = multibyte(i);
            }
        }
        throw error("expected the end of a string");
    }

    private int escape(int i) {
        int length = escapeLength(bytes, i, end);
        if (length == 0) {
            throw error(i, "not an escape of JSON");
        }
        return i + length;
    }

    private int multibyte(int i) {
        int length = Utf8.lengthAt(bytes, i, end);
        if (length > 0) {
            return i + length;
        }
        if (strict) {
            throw error(i, "not valid UTF-8");
        }
        dirty = true;
        return i + 1;
    }

    private Text mended() {
        byte[] clean = mend(stringOffset, stringOffset + stringLength, true);
        return Text.ofEscaped(clean, 0, clean.length);
    }

    /**
     * Writes what was read with U+FFFD for invalid UTF-8 and escapes for control characters.
     *
     * @param inside whether the bytes are the inside of a string, not a value
     */
    private byte[] mend(int from, int to, boolean inside) {
        byte[] decoded =
                new String(bytes, from, to - from, StandardCharsets.UTF_8)
                        .getBytes(StandardCharsets.UTF_8);
        ByteBuilder out = new ByteBuilder(decoded.length + 16);
        boolean inString = inside;
        boolean afterBackslash = false;
        for (byte b : decoded) {
            if (!inside && b == '"' && !afterBackslash) {
                inString = !inString;
            }
            afterBackslash = b == '\\' && !afterBackslash;
            if (inString && b >= 0 && b < 0x20) {
                out.content(String.valueOf((char) b));
            } else {
                out.add(b);
            }
        }
        return out.toBytes();
    }

    /** Whether {@code b[from, to)} is the inside of a JSON string that needs no mending. */
    static boolean isContent(byte[] b, int from, int to) {
        return contentEnd(b, from, to) == to;
    }

    /**
     * How far {@code b[from, to)} is the inside of a JSON string that needs no mending: the index
     * of the first byte that is not, such as the closing quotation mark, or {@code to}.
     */
    static int contentEnd(byte[] b, int from, int to) {
        int i = from;
        while (i < to) {
            switch (CLASS[b[i] & 0xff]) {
                case PLAIN -> i++;
                case BACKSLASH -> {
                    int length = escapeLength(b, i, to);
                    if (length == 0) {
                        return i;
                    }
                    i += length;
                }
                case HIGH -> {
                    int length = Utf8.lengthAt(b, i, to);
                    if (length == 0) {
                        return i;
                    }
                    i += length;
                }
                default -> {
                    return i;
                }
            }
        }
        return to;
    }

    /** Length of the escape at {@code i}; 0 if there is none before {@code to}. */
    private static int escapeLength(byte[] b, int i, int to) {
        if (i + 1 >= to) {
            return 0;
        }
        return switch (b[i + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> 2;
            case 'u' ->
                    i + 5 < to && hex(b[i + 2]) && hex(b[i + 3]) && hex(b[i + 4]) && hex(b[i + 5])
                            ? 6
                            : 0;
            default -> 0;
        };
    }

    private static boolean hex(byte digit) {
        return Character.digit(digit, 16) >= 0;
    }

    private void scanNumber() {
        int i = at;
        if (bytes[i] == '-') {
            i++;
        }
        int digits = i;
        i = digits(i);
        if (i == digits || (bytes[digits] == '0' && i > digits + 1)) {
            throw error("expected a number");
        }
        if (i < end && bytes[i] == '.') {
            int fraction = i + 1;
            i = digits(fraction);
            if (i == fraction) {
                throw error("expected a number");
            }
        }
        if (i < end && (bytes[i] == 'e' || bytes[i] == 'E')) {
            i++;
            if (i < end && (bytes[i] == '+' || bytes[i] == '-')) {
                i++;
            }
            int exponent = i;
            i = digits(exponent);
            if (i == exponent) {
                throw error("expected a number");
            }
        }
        at = i;
        first = false;
    }

    private int digits(int i) {
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i;
    }

    /** Reads past a value; returns whether it must be mended before it is written. */
    private boolean skip(int depth, boolean namesOnce) {
        Kind kind = peek();
        if (depth == MAX_DEPTH && (kind == Kind.ARRAY || kind == Kind.OBJECT)) {
            throw error("expected at most " + MAX_DEPTH + " levels of nesting");
        }
        switch (kind) {
            case STRING -> {
                scanString();
                first = false;
                return dirty;
            }
            case NUMBER -> scanNumber();
            case BOOLEAN -> literal(bytes[at] == 't' ? "true" : "false");
            case NULL -> literal("null");
            case ARRAY -> {
                boolean mend = false;
                beginArray();
                while (hasNext()) {
                    mend |= skip(depth + 1, namesOnce);
                }
                return mend;
            }
            case OBJECT -> {
                return skipObject(depth, namesOnce);
            }
        }
        return false;
    }

    private static final Names NONE = Names.of();

    private boolean skipObject(int depth, boolean namesOnce) {
        boolean mend = false;
        Set<String> seen = namesOnce ? new HashSet<>() : Set.of();
        beginObject();
        while (nextField(NONE) != END_OBJECT) {
            mend |= dirty;
            if (namesOnce && !seen.add(fieldName())) {
                throw error(nameOffset, "the name `" + shortened(fieldName()) + "` comes twice");
            }
            mend |= skip(depth + 1, namesOnce);
        }
        return mend;
    }

    private static String shortened(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "…";
    }

    /**
     * Walks the document up to {@code offset} and tells where that is, such as {@code
     * messages[0].role}.
     */
    private String pathAt(int offset) {
        return JsonPath.at(bytes, start, Math.min(offset, end));
    }
}
