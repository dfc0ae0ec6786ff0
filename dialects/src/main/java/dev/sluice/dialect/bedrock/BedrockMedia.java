package dev.sluice.dialect.bedrock;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The table between the words that this wire has for formats, and media types. */
final class BedrockMedia {
    private static final Set<String> IMAGES = Set.of("png", "jpeg", "gif", "webp");
    private static final Map<String, String> DOCUMENTS = new LinkedHashMap<>();

    static {
        DOCUMENTS.put("pdf", "application/pdf");
        DOCUMENTS.put("csv", "text/csv");
        DOCUMENTS.put("doc", "application/msword");
        DOCUMENTS.put(
                "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        DOCUMENTS.put("xls", "application/vnd.ms-excel");
        DOCUMENTS.put("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        DOCUMENTS.put("html", "text/html");
        DOCUMENTS.put("txt", "text/plain");
        DOCUMENTS.put("md", "text/markdown");
    }

    private BedrockMedia() {}

    static String ofImage(String format) {
        return "image/" + format;
    }

    /** The format of an image; empty if this wire has no word for it. */
    static Optional<String> imageFormat(String mediaType) {
        String type = plain(mediaType);
        String format = type.equals("image/jpg") ? "jpeg" : type.replaceFirst("^image/", "");
        return IMAGES.contains(format) ? Optional.of(format) : Optional.empty();
    }

    static String ofDocument(String format) {
        return DOCUMENTS.getOrDefault(format, "application/" + format);
    }

    /** The format of a document; empty if this wire has no word for it. */
    static Optional<String> documentFormat(String mediaType) {
        String type = plain(mediaType);
        for (Map.Entry<String, String> known : DOCUMENTS.entrySet()) {
            if (known.getValue().equals(type)) {
                return Optional.of(known.getKey());
            }
        }
        boolean text = type.startsWith("text/") || type.equals("application/json");
        return text ? Optional.of("txt") : Optional.empty();
    }

    private static String plain(String mediaType) {
        int semicolon = mediaType.indexOf(';');
        String type = semicolon < 0 ? mediaType : mediaType.substring(0, semicolon);
        return type.strip().toLowerCase(Locale.ROOT);
    }
}
