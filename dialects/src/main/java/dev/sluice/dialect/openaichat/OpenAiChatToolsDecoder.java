package dev.sluice.dialect.openaichat;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads tools, the choice among them, the deprecated functions, and the form that the answer must
 * have.
 */
final class OpenAiChatToolsDecoder {
    private static final Names TOOL = Names.of("type", "function", "custom");
    private static final Names FUNCTION = Names.of("name", "description", "parameters", "strict");
    private static final Names CUSTOM = Names.of("name", "description", "format");
    private static final Names CHOICE = Names.of("type", "function", "custom", "allowed_tools");
    private static final Names NAME = Names.of("name");
    private static final Names ALLOWED = Names.of("mode", "tools");
    private static final Names FORMAT = Names.of("type", "json_schema", "schema");
    private static final Names SCHEMA = Names.of("name", "description", "schema", "strict");

    private OpenAiChatToolsDecoder() {}

    static void tools(JsonReader reader, byte[] document, List<Tool> into) {
        reader.beginArray();
        while (reader.hasNext()) {
            if (reader.peek() != Kind.OBJECT) {
                throw reader.error("expected an object, found " + reader.peek().words());
            }
            String type = Lenient.typeOfNext(reader, document);
            switch (type) {
                case "function", "custom" -> into.add(tool(reader, type));
                case "" -> throw reader.error("expected a `type`, such as `function`");
                default -> into.add(hosted(reader, type));
            }
        }
    }

    private static Tool tool(JsonReader reader, String type) {
        Tool tool = null;
        reader.beginObject();
        for (int f = reader.nextField(TOOL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(TOOL)) {
            if (f == 1 && type.equals("function")) {
                tool = function(reader);
            } else if (f == 2 && type.equals("custom")) {
                tool = custom(reader);
            } else {
                reader.skip();
            }
        }
        if (tool == null) {
            throw reader.error("expected a member `" + type + "`");
        }
        return tool;
    }

    private static Tool.Function function(JsonReader reader) {
        String name = "";
        String description = null;
        Raw parameters = null;
        Boolean strict = null;
        reader.beginObject();
        for (int f = reader.nextField(FUNCTION);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(FUNCTION)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> name = reader.string();
                case 1 -> description = reader.string();
                case 2 -> parameters = schema(reader);
                case 3 -> strict = reader.bool();
                default -> reader.skip();
            }
        }
        if (name.isEmpty()) {
            throw reader.error("expected a `name` of at least one character");
        }
        return new Tool.Function(name, description, parameters, strict, null);
    }

    private static Raw schema(JsonReader reader) {
        if (reader.peek() != Kind.OBJECT) {
            throw reader.error("expected a JSON schema, which is an object");
        }
        return reader.raw();
    }

