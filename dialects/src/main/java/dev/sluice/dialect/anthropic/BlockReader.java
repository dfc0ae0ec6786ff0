package dev.sluice.dialect.anthropic;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Source;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads messages and their content blocks. A block of a type that has no canonical form is kept as
 * it is.
 */
final class BlockReader {
    private static final Names MESSAGE = Names.of("role", "content");
    private static final Names TEXT = Names.of("text", "cache_control");
    private static final Names MEDIA =
            Names.of("source", "cache_control", "title", "context", "citations");
    private static final Names SOURCE_MEMBER = Names.of("source");
    private static final Names SOURCE = Names.of("type", "media_type", "data", "url", "file_id");
    private static final Names CITATIONS = Names.of("enabled");
    private static final Names THINKING = Names.of("thinking", "signature", "data");
    private static final Names TOOL_USE = Names.of("id", "name", "input", "cache_control");
    private static final Names TOOL_RESULT =
            Names.of("tool_use_id", "content", "is_error", "cache_control");

    /** Before the names of what is said of blocks and has no canonical form. */
    static final String PREFIX = "messages.";

    private static final String TYPE = PREFIX + "type";

    private final RequestBody body;
    private final JsonReader reader;
    private final Map<String, Raw> extra;

    /** A reader that puts what it does not know of blocks into {@code extra}. */
    BlockReader(RequestBody body, Map<String, Raw> extra) {
        this.body = body;
        this.reader = body.reader;
        this.extra = extra;
    }

