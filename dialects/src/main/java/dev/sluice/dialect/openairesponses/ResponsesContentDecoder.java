package dev.sluice.dialect.openairesponses;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Source;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the content of a message or the output of a tool: a string, or an array of parts. */
final class ResponsesContentDecoder {
    private static final Names PART =
            Names.of(
                    "text",
                    "refusal",
                    "image_url",
                    "file_id",
                    "detail",
                    "file_data",
                    "file_url",
                    "filename",
                    "input_audio");
    private static final Names AUDIO = Names.of("data", "format");

    /** The members of one part, which come in any order. */
    private static final class Parsed {
        @Nullable String text;
        @Nullable String refusal;
        String imageUrl = "";
        String fileId = "";
        @Nullable String detail;
        String fileData = "";
        String fileUrl = "";
        @Nullable String filename;
        Block.@Nullable Audio audio;
    }

    private final JsonReader reader;
    private final byte[] document;

    ResponsesContentDecoder(JsonReader reader, byte[] document) {
        this.reader = reader;
        this.document = document;
    }

    /** The content that is next. */
    List<Block> read() {
        List<Block> blocks = new ArrayList<>();
        if (reader.peek() == Kind.STRING) {
            String text = reader.string();
            if (!text.isEmpty()) {
                blocks.add(new Block.Text(text));
            }
            return blocks;
        }
        if (reader.peek() != Kind.ARRAY) {
            throw reader.error(
                    "expected a string or an array of parts, found " + reader.peek().words());
        }
        reader.beginArray();
        while (reader.hasNext()) {
            if (reader.peek() != Kind.OBJECT) {
                throw reader.error("expected an object, found " + reader.peek().words());
            }
            blocks.add(part(Lenient.typeOfNext(reader, document)));
        }
        return blocks;
    }

    /** Clients mix the names of the parts of both sides. */
    private Block part(String type) {
        return switch (type) {
            case "input_text", "output_text", "text" -> text(parsed());
            case "refusal" -> refusal(parsed());
            case "input_image" -> image(parsed());
            case "input_file" -> file(parsed());
            case "input_audio" -> audio(parsed());
            case "" -> throw reader.error("expected a `type`, such as `input_text`");
            default -> new Block.Opaque(type, reader.raw());
        };
    }

    private Parsed parsed() {
        Parsed part = new Parsed();
        reader.beginObject();
        for (int f = reader.nextField(PART);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(PART)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> part.text = reader.string();
                case 1 -> part.refusal = reader.string();
                case 2 -> part.imageUrl = reader.string();
                case 3 -> part.fileId = reader.string();
                case 4 -> part.detail = reader.string();
                case 5 -> part.fileData = reader.string();
                case 6 -> part.fileUrl = reader.string();
                case 7 -> part.filename = reader.string();
                case 8 -> part.audio = sound();
                default -> reader.skip();
            }
        }
        return part;
    }

    private Block text(Parsed part) {
        if (part.text == null) {
            throw reader.error("expected a member `text`");
        }
        return new Block.Text(part.text);
    }

    private Block refusal(Parsed part) {
        if (part.refusal == null) {
            throw reader.error("expected a member `refusal`");
        }
        return new Block.Refusal(part.refusal);
    }

    private Block image(Parsed part) {
        if (part.imageUrl.isBlank() && part.fileId.isEmpty()) {
            throw reader.error("expected `image_url` or `file_id`");
        }
        Source source =
                part.imageUrl.isBlank() ? new Source.FileId(part.fileId) : address(part.imageUrl);
        return new Block.Image(source, part.detail, null);
    }

    private Source address(String url) {
        return url.regionMatches(true, 0, "data:", 0, 5) ? inline(url) : new Source.Url(url);
    }

    private Source inline(String url) {
        Optional<Source.Base64> inline = Source.ofDataUrl(url);
        if (inline.isEmpty() || inline.get().data().isEmpty()) {
            throw reader.error("expected a data URL in base64, data:<media type>;base64,<data>");
        }
        return inline.get();
    }

    private Block file(Parsed part) {
        Source source;
        if (!part.fileData.isEmpty()) {
            boolean whole = part.fileData.regionMatches(true, 0, "data:", 0, 5);
            source = inline(whole ? part.fileData : "data:;base64," + part.fileData);
        } else if (!part.fileUrl.isEmpty()) {
            source = new Source.Url(part.fileUrl);
        } else if (!part.fileId.isEmpty()) {
            source = new Source.FileId(part.fileId);
        } else {
            throw reader.error("expected `file_data`, `file_url` or `file_id`");
        }
        return new Block.Document(source, part.filename, null, false, null);
    }

    private Block audio(Parsed part) {
        if (part.audio == null) {
            throw reader.error("expected a member `input_audio`");
        }
        return part.audio;
    }

    private Block.Audio sound() {
        String data = "";
        String format = "";
        reader.beginObject();
        for (int f = reader.nextField(AUDIO);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(AUDIO)) {
            switch (f) {
                case 0 -> data = reader.string();
                case 1 -> format = reader.string();
                default -> reader.skip();
            }
        }
        if (data.isEmpty() || format.isEmpty()) {
            throw reader.error("expected `data` and `format`");
        }
        return new Block.Audio(data, format);
    }
}
