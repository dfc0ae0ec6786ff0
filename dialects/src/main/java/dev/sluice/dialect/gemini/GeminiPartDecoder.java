package dev.sluice.dialect.gemini;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Source;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads one part of a content. A part of a kind that has no canonical form is kept as it is. */
final class GeminiPartDecoder {
    /** Before the names of what is said of parts and has no canonical form. */
    static final String PREFIX = "parts.";

    private static final ProtoNames PART =
            ProtoNames.of(
                    "text",
                    "thought",
                    "thoughtSignature",
                    "functionCall",
                    "functionResponse",
                    "inlineData",
                    "fileData",
                    "mediaResolution",
                    "partMetadata");
    private static final ProtoNames CALL = ProtoNames.of("id", "name", "args");
    private static final ProtoNames RESPONSE = ProtoNames.of("id", "name", "response", "parts");
    private static final ProtoNames DATA = ProtoNames.of("mimeType", "data", "displayName");
    private static final ProtoNames FILE = ProtoNames.of("mimeType", "fileUri", "displayName");

    /** What a function answered. */
    record Response(String id, String name, List<Block> content, boolean isError) {}

    private final JsonReader reader;
    private final byte[] document;
    private final Request.Builder request;

    private String text = "";
    private boolean thought;
    private String signature = "";
    private @Nullable Response response;
    private final List<Block> blocks = new ArrayList<>();
    private String opaque = "";

    GeminiPartDecoder(JsonReader reader, byte[] document, Request.Builder request) {
        this.reader = reader;
        this.document = document;
        this.request = request;
    }

    /** Reads the part that is next. */
    void read() {
        int position = reader.position();
        reset();
        ProtoObject part = ProtoObject.enter(reader, PART);
        boolean spoken = false;
        for (int f = part.next(); f != JsonReader.END_OBJECT; f = part.next()) {
            switch (f) {
                case 0 -> {
                    spoken = true;
                    text = reader.string();
                }
                case 1 -> thought = reader.bool();
                case 2 -> signature = reader.string();
                case 3 -> blocks.add(call());
                case 4 -> response = answer();
                case 5 -> blocks.addAll(inline());
                case 6 -> blocks.addAll(file());
                case 7, 8 -> request.extra.put(PREFIX + part.name(), reader.raw());
                default -> {
                    opaque = part.name();
                    reader.skip();
                }
            }
        }
        if (!opaque.isEmpty()) {
            blocks.clear();
            signature = "";
            blocks.add(new Block.Opaque(opaque, Lenient.rawAt(document, position)));
        } else if (spoken) {
            blocks.add(new Block.Text(text));
        }
    }

    private void reset() {
        text = "";
        thought = false;
        signature = "";
        response = null;
        blocks.clear();
        opaque = "";
    }

    private Block call() {
        String id = "";
        String name = "";
        String arguments = "";
        ProtoObject call = ProtoObject.enter(reader, CALL);
        for (int f = call.next(); f != JsonReader.END_OBJECT; f = call.next()) {
            switch (f) {
                case 0 -> id = reader.string();
                case 1 -> name = reader.string();
                case 2 -> {
                    if (reader.peek() != Kind.OBJECT) {
                        throw reader.error("expected the arguments of the call, an object");
                    }
                    arguments = reader.raw().toString();
                }
                default -> reader.skip();
            }
        }
        if (name.isEmpty()) {
            throw reader.error("expected the `name` of a function");
        }
        return new Block.ToolUse(id, name, arguments, false, null);
    }

