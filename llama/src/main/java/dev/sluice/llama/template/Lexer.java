package dev.sluice.llama.template;

import dev.sluice.llama.template.Token.Kind;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into tokens and settles the white space between them, as model files expect it: a
 * line end behind a block is dropped ({@code trim_blocks}), and so are spaces between the start of
 * a line and a block ({@code lstrip_blocks}); {@code -} drops all white space on its side, and
 * {@code +} keeps it.
 */
final class Lexer {
    private static final List<String> OPERATORS =
            List.of(
                    "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=",
                    ".", ",", ":", "|", "(", ")", "[", "]", "{", "}");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    /** Whether what was read last ended with a line end, or nothing was read. */
    private boolean lineStart = true;

    private Lexer(String source) {
        this.source = source;
    }

    /** The tokens of {@code source}, whose line ends are all LF. */
    static List<Token> read(String source) {
        Lexer lexer = new Lexer(source);
        lexer.template();
        return lexer.tokens;
    }

    private void template() {
        while (at < source.length()) {
            int open = nextOpen();
            if (open < 0) {
                text(source.substring(at), at);
                at = source.length();
                break;
            }
            char kind = source.charAt(open + 1);
            textBefore(open, kind);
            at = open + 2 + (signAt(open + 2) ? 1 : 0);
            switch (kind) {
                case '#' -> comment(open);
                case '{' -> {
                    add(Kind.PRINT_BEGIN, "{{", open);
                    expression("}}", Kind.PRINT_END, open);
                }
                default -> block(open);
            }
        }
        add(Kind.END, "", source.length());
    }

    private int nextOpen() {
        for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private boolean signAt(int i) {
        return i < source.length() && (source.charAt(i) == '-' || source.charAt(i) == '+');
    }

    private void textBefore(int open, char kind) {
        String text = source.substring(at, open);
        char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
        if (sign == '-') {
            text(text.stripTrailing(), at);
        } else if (sign != '+' && kind != '{') {
            int line = text.lastIndexOf('\n') + 1;
            boolean blank = (line > 0 || lineStart) && text.substring(line).isBlank();
            text(blank ? text.substring(0, line) : text, at);
        } else {
            text(text, at);
        }
    }

    private void text(String text, int from) {
        if (!text.isEmpty()) {
            add(Kind.TEXT, text, from);
        }
    }

    private void add(Kind kind, String text, int from) {
        tokens.add(new Token(kind, text, from));
    }

    private void comment(int open) {
        int close = source.indexOf("#}", open + 2);
        if (close < 0) {
            throw error(open, "the comment has no end");
        }
        at = close + 2;
        trim(close > open + 2 ? source.charAt(close - 1) : ' ', true);
    }

    /** Drops the white space that a tag which ended here takes with it. */
    private void trim(char sign, boolean block) {
        int from = at;
        if (sign == '-') {
            while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
                at++;
            }
        } else if (block && sign != '+' && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
        lineStart = at > from && source.charAt(at - 1) == '\n';
    }

    private void block(int open) {
        int name = at;
        while (name < source.length() && Character.isWhitespace(source.charAt(name))) {
            name++;
        }
        if (source.startsWith("raw", name) && isRaw(name + 3)) {
            raw(open);
            return;
        }
        add(Kind.BLOCK_BEGIN, "{%", open);
        expression("%}", Kind.BLOCK_END, open);
    }

    private boolean isRaw(int behind) {
        int i = behind;
        while (i < source.length() && Character.isWhitespace(source.charAt(i))) {
            i++;
        }
        return source.startsWith("%}", i) || source.startsWith("-%}", i);
    }

    private void raw(int open) {
        int head = source.indexOf("%}", at);
        at = head + 2;
        trim(source.charAt(head - 1), true);
        int start = at;
        for (int i = source.indexOf("{%", at); i >= 0; i = source.indexOf("{%", i + 2)) {
            int close = source.indexOf("%}", i);
            if (close < 0) {
                break;
            }
            String tag = source.substring(i + 2, close);
            String name = tag.replaceAll("^[-+]|[-+]$", "").strip();
            if (name.equals("endraw")) {
                String text = source.substring(start, i);
                text(tag.startsWith("-") ? text.stripTrailing() : text, start);
                at = close + 2;
                trim(source.charAt(close - 1), true);
                return;
            }
        }
        throw error(open, "`raw` has no `endraw`");
    }

    private void expression(String close, Kind end, int open) {
        int depth = 0;
        while (true) {
            while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
                at++;
            }
            if (at >= source.length()) {
                throw error(open, "the tag has no end");
            }
            if (depth == 0 && closes(close, end)) {
                return;
            }
            char c = source.charAt(at);
            if (c == '"' || c == '\'') {
                string(c);
            } else if (c >= '0' && c <= '9') {
                number();
            } else if (Character.isUnicodeIdentifierStart(c) || c == '_') {
                name();
            } else {
                depth += operator();
            }
        }
    }

