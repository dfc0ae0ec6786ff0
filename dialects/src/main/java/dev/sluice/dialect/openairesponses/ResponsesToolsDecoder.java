package dev.sluice.dialect.openairesponses;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads tools, the choice among them, and the form that the answer must have. */
final class ResponsesToolsDecoder {
    private static final Names TOOL =
            Names.of("name", "description", "parameters", "strict", "format", "server_label");
    private static final Names GRAMMAR = Names.of("type", "syntax", "definition");
    private static final Names ACCESS = Names.of("external_web_access");
    private static final Names NAMESPACE = Names.of("description", "tools");

    /** Prefix, among the other members of a request, of a tool that it can do without. */
    static final String OFFERED = "tools.offered.";

    /** Prefix of what a namespace of tools is for. */
    static final String DESCRIBED = "tools.described.";

    private static final Names CHOICE = Names.of("type", "name", "mode", "tools");
    private static final Names FORMAT = Names.of("type", "name", "description", "schema", "strict");

    private ResponsesToolsDecoder() {}

    /**
     * Reads the tools into the request. A search that may not leave the vendor's own index is an
     * offer that a model can do without, and is kept apart from them.
     */
    static void tools(JsonReader reader, byte[] document, Request.Builder request) {
        List<Tool> into = request.tools;
        reader.beginArray();
        while (reader.hasNext()) {
            if (reader.peek() != Kind.OBJECT) {
                throw reader.error("expected an object, found " + reader.peek().words());
            }
            String type = Lenient.typeOfNext(reader, document);
            switch (type) {
                case "function", "custom" -> into.add(tool(reader, "", type.equals("custom")));
                case "namespace" -> namespace(reader, document, request);
                case "" -> throw reader.error("expected a `type`, such as `function`");
                default -> {
                    Tool.Hosted hosted = hosted(reader, type);
                    if (type.equals("web_search") && staysInside(hosted.raw())) {
                        request.extra.put(OFFERED + type, hosted.raw());
                    } else {
                        into.add(hosted);
                    }
                }
            }
        }
    }

    private static boolean staysInside(Raw tool) {
        JsonReader reader = tool.reader();
        reader.beginObject();
        for (int f = reader.nextField(ACCESS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(ACCESS)) {
            if (f == 0 && reader.peek() == Kind.BOOLEAN) {
                return !reader.bool();
            }
            reader.skip();
        }
        return false;
    }

    private static void namespace(JsonReader reader, byte[] document, Request.Builder request) {
        Raw whole = Lenient.rawAt(document, reader.position());
        String name = hosted(reader, "namespace").name();
        JsonReader inside = whole.reader();
        inside.beginObject();
        for (int f = inside.nextField(NAMESPACE);
                f != JsonReader.END_OBJECT;
                f = inside.nextField(NAMESPACE)) {
            switch (f) {
                case 0 -> request.extra.put(DESCRIBED + name, inside.raw());
                case 1 -> {
                    inside.beginArray();
                    while (inside.hasNext()) {
                        Raw tool = inside.raw();
                        byte[] bytes = tool.toString().getBytes(StandardCharsets.UTF_8);
                        JsonReader own = new JsonReader(bytes);
                        boolean custom = Lenient.typeOfNext(own, bytes).equals("custom");
                        request.tools.add(tool(own, name, custom));
                    }
                }
                default -> inside.skip();
            }
        }
    }

    private static Tool tool(JsonReader reader, String namespace, boolean custom) {
        String name = "";
        String description = null;
        Raw parameters = null;
        Raw format = null;
        Boolean strict = null;
        reader.beginObject();
        for (int f = reader.nextField(TOOL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(TOOL)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> name = reader.string();
                case 1 -> description = reader.string();
                case 2 -> parameters = schema(reader);
                case 3 -> strict = reader.bool();
                case 4 -> format = nested(reader.raw());
                default -> reader.skip();
            }
        }
        if (name.isEmpty()) {
            throw reader.error("expected a `name` of at least one character");
        }
        name = ResponsesNamespace.joined(namespace, name);
        return custom
                ? new Tool.Custom(name, description, format)
                : new Tool.Function(name, description, parameters, strict, null);
    }

    private static Raw schema(JsonReader reader) {
        if (reader.peek() != Kind.OBJECT) {
            throw reader.error("expected a JSON schema, which is an object");
        }
        return reader.raw();
    }

    /**
     * The limit on free text in its canonical form, where what makes a grammar stands in an object
     * of its own.
     */
    private static Raw nested(Raw format) {
        if (format.kind() != Kind.OBJECT) {
            return format;
        }
        String type = "";
        Raw syntax = null;
        Raw definition = null;
        JsonReader reader = format.reader();
        reader.beginObject();
        for (int f = reader.nextField(GRAMMAR);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(GRAMMAR)) {
            switch (f) {
                case 0 -> type = Lenient.text(reader).toString();
                case 1 -> syntax = reader.raw();
                case 2 -> definition = reader.raw();
                default -> reader.skip();
            }
        }
        if (!type.equals("grammar") || syntax == null || definition == null) {
            return format;
        }
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().field("type", type).name("grammar").beginObject();
        json.field("definition", definition).field("syntax", syntax).endObject().endObject();
        return Raw.of(json.out().toString());
    }

    private static Tool.Hosted hosted(JsonReader reader, String type) {
        Raw raw = reader.raw();
        String name = type;
        JsonReader inside = raw.reader();
        inside.beginObject();
        for (int f = inside.nextField(TOOL);
                f != JsonReader.END_OBJECT;
                f = inside.nextField(TOOL)) {
            if ((f == 0 || f == 5) && inside.peek() == Kind.STRING) {
                name = inside.string();
            } else {
                inside.skip();
            }
        }
        return new Tool.Hosted(name, type, raw);
    }

    /** The choice; null for one of a kind that is not known. */
    static @Nullable ToolChoice choice(JsonReader reader) {
        if (reader.peek() == Kind.STRING) {
            return switch (reader.string()) {
                case "none" -> new ToolChoice.None();
                case "auto" -> new ToolChoice.Auto();
                case "required" -> new ToolChoice.Required();
                default -> throw reader.error("expected `none`, `auto`, `required` or an object");
            };
        }
        String type = "";
        String name = "";
        boolean required = false;
        List<String> names = new ArrayList<>();
        reader.beginObject();
        for (int f = reader.nextField(CHOICE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CHOICE)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> type = reader.string();
                case 1 -> name = reader.string();
                case 2 -> required = reader.string().equals("required");
                case 3 -> allowed(reader, names);
                default -> reader.skip();
            }
        }
        return switch (type) {
            case "function", "custom" -> named(reader, name);
            case "allowed_tools" ->
                    names.contains("") ? null : new ToolChoice.Allowed(names, required);
            default -> null;
        };
    }

