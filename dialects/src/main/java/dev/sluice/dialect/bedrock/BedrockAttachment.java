package dev.sluice.dialect.bedrock;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Source;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * An image, a document or a sound as it stands on the wire.
 *
 * @param format the wire's word for what the bytes are
 * @param data the bytes in base64; null if they are elsewhere
 * @param text the text of a document that is given as such; null if it is not
 */
record BedrockAttachment(
        String format,
        @Nullable String data,
        @Nullable String text,
        @Nullable String name,
        @Nullable String context,
        boolean citations) {
    private static final Names MEMBERS =
            Names.of("format", "source", "name", "context", "citations");
    private static final Names SOURCE = Names.of("bytes", "text", "content");
    private static final Names PIECE = Names.of("text");
    private static final Names ENABLED = Names.of("enabled");

    /** Reads {@code raw}, an object. */
    static BedrockAttachment read(Raw raw) {
        String format = "";
        String name = null;
        String context = null;
        boolean citations = false;
        String data = null;
        String text = null;
        JsonReader reader = raw.reader();
        reader.beginObject();
        for (int f = reader.nextField(MEMBERS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MEMBERS)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> format = reader.string();
                case 1 -> {
                    Raw source = reader.raw();
                    data = sourceOf(source, true);
                    text = sourceOf(source, false);
                }
                case 2 -> name = reader.string();
                case 3 -> context = reader.string();
                case 4 -> citations = isEnabled(reader);
                default -> reader.skip();
            }
        }
        return new BedrockAttachment(format, data, text, name, context, citations);
    }

    /** The bytes, or the text, that a source has; null if it has none. */
    private static @Nullable String sourceOf(Raw source, boolean bytes) {
        if (source.kind() != Kind.OBJECT) {
            return null;
        }
        String found = null;
        JsonReader reader = source.reader();
        reader.beginObject();
        for (int f = reader.nextField(SOURCE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(SOURCE)) {
            if (f == 2 && !bytes) {
                found = pieces(reader);
            } else if (f >= 0 && f < 2 && (f == 0) == bytes) {
                found = reader.string();
            } else {
                reader.skip();
            }
        }
        return found;
    }

    /** A document in pieces, which are told apart only by citations. */
    private static String pieces(JsonReader reader) {
        StringBuilder all = new StringBuilder();
        reader.beginArray();
        while (reader.hasNext()) {
            reader.beginObject();
            for (int f = reader.nextField(PIECE);
                    f != JsonReader.END_OBJECT;
                    f = reader.nextField(PIECE)) {
                if (f == 0) {
                    all.append(all.isEmpty() ? "" : "\n\n").append(reader.string());
                } else {
                    reader.skip();
                }
            }
        }
        return all.toString();
    }

    private static boolean isEnabled(JsonReader reader) {
        boolean enabled = false;
        reader.beginObject();
        for (int f = reader.nextField(ENABLED);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(ENABLED)) {
            if (f == 0) {
                enabled = reader.bool();
            } else {
                reader.skip();
            }
        }
        return enabled;
    }

    /** The bytes as {@code mediaType}; empty if they are elsewhere. */
    Optional<Source.Base64> bytes(String mediaType) {
        return data == null ? Optional.empty() : Optional.of(new Source.Base64(mediaType, data));
    }

    /** The document; empty if its bytes are elsewhere. */
    Optional<Block> document() {
        Optional<Source> source =
                text == null
                        ? bytes(BedrockMedia.ofDocument(format)).map(bytes -> bytes)
                        : Optional.of(new Source.PlainText(text));
        return source.map(found -> new Block.Document(found, name, context, citations, null));
    }
}
