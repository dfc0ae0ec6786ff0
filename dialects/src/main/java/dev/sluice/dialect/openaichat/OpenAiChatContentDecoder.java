package dev.sluice.dialect.openaichat;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Source;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the content of a message: a string, or an array of parts. */
final class OpenAiChatContentDecoder {
    private static final Names PART =
            Names.of(
                    "type",
                    "text",
                    "refusal",
                    "image_url",
                    "input_audio",
                    "file",
                    "prompt_cache_breakpoint");
    private static final Names IMAGE = Names.of("url", "detail");
    private static final Names AUDIO = Names.of("data", "format");
    private static final Names FILE = Names.of("file_data", "filename", "file_id");

    private final JsonReader reader;
    private final byte[] document;

    OpenAiChatContentDecoder(JsonReader reader, byte[] document) {
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
            blocks.add(part());
        }
        return blocks;
    }

    private Block part() {
        String type = Lenient.typeOfNext(reader, document);
        return switch (type) {
            case "text", "refusal", "image_url", "input_audio", "file" -> known(type);
            case "" -> throw reader.error("expected a `type`, such as `text`");
            default -> new Block.Opaque(type, reader.raw());
        };
    }

    private Block known(String type) {
        Block block = null;
        Raw breakpoint = null;
        reader.beginObject();
        for (int f = reader.nextField(PART);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(PART)) {
            if (reader.skipNull()) {
                continue;
            }
            boolean own = f > 0 && f < 6 && PART.name(f).equals(type);
            if (own) {
                block = body(f);
            } else if (f == 6) {
                breakpoint = reader.raw();
            } else {
                reader.skip();
            }
        }
        if (block == null) {
            throw reader.error("expected a member `" + type + "`");
        }
        return breakpoint == null ? block : marked(block, breakpoint);
    }

    private Block body(int field) {
        return switch (field) {
            case 1 -> new Block.Text(reader.string());
            case 2 -> new Block.Refusal(reader.string());
            case 3 -> image();
            case 4 -> audio();
            default -> file();
        };
    }

    private static Block marked(Block block, Raw breakpoint) {
        return switch (block) {
            case Block.Text text -> new Block.Text(text.text(), breakpoint);
            case Block.Image image -> new Block.Image(image.source(), image.detail(), breakpoint);
            case Block.Document document ->
                    new Block.Document(
                            document.source(), document.title(), null, false, breakpoint);
            case Block.Audio _,
                    Block.Thinking _,
                    Block.RedactedThinking _,
                    Block.ToolUse _,
                    Block.ToolResult _,
                    Block.Refusal _,
                    Block.Opaque _ ->
                    block;
        };
    }

    private Block image() {
        if (reader.peek() == Kind.STRING) {
            return new Block.Image(address(reader.string()), null, null);
        }
        Source source = null;
        String detail = null;
        reader.beginObject();
        for (int f = reader.nextField(IMAGE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(IMAGE)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> source = address(reader.string());
                case 1 -> detail = reader.string();
                default -> reader.skip();
            }
        }
        if (source == null) {
            throw reader.error("expected a `url`");
        }
        return new Block.Image(source, detail, null);
    }

    private Source address(String url) {
        if (!url.regionMatches(true, 0, "data:", 0, 5)) {
            if (url.isBlank()) {
                throw reader.error("expected an address or a data URL, found nothing");
            }
            return new Source.Url(url);
        }
        return dataUrl(url);
    }

    private Source dataUrl(String url) {
        Optional<Source.Base64> inline = Source.ofDataUrl(url);
        if (inline.isEmpty() || inline.get().data().isEmpty()) {
            throw reader.error("expected a data URL in base64, data:<media type>;base64,<data>");
        }
        return inline.get();
    }

    private Block audio() {
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

    private Block file() {
        Source source = null;
        String name = null;
        reader.beginObject();
        for (int f = reader.nextField(FILE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(FILE)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> source = fileData(reader.string());
                case 1 -> name = reader.string();
                case 2 -> source = fileId(source);
                default -> reader.skip();
            }
        }
        if (source == null) {
            throw reader.error("expected `file_data` or `file_id`");
        }
        return new Block.Document(source, name, null, false, null);
    }

    private Source fileId(@Nullable Source inline) {
        String id = reader.string();
        return inline == null ? new Source.FileId(id) : inline;
    }

    private Source fileData(String data) {
        return dataUrl(data.regionMatches(true, 0, "data:", 0, 5) ? data : "data:;base64," + data);
    }
}