    private static Tool.Custom custom(JsonReader reader) {
        String name = "";
        String description = null;
        Raw format = null;
        reader.beginObject();
        for (int f = reader.nextField(CUSTOM);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CUSTOM)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> name = reader.string();
                case 1 -> description = reader.string();
                case 2 -> format = reader.raw();
                default -> reader.skip();
            }
        }
        if (name.isEmpty()) {
            throw reader.error("expected a `name` of at least one character");
        }
        return new Tool.Custom(name, description, format);
    }

    private static Tool.Hosted hosted(JsonReader reader, String type) {
        Raw raw = reader.raw();
        String name = type;
        JsonReader inside = raw.reader();
        inside.beginObject();
        for (int f = inside.nextField(NAME);
                f != JsonReader.END_OBJECT;
                f = inside.nextField(NAME)) {
            if (f == 0 && inside.peek() == Kind.STRING) {
                name = inside.string();
            } else {
                inside.skip();
            }
        }
        return new Tool.Hosted(name, type, raw);
    }

    /** The deprecated {@code functions}. */
    static void functions(JsonReader reader, List<Tool> into) {
        reader.beginArray();
        while (reader.hasNext()) {
            into.add(function(reader));
        }
    }

    /** The deprecated {@code function_call}. */
    static ToolChoice functionCall(JsonReader reader) {
        if (reader.peek() == Kind.OBJECT) {
            return new ToolChoice.Named(name(reader));
        }
        return switch (reader.string()) {
            case "none" -> new ToolChoice.None();
            case "auto" -> new ToolChoice.Auto();
            default -> throw reader.error("expected `none`, `auto` or an object with a `name`");
        };
    }

    /** The choice; null for one of a kind that is not known. */
    static @Nullable ToolChoice toolChoice(JsonReader reader) {
        if (reader.peek() == Kind.STRING) {
            return switch (reader.string()) {
                case "none" -> new ToolChoice.None();
                case "auto" -> new ToolChoice.Auto();
                case "required" -> new ToolChoice.Required();
                default -> throw reader.error("expected `none`, `auto`, `required` or an object");
            };
        }
        ToolChoice choice = null;
        reader.beginObject();
        for (int f = reader.nextField(CHOICE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CHOICE)) {
            switch (f) {
                case 1, 2 -> choice = new ToolChoice.Named(name(reader));
                case 3 -> choice = allowed(reader);
                default -> reader.skip();
            }
        }
        return choice;
    }

    private static String name(JsonReader reader) {
        String name = "";
        reader.beginObject();
        for (int f = reader.nextField(NAME);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(NAME)) {
            if (f == 0) {
                name = reader.string();
            } else {
                reader.skip();
            }
        }
        if (name.isEmpty()) {
            throw reader.error("expected the `name` of a tool");
        }
        return name;
    }

    private static ToolChoice.Allowed allowed(JsonReader reader) {
        List<String> names = new ArrayList<>();
        boolean required = false;
        reader.beginObject();
        for (int f = reader.nextField(ALLOWED);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(ALLOWED)) {
            switch (f) {
                case 0 -> required = reader.string().equals("required");
                case 1 -> {
                    reader.beginArray();
                    while (reader.hasNext()) {
                        allowedTool(reader, names);
                    }
                }
                default -> reader.skip();
            }
        }
        return new ToolChoice.Allowed(names, required);
    }

    private static void allowedTool(JsonReader reader, List<String> names) {
        reader.beginObject();
        for (int f = reader.nextField(TOOL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(TOOL)) {
            if (f == 1 || f == 2) {
                names.add(name(reader));
            } else {
                reader.skip();
            }
        }
    }

    /** The form of the answer; null for one of a kind that is not known. */
    static @Nullable ResponseFormat responseFormat(JsonReader reader) {
        String type = "";
        ResponseFormat.JsonSchema schema = null;
        Raw bare = null;
        reader.beginObject();
        for (int f = reader.nextField(FORMAT);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(FORMAT)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> type = reader.string();
                case 1 -> schema = jsonSchema(reader);
                // llama.cpp takes a schema beside the type.
                case 2 -> bare = schema(reader);
                default -> reader.skip();
            }
        }
        if (schema == null && bare != null) {
            schema = new ResponseFormat.JsonSchema("", null, bare, null);
        }
        if (type.equals("json_schema") && schema == null) {
            throw reader.error("expected a member `json_schema`");
        }
        return switch (type) {
            case "text" -> new ResponseFormat.PlainText();
            case "json_object" -> schema == null ? new ResponseFormat.JsonObject() : schema;
            case "json_schema" -> schema;
            default -> null;
        };
    }

    private static ResponseFormat.JsonSchema jsonSchema(JsonReader reader) {
        String name = "";
        String description = null;
        Raw schema = null;
        Boolean strict = null;
        reader.beginObject();
        for (int f = reader.nextField(SCHEMA);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(SCHEMA)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> name = reader.string();
                case 1 -> description = reader.string();
                case 2 -> schema = schema(reader);
                case 3 -> strict = reader.bool();
                default -> reader.skip();
            }
        }
        if (schema == null) {
            throw reader.error("expected a member `schema`");
        }
        return new ResponseFormat.JsonSchema(name, description, schema, strict);
    }
}
