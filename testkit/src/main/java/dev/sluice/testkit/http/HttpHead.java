package dev.sluice.testkit.http;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A start line and its headers, as they came: order, case and repetition are kept.
 *
 * @param startLine the request line or the status line
 * @param headers names and values, in order
 */
record HttpHead(String startLine, List<Map.Entry<String, String>> headers) {
    private static final int LINE_LIMIT = 1 << 20;
    private static final int HEADER_LIMIT = 10_000;
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    HttpHead {
        headers = List.copyOf(headers);
    }

    /** Reads a head; empty when the input ends before its first byte. */
    static Optional<HttpHead> read(HttpInput in) throws IOException {
        if (!in.await()) {
            return Optional.empty();
        }
        String startLine = in.line(LINE_LIMIT);
        return Optional.of(new HttpHead(startLine, readHeaders(in)));
    }

    /** Reads header lines up to the blank line; also the trailers of a chunked body. */
    static List<Map.Entry<String, String>> readHeaders(HttpInput in) throws IOException {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (String line = in.line(LINE_LIMIT); !line.isEmpty(); line = in.line(LINE_LIMIT)) {
            if (headers.size() >= HEADER_LIMIT) {
                throw new MalformedHttp("more than " + HEADER_LIMIT + " headers");
            }
            headers.add(header(line));
        }
        return headers;
    }

    /** The values of a header, in order; names compare without case. */
    List<String> all(String name) {
        return headers.stream()
                .filter(h -> h.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The value of a header that may stand once; several are joined with commas, as HTTP says. */
    Optional<String> value(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }

    /** Whether a list header, such as Connection, holds this word. */
    boolean has(String name, String word) {
        for (String value : all(name)) {
            for (String part : value.split(",", -1)) {
                if (part.strip().equalsIgnoreCase(word)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * How the body is delimited, when the head says so; both ways at once, or one of them twice, is
     * a fault.
     */
    Optional<BodyInput.Framing> framing() throws IOException {
        List<String> lengths = all("content-length");
        List<String> codings = all("transfer-encoding");
        if (lengths.size() + codings.size() > 1) {
            throw new MalformedHttp(
                    "content-length " + lengths + " and transfer-encoding " + codings);
        }
        if (!codings.isEmpty()) {
            if (!codings.getFirst().toLowerCase(Locale.ROOT).equals("chunked")) {
                throw new MalformedHttp("transfer-encoding: " + codings.getFirst());
            }
            return Optional.of(new BodyInput.Framing.Chunked());
        }
        if (lengths.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new BodyInput.Framing.Length(length(lengths.getFirst())));
    }

    private static long length(String digits) throws MalformedHttp {
        if (digits.isEmpty()
                || digits.length() > 18
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedHttp("content-length: " + digits);
        }
        return Long.parseLong(digits);
    }

    private static Map.Entry<String, String> header(String line) throws IOException {
        int colon = line.indexOf(':');
        if (colon <= 0 || !line.substring(0, colon).chars().allMatch(HttpHead::isTokenCharacter)) {
            throw new MalformedHttp("a header line without a proper name: " + line);
        }
        String value = line.substring(colon + 1).strip();
        if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F)) {
            throw new MalformedHttp("a control character in a header value: " + line);
        }
        return Map.entry(line.substring(0, colon), value);
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_MARKS.indexOf(c) >= 0;
    }

    /** As {@link #read}, where the end of the input is a fault. */
    static HttpHead readExpected(HttpInput in) throws IOException {
        return read(in).orElseThrow(
                        () -> new EOFException("the input ended where a head was expected"));
    }
}
