package dev.sluice.dialect.gemini;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads tools and the choice among them. */
final class GeminiToolsDecoder {
    /** Before the names of what is said of functions and has no canonical form. */
    static final String PREFIX = "functionDeclarations.";

    /** The same of the choice among tools. */
    static final String CONFIG_PREFIX = "toolConfig.";

    private static final ProtoNames TOOL = ProtoNames.of("functionDeclarations");
    private static final ProtoNames FUNCTION =
            ProtoNames.of("name", "description", "parameters", "parametersJsonSchema");
    private static final ProtoNames CONFIG = ProtoNames.of("functionCallingConfig");
    private static final ProtoNames CALLING = ProtoNames.of("mode", "allowedFunctionNames");

    private final JsonReader reader;
    private final Request.Builder request;

    GeminiToolsDecoder(JsonReader reader, Request.Builder request) {
        this.reader = reader;
        this.request = request;
    }

    /** Reads the member {@code tools}. */
    void tools() {
        reader.beginArray();
        while (reader.hasNext()) {
            ProtoObject tool = ProtoObject.enter(reader, TOOL);
            for (int f = tool.next(); f != JsonReader.END_OBJECT; f = tool.next()) {
                if (f == 0) {
                    functions();
                } else {
                    hosted(tool.name(), reader.raw());
                }
            }
        }
    }

    /** A tool that the vendor runs, under its name in an object of its own. */
    private void hosted(String name, Raw settings) {
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().field(name, settings).endObject();
        request.tools.add(new Tool.Hosted(name, name, Raw.of(json.out().toString())));
    }

    private void functions() {
        reader.beginArray();
        while (reader.hasNext()) {
            request.tools.add(function());
        }
    }

    private Tool function() {
        String name = "";
        String description = null;
        Raw parameters = null;
        ProtoObject function = ProtoObject.enter(reader, FUNCTION);
        for (int f = function.next(); f != JsonReader.END_OBJECT; f = function.next()) {
            switch (f) {
                case 0 -> name = reader.string();
                case 1 -> description = reader.string();
                case 2 -> parameters = GeminiSchema.toJsonSchema(schema());
                case 3 -> parameters = schema();
                default -> request.extra.put(PREFIX + function.name(), reader.raw());
            }
        }
        if (name.isEmpty()) {
            throw reader.error("expected the `name` of a function");
        }
        return new Tool.Function(name, description, parameters, null, null);
    }

    private Raw schema() {
        if (reader.peek() != Kind.OBJECT) {
            throw reader.error("expected a schema, which is an object");
        }
        return reader.raw();
    }

    /** Reads the member {@code toolConfig}. */
    void config() {
        ProtoObject config = ProtoObject.enter(reader, CONFIG);
        for (int f = config.next(); f != JsonReader.END_OBJECT; f = config.next()) {
            if (f == 0) {
                calling();
            } else {
                request.extra.put(CONFIG_PREFIX + config.name(), reader.raw());
            }
        }
    }

    private void calling() {
        String mode = "";
        List<String> names = new ArrayList<>();
        ProtoObject calling = ProtoObject.enter(reader, CALLING);
        for (int f = calling.next(); f != JsonReader.END_OBJECT; f = calling.next()) {
            switch (f) {
                case 0 -> mode = reader.string();
                case 1 -> {
                    reader.beginArray();
                    while (reader.hasNext()) {
                        names.add(reader.string());
                    }
                }
                default ->
                        request.extra.put(
                                CONFIG_PREFIX + "functionCallingConfig." + calling.name(),
                                reader.raw());
            }
        }
        request.toolChoice = choice(mode, names);
    }

    private @Nullable ToolChoice choice(String mode, List<String> names) {
        return switch (mode) {
            case "", "MODE_UNSPECIFIED" -> null;
            case "AUTO" -> new ToolChoice.Auto();
            case "NONE" -> new ToolChoice.None();
            case "ANY" ->
                    switch (names.size()) {
                        case 0 -> new ToolChoice.Required();
                        case 1 -> new ToolChoice.Named(names.getFirst());
                        default -> new ToolChoice.Allowed(names, true);
                    };
            case "VALIDATED" ->
                    names.isEmpty() ? new ToolChoice.Auto() : new ToolChoice.Allowed(names, false);
            default -> throw reader.error("expected a mode of `AUTO`, `ANY`, `NONE`, `VALIDATED`");
        };
    }
}