    private Response answer() {
        String id = "";
        String name = "";
        Raw value = null;
        List<Block> more = new ArrayList<>();
        ProtoObject members = ProtoObject.enter(reader, RESPONSE);
        for (int f = members.next(); f != JsonReader.END_OBJECT; f = members.next()) {
            switch (f) {
                case 0 -> id = reader.string();
                case 1 -> name = reader.string();
                case 2 -> {
                    if (reader.peek() != Kind.OBJECT) {
                        throw reader.error("expected the response, an object");
                    }
                    value = reader.raw();
                }
                case 3 -> media(more);
                default ->
                        request.extra.put(
                                PREFIX + "functionResponse." + members.name(), reader.raw());
            }
        }
        if (name.isEmpty() && id.isEmpty()) {
            throw reader.error("expected the `name` of a function");
        }
        GeminiResults.Read read = GeminiResults.read(value);
        more.addFirst(new Block.Text(read.text()));
        return new Response(id, name, more, read.isError());
    }

    private void media(List<Block> more) {
        reader.beginArray();
        while (reader.hasNext()) {
            ProtoObject part = ProtoObject.enter(reader, PART);
            for (int f = part.next(); f != JsonReader.END_OBJECT; f = part.next()) {
                switch (f) {
                    case 5 -> more.addAll(inline());
                    case 6 -> more.addAll(file());
                    default -> reader.skip();
                }
            }
        }
    }

    private List<Block> inline() {
        String type = "";
        String data = "";
        String name = null;
        ProtoObject members = ProtoObject.enter(reader, DATA);
        for (int f = members.next(); f != JsonReader.END_OBJECT; f = members.next()) {
            switch (f) {
                case 0 -> type = reader.string();
                case 1 -> data = GeminiSeal.plain(reader.string());
                case 2 -> name = reader.string();
                default -> reader.skip();
            }
        }
        if (type.isEmpty()) {
            throw reader.error("expected a `mimeType`");
        }
        Source source = new Source.Base64(type, data);
        return switch (type) {
            case String t when t.startsWith("image/") ->
                    List.of(new Block.Image(source, null, null));
            case "audio/wav", "audio/x-wav" -> List.of(new Block.Audio(data, "wav"));
            case "audio/mp3", "audio/mpeg" -> List.of(new Block.Audio(data, "mp3"));
            case String t when t.startsWith("audio/") || t.startsWith("video/") ->
                    own("inlineData");
            default -> List.of(new Block.Document(source, name, null, false, null));
        };
    }

    private List<Block> file() {
        String type = "";
        String uri = "";
        String name = null;
        ProtoObject members = ProtoObject.enter(reader, FILE);
        for (int f = members.next(); f != JsonReader.END_OBJECT; f = members.next()) {
            switch (f) {
                case 0 -> type = reader.string();
                case 1 -> uri = reader.string();
                case 2 -> name = reader.string();
                default -> reader.skip();
            }
        }
        if (uri.isEmpty()) {
            throw reader.error("expected a `fileUri`");
        }
        if (!isPublic(uri) || type.startsWith("video/") || type.startsWith("audio/")) {
            return own("fileData");
        }
        Source source = new Source.Url(uri);
        return type.startsWith("image/")
                ? List.of(new Block.Image(source, null, null))
                : List.of(new Block.Document(source, name, null, false, null));
    }

    /** Whether others than the vendor can fetch the file, and know what it is. */
    private static boolean isPublic(String uri) {
        return uri.startsWith("https://")
                && !uri.startsWith("https://generativelanguage.googleapis.com/")
                && !uri.startsWith("https://www.youtube.com/")
                && !uri.startsWith("https://youtu.be/");
    }

    /** The part shall be kept as it is. */
    private List<Block> own(String kind) {
        opaque = kind;
        return List.of();
    }

    /** The text; empty if the part is something else. */
    String text() {
        return text;
    }

    /** Whether the part is a thought. */
    boolean isThought() {
        return thought && blocks.size() == 1 && blocks.getFirst() instanceof Block.Text;
    }

    /** The seal on the part, empty if there is none. */
    String signature() {
        return signature;
    }

    /** What a function answered, if the part says that. */
    @Nullable Response response() {
        return response;
    }

    /** The part in canonical form. */
    List<Block> blocks() {
        return List.copyOf(blocks);
    }
}