    /** Reads a message. */
    Message message() {
        Role role = null;
        List<Block> blocks = null;
        reader.beginObject();
        int member = reader.nextField(MESSAGE);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> role = role();
                case 1 -> blocks = blocksOrString();
                default -> reader.skip();
            }
            member = reader.nextField(MESSAGE);
        }
        if (role == null) {
            throw body.missing("role");
        }
        if (blocks == null) {
            throw body.missing("content");
        }
        return new Message(role, blocks);
    }

    private Role role() {
        return switch (reader.string()) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "system" -> Role.SYSTEM;
            default -> throw body.wrong("`user`, `assistant` or `system`");
        };
    }

    /** Reads content: blocks, or a string that is one block of text. */
    List<Block> blocksOrString() {
        if (reader.peek() == Kind.STRING) {
            return List.of(new Block.Text(reader.string()));
        }
        if (reader.peek() != Kind.ARRAY) {
            throw reader.error(
                    "expected a string or an array of content blocks, found "
                            + reader.peek().words());
        }
        List<Block> blocks = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            blocks.add(block());
        }
        return blocks;
    }

    private Block block() {
        String type = body.typeAhead();
        return switch (type) {
            case "text" -> text();
            case "image", "document" -> media(type);
            case "thinking" -> thinking(false);
            case "redacted_thinking" -> thinking(true);
            case "tool_use" -> toolUse();
            case "tool_result" -> toolResult();
            default -> {
                Raw raw = body.object();
                if (type.isEmpty()) {
                    throw body.missing("type");
                }
                yield new Block.Opaque(type, raw);
            }
        };
    }

    private Block text() {
        String text = null;
        Raw cache = null;
        reader.beginObject();
        int member = reader.nextField(TEXT);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> text = reader.string();
                case 1 -> cache = body.raw();
                default -> other();
            }
            member = reader.nextField(TEXT);
        }
        if (text == null) {
            throw body.missing("text");
        }
        return new Block.Text(text, cache);
    }

    private Block media(String type) {
        boolean image = type.equals("image");
        if (!isKnownSource(body.typeAheadIn(SOURCE_MEMBER), image)) {
            return new Block.Opaque(type, body.object());
        }
        Source source = null;
        Raw cache = null;
        String title = null;
        String context = null;
        boolean citations = false;
        reader.beginObject();
        int member = reader.nextField(MEDIA);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> source = source();
                case 1 -> cache = body.raw();
                case 2 -> title = body.string();
                case 3 -> context = body.string();
                case 4 -> citations = !reader.skipNull() && citations();
                default -> other();
            }
            member = reader.nextField(MEDIA);
        }
        if (source == null) {
            throw body.missing("source");
        }
        return image
                ? new Block.Image(source, null, cache)
                : new Block.Document(source, title, context, citations, cache);
    }

    /** An empty type is known: the vendor demands one, and so does {@link #source}. */
    private static boolean isKnownSource(String type, boolean image) {
        return switch (type) {
            case "", "base64", "url", "file" -> true;
            case "text" -> !image;
            default -> false;
        };
    }

    private Source source() {
        String type = body.typeAhead();
        String mediaType = null;
        String data = null;
        String url = null;
        String file = null;
        reader.beginObject();
        int member = reader.nextField(SOURCE);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 1 -> mediaType = body.string();
                case 2 -> data = body.string();
                case 3 -> url = body.string();
                case 4 -> file = body.string();
                default -> reader.skip();
            }
            member = reader.nextField(SOURCE);
        }
        return switch (type) {
            case "base64" ->
                    new Source.Base64(needed(mediaType, "media_type"), needed(data, "data"));
            case "text" -> new Source.PlainText(needed(data, "data"));
            case "url" -> new Source.Url(needed(url, "url"));
            case "file" -> new Source.FileId(needed(file, "file_id"));
            default -> throw body.missing("type");
        };
    }

    private String needed(@Nullable String value, String name) {
        if (value == null) {
            throw body.missing(name);
        }
        return value;
    }

    private boolean citations() {
        boolean enabled = false;
        reader.beginObject();
        int member = reader.nextField(CITATIONS);
        while (member != JsonReader.END_OBJECT) {
            if (member == 0) {
                enabled = !reader.skipNull() && reader.bool();
            } else {
                reader.skip();
            }
            member = reader.nextField(CITATIONS);
        }
        return enabled;
    }

    private Block thinking(boolean redacted) {
        String text = null;
        String signature = null;
        String data = null;
        reader.beginObject();
        int member = reader.nextField(THINKING);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> text = body.string();
                case 1 -> signature = body.string();
                case 2 -> data = body.string();
                default -> other();
            }
            member = reader.nextField(THINKING);
        }
        return redacted
                ? new Block.RedactedThinking(needed(data, "data"))
                : new Block.Thinking(needed(text, "thinking"), signature == null ? "" : signature);
    }

    private Block toolUse() {
        String id = null;
        String name = null;
        Raw input = null;
        Raw cache = null;
        reader.beginObject();
        int member = reader.nextField(TOOL_USE);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> id = reader.string();
                case 1 -> name = reader.string();
                case 2 -> input = body.object();
                case 3 -> cache = body.raw();
                default -> other();
            }
            member = reader.nextField(TOOL_USE);
        }
        if (input == null) {
            throw body.missing("input");
        }
        return new Block.ToolUse(
                needed(id, "id"), needed(name, "name"), input.toString(), false, cache);
    }

    private Block toolResult() {
        String id = null;
        List<Block> content = List.of();
        boolean error = false;
        Raw cache = null;
        reader.beginObject();
        int member = reader.nextField(TOOL_RESULT);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> id = reader.string();
                case 1 -> content = reader.skipNull() ? content : blocksOrString();
                case 2 -> error = !reader.skipNull() && reader.bool();
                case 3 -> cache = body.raw();
                default -> other();
            }
            member = reader.nextField(TOOL_RESULT);
        }
        return new Block.ToolResult(needed(id, "tool_use_id"), content, error, cache);
    }

    /** What only this vendor knows about a block is told of once, whichever blocks have it. */
    private void other() {
        String name = PREFIX + reader.fieldName();
        if (name.equals(TYPE) || extra.containsKey(name)) {
            reader.skip();
            return;
        }
        Raw said = Lenient.something(reader);
        if (said != null) {
            extra.put(name, said);
        }
    }
}
