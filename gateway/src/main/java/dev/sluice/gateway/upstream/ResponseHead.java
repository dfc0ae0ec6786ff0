package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.provider.Head;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The head of a response, read line by line, and what it says of body and connection. */
final class ResponseHead {
    /** How the body's end is found (RFC 9112, 6.3). */
    enum Framing {
        /** There is no body. */
        NONE,
        /** It has {@link #length()} bytes. */
        COUNTED,
        CHUNKED,
        /** It ends with the connection. */
        UNTIL_CLOSED
    }

    private static final int VERSION = "HTTP/1.".length();
    private static final int SHORTEST = "HTTP/1.1 200".length();
    private static final int LONGEST_COUNT = 15;

    private final List<Header> fields = new ArrayList<>(8);
    private int status;
    private boolean keepsAlive;
    private boolean isChunked;
    private long length = -1;
    private int idleSeconds;

    /**
     * The next line, without its end, not empty.
     *
     * @throws MalformedResponse if it is none
     */
    void line(byte[] bytes, int from, int to) {
        if (status == 0) {
            statusLine(bytes, from, to);
        } else {
            field(bytes, from, to);
        }
    }

    private void statusLine(byte[] bytes, int from, int to) {
        if (to - from < SHORTEST || !text(bytes, from, from + VERSION).equals("HTTP/1.")) {
            throw new MalformedResponse("no status line of HTTP/1.1");
        }
        keepsAlive = bytes[from + VERSION] != '0';
        for (int i = from + VERSION + 2; i < from + SHORTEST; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new MalformedResponse("a status that is no number");
            }
            status = status * 10 + digit;
        }
        if (status < 100 || status == 101) {
            throw new MalformedResponse("the status " + status);
        }
    }

    private void field(byte[] bytes, int from, int to) {
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            if (bytes[colon] <= ' ') {
                throw new MalformedResponse("a field whose name holds a space");
            }
            colon++;
        }
        if (colon == from || colon == to) {
            throw new MalformedResponse("a field without a name");
        }
        Header field = new Header(text(bytes, from, colon), trimmed(bytes, colon + 1, to));
        fields.add(field);
        switch (field.name().length()) {
            case 10, 14, 17 -> framing(field);
            default -> {}
        }
    }

    private void framing(Header field) {
        String value = field.value();
        switch (field.name().toLowerCase(Locale.ROOT)) {
            case "transfer-encoding" -> coding(value);
            case "content-length" -> count(value);
            case "connection" -> {
                String options = value.toLowerCase(Locale.ROOT);
                keepsAlive =
                        !options.contains("close")
                                && (keepsAlive || options.contains("keep-alive"));
            }
            case "keep-alive" -> idleSeconds = timeout(value);
            default -> {}
        }
    }

    private void coding(String value) {
        if (value.equalsIgnoreCase("chunked") && !isChunked) {
            isChunked = true;
        } else if (!value.equalsIgnoreCase("identity")) {
            throw new MalformedResponse("a transfer-encoding other than chunked");
        }
    }

    private void count(String value) {
        boolean isCount =
                !value.isEmpty()
                        && value.length() <= LONGEST_COUNT
                        && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!isCount || length >= 0 && length != Long.parseLong(value)) {
            throw new MalformedResponse("a content-length that is no single number");
        }
        length = Long.parseLong(value);
    }

    private static int timeout(String value) {
        int at = value.toLowerCase(Locale.ROOT).indexOf("timeout=");
        int seconds = 0;
        for (int i = at + 8; at >= 0 && i < value.length() && seconds < 1_000_000; i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            seconds = seconds * 10 + digit;
        }
        return seconds;
    }

    /** Whether another head follows, and no body (RFC 9110, 15.2). */
    boolean isProvisional() {
        if (status == 0) {
            throw new MalformedResponse("no status line of HTTP/1.1");
        }
        return status < 200;
    }

    Framing framing() {
        if (status == 204 || status == 304) {
            return Framing.NONE;
        }
        return isChunked ? Framing.CHUNKED : length >= 0 ? Framing.COUNTED : Framing.UNTIL_CLOSED;
    }

    /** Bytes of a counted body. */
    long length() {
        return length;
    }

    /**
     * Whether the connection lives on. One whose response tells two lengths does not (RFC 9112,
     * 6.3).
     */
    boolean keepsAlive() {
        return keepsAlive && !(isChunked && length >= 0);
    }

    /** How many seconds the server keeps an idle connection; 0 if it did not say. */
    int idleSeconds() {
        return idleSeconds;
    }

    Head head() {
        return new Head(status, new Headers(fields));
    }

    private static String trimmed(byte[] bytes, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && (bytes[start] == ' ' || bytes[start] == '\t')) {
            start++;
        }
        while (end > start && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
            end--;
        }
        return text(bytes, start, end);
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