    private boolean closes(String close, Kind end) {
        boolean signed = signAt(at) && source.startsWith(close, at + 1);
        if (!signed && !source.startsWith(close, at)) {
            return false;
        }
        char sign = signed ? source.charAt(at) : ' ';
        add(end, close, at);
        at += close.length() + (signed ? 1 : 0);
        trim(sign, end == Kind.BLOCK_END);
        return true;
    }

    private int operator() {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                add(Kind.OPERATOR, operator, at);
                at += operator.length();
                return switch (operator) {
                    case "(", "[", "{" -> 1;
                    case ")", "]", "}" -> -1;
                    default -> 0;
                };
            }
        }
        throw error(at, "unexpected character `" + source.charAt(at) + "`");
    }

    private void name() {
        int from = at;
        while (at < source.length() && Character.isUnicodeIdentifierPart(source.charAt(at))) {
            at++;
        }
        add(Kind.NAME, source.substring(from, at), from);
    }

    private void number() {
        int from = at;
        digits();
        boolean fraction = false;
        if (at + 1 < source.length() && source.charAt(at) == '.' && digitAt(at + 1)) {
            fraction = true;
            at++;
            digits();
        }
        if (at < source.length() && (source.charAt(at) == 'e' || source.charAt(at) == 'E')) {
            int exponent = at + 1 + (signAt(at + 1) ? 1 : 0);
            if (digitAt(exponent)) {
                fraction = true;
                at = exponent;
                digits();
            }
        }
        String digits = source.substring(from, at).replace("_", "");
        add(fraction ? Kind.FLOAT : Kind.INTEGER, digits, from);
    }

    private boolean digitAt(int i) {
        return i < source.length() && source.charAt(i) >= '0' && source.charAt(i) <= '9';
    }

    private void digits() {
        while (digitAt(at) || at < source.length() && source.charAt(at) == '_' && digitAt(at + 1)) {
            at++;
        }
    }

    private void string(char quote) {
        int from = at++;
        StringBuilder text = new StringBuilder();
        while (at < source.length() && source.charAt(at) != quote) {
            char c = source.charAt(at++);
            if (c == '\\' && at < source.length()) {
                escape(text);
            } else {
                text.append(c);
            }
        }
        if (at >= source.length()) {
            throw error(from, "the string has no end");
        }
        at++;
        add(Kind.STRING, text.toString(), from);
    }

    private void escape(StringBuilder text) {
        char kind = source.charAt(at++);
        switch (kind) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'a' -> text.append('\007');
            case 'v' -> text.append('\013');
            case '0' -> text.append('\0');
            case '\\', '\'', '"' -> text.append(kind);
            // A line that goes on.
            case '\n' -> {}
            case 'x' -> codePoint(text, 2);
            case 'u' -> codePoint(text, 4);
            case 'U' -> codePoint(text, 8);
            default -> text.append('\\').append(kind);
        }
    }

    private void codePoint(StringBuilder text, int digits) {
        int point = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < source.length() ? Character.digit(source.charAt(at), 16) : -1;
            if (digit < 0) {
                throw error(at, "expected " + digits + " hexadecimal digits");
            }
            point = point << 4 | digit;
            at++;
        }
        if (!Character.isValidCodePoint(point)) {
            throw error(at, "not a character of Unicode");
        }
        text.appendCodePoint(point);
    }

    private TemplateException error(int offset, String problem) {
        return TemplateException.at(source, offset, problem);
    }
}
