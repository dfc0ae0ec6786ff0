package dev.sluice.core.request;

import java.util.Locale;
import java.util.Optional;

/** Where the bytes of an image, a document or a sound are. */
public sealed interface Source {
    /** Inline, in base64 without white space; {@code mediaType} such as {@code image/png}. */
    record Base64(String mediaType, String data) implements Source {
        @Override
        public String toString() {
            return "Base64[" + mediaType + ", " + data.length() + " characters]";
        }
    }

    /** At an address that the model server fetches. */
    record Url(String url) implements Source {}

    /** In a file that was uploaded to the model server before. */
    record FileId(String id) implements Source {}

    /** Plain text. */
    record PlainText(String text) implements Source {}

    /**
     * Reads {@code data:[media type][;parameters];base64,…}; empty if {@code url} is no such
     * address. White space is left out, percent signs are decoded, a missing media type is found in
     * the first bytes.
     */
    static Optional<Base64> ofDataUrl(String url) {
        int comma = url.indexOf(',');
        if (comma < 0 || !url.regionMatches(true, 0, "data:", 0, 5)) {
            return Optional.empty();
        }
        String head = url.substring(5, comma).strip();
        int semicolon = head.lastIndexOf(';');
        if (semicolon < 0 || !head.substring(semicolon + 1).strip().equalsIgnoreCase("base64")) {
            return Optional.empty();
        }
        String data = decoded(url, comma + 1);
        String type = head.substring(0, head.indexOf(';')).strip().toLowerCase(Locale.ROOT);
        return Optional.of(new Base64(type.isEmpty() ? sniffed(data) : named(type), data));
    }

    /** The name that vendors know, for one that people write. */
    private static String named(String type) {
        return type.equals("image/jpg") ? "image/jpeg" : type;
    }

    private static String decoded(String url, int from) {
        StringBuilder out = new StringBuilder(url.length() - from);
        for (int i = from; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c == '%' && i + 2 < url.length() && hex(url, i + 1) >= 0 && hex(url, i + 2) >= 0) {
                c = (char) (hex(url, i + 1) << 4 | hex(url, i + 2));
                i += 2;
            }
            if (c > ' ') {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static int hex(String text, int at) {
        return Character.digit(text.charAt(at), 16);
    }

    private static String sniffed(String base64) {
        if (base64.startsWith("iVBOR")) {
            return "image/png";
        }
        if (base64.startsWith("/9j/")) {
            return "image/jpeg";
        }
        if (base64.startsWith("R0lGOD")) {
            return "image/gif";
        }
        if (base64.startsWith("UklGR")) {
            return "image/webp";
        }
        return base64.startsWith("JVBERi") ? "application/pdf" : "application/octet-stream";
    }

    /** As {@code data:} address. */
    static String toDataUrl(Base64 source) {
        return "data:" + source.mediaType() + ";base64," + source.data();
    }
}
