package dev.sluice.core.request;

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

    /** Reads {@code data:[media type];base64,…}; empty if {@code url} is no such address. */
    static Optional<Base64> ofDataUrl(String url) {
        if (!url.regionMatches(true, 0, "data:", 0, 5)) {
            return Optional.empty();
        }
        int comma = url.indexOf(',');
        if (comma < 0) {
            return Optional.empty();
        }
        String head = url.substring(5, comma);
        if (!head.toLowerCase(java.util.Locale.ROOT).endsWith(";base64")) {
            return Optional.empty();
        }
        int semicolon = head.indexOf(';');
        String data = stripped(url, comma + 1);
        String type = head.substring(0, semicolon).trim();
        return Optional.of(new Base64(type.isEmpty() ? sniffed(data) : type, data));
    }

    private static String stripped(String url, int from) {
        StringBuilder out = new StringBuilder(url.length() - from);
        for (int i = from; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c > ' ') {
                out.append(c);
            }
        }
        return out.toString();
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