    private static ToolChoice named(JsonReader reader, String name) {
        if (name.isEmpty()) {
            throw reader.error("expected the `name` of a tool");
        }
        return new ToolChoice.Named(name);
    }

    /** Tools that the vendor runs have no name: they are empty in the list. */
    private static void allowed(JsonReader reader, List<String> names) {
        reader.beginArray();
        while (reader.hasNext()) {
            String name = "";
            reader.beginObject();
            for (int f = reader.nextField(CHOICE);
                    f != JsonReader.END_OBJECT;
                    f = reader.nextField(CHOICE)) {
                if (f == 1) {
                    name = reader.string();
                } else {
                    reader.skip();
                }
            }
            names.add(name);
        }
    }

    /** The form of the answer; null for one of a kind that is not known. */
    static @Nullable ResponseFormat format(JsonReader reader) {
        String type = "";
        String name = "";
        String description = null;
        Raw schema = null;
        Boolean strict = null;
        reader.beginObject();
        for (int f = reader.nextField(FORMAT);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(FORMAT)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> type = reader.string();
                case 1 -> name = reader.string();
                case 2 -> description = reader.string();
                case 3 -> schema = schema(reader);
                case 4 -> strict = reader.bool();
                default -> reader.skip();
            }
        }
        if (type.equals("json_schema") && schema == null) {
            throw reader.error("expected a member `schema`");
        }
        return switch (type) {
            case "text" -> new ResponseFormat.PlainText();
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" ->
                    schema == null
                            ? null
                            : new ResponseFormat.JsonSchema(name, description, schema, strict);
            default -> null;
        };
    }

    /** Refuses a choice of tools that are not there. */
    static void check(Request.Builder request) {
        switch (request.toolChoice) {
            case null -> {}
            case ToolChoice.Auto _, ToolChoice.None _ -> {}
            case ToolChoice.Required _ -> {
                if (request.tools.isEmpty()) {
                    throw Failure.invalid(
                                    "tool_choice",
                                    "tool_choice asks for a tool where `tools` has none")
                            .asException();
                }
            }
            case ToolChoice.Named named -> checkKnown(request.tools, named.name());
            case ToolChoice.Allowed allowed ->
                    allowed.names().forEach(name -> checkKnown(request.tools, name));
        }
    }

    private static void checkKnown(List<Tool> tools, String name) {
        if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw Failure.invalid(
                            "tool_choice",
                            "tool_choice names the tool `"
                                    + Lenient.shortened(name)
                                    + "`, which is not in `tools`")
                    .asException();
        }
    }
}
