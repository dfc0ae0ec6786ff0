package dev.sluice.dialect.bedrock;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

/** Reads {@code toolConfig}: tools, cache points behind them, and the choice among them. */
final class BedrockToolsDecoder {
    private static final Names CONFIG = Names.of("tools", "toolChoice");
    private static final Names TOOL = Names.of("toolSpec", "cachePoint", "systemTool");
    private static final Names SPEC = Names.of("name", "description", "inputSchema", "strict");
    private static final Names SCHEMA = Names.of("json");
    private static final Names CHOICE = Names.of("auto", "any", "tool");
    private static final Names NAME = Names.of("name");

    private final JsonReader reader;
    private final Request.Builder request;

    BedrockToolsDecoder(JsonReader reader, Request.Builder request) {
        this.reader = reader;
        this.request = request;
    }

    void read() {
        reader.beginObject();
        for (int f = reader.nextField(CONFIG);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CONFIG)) {
            if (f < 0) {
                reader.skip();
            } else if (!reader.skipNull()) {
                if (f == 0) {
                    tools();
                } else {
                    choice();
                }
            }
        }
    }

    private void tools() {
        reader.beginArray();
        while (reader.hasNext()) {
            reader.beginObject();
            for (int f = reader.nextField(TOOL);
                    f != JsonReader.END_OBJECT;
                    f = reader.nextField(TOOL)) {
                String name = reader.fieldName();
                if (reader.skipNull()) {
                    continue;
                }
                switch (f) {
                    case 0 -> request.tools.add(function());
                    case 1 -> mark(reader.raw());
                    default -> request.tools.add(hosted(name, reader.raw()));
                }
            }
        }
    }

    private Tool function() {
        String name = "";
        String description = null;
        Raw schema = null;
        Boolean strict = null;
        reader.beginObject();
        for (int f = reader.nextField(SPEC);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(SPEC)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> name = reader.string();
                case 1 -> description = reader.string();
                case 2 -> schema = schema();
                case 3 -> strict = reader.bool();
                default -> reader.skip();
            }
        }
        if (name.isEmpty() || schema == null) {
            String path = reader.error("").path();
            String field = path + (name.isEmpty() ? ".name" : ".inputSchema.json");
            throw Failure.invalid(field, field + " is required").asException();
        }
        return new Tool.Function(name, description, schema, strict, null);
    }

    private @Nullable Raw schema() {
        Raw schema = null;
        reader.beginObject();
        for (int f = reader.nextField(SCHEMA);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(SCHEMA)) {
            if (f != 0) {
                reader.skip();
            } else if (reader.peek() == Kind.OBJECT) {
                schema = reader.raw();
            } else {
                throw reader.error("expected a JSON schema, which is an object");
            }
        }
        return schema;
    }

    /** A cache point behind a tool; in front of all there is nothing to be kept. */
    private void mark(Raw point) {
        if (!request.tools.isEmpty()
                && request.tools.getLast() instanceof Tool.Function function
                && function.cacheControl() == null) {
            request.tools.set(
                    request.tools.size() - 1,
                    new Tool.Function(
                            function.name(),
                            function.description(),
                            function.parameters(),
                            function.strict(),
                            point));
        } else {
            request.tools.add(new Tool.Hosted("cachePoint", "cachePoint", point));
        }
    }

    private static Tool hosted(String type, Raw raw) {
        String name = type;
        if (raw.kind() == Kind.OBJECT) {
            JsonReader inner = raw.reader();
            inner.beginObject();
            for (int f = inner.nextField(NAME);
                    f != JsonReader.END_OBJECT;
                    f = inner.nextField(NAME)) {
                if (f == 0 && inner.peek() == Kind.STRING) {
                    name = inner.string();
                } else {
                    inner.skip();
                }
            }
        }
        return new Tool.Hosted(name, type, raw);
    }

    private void choice() {
        reader.beginObject();
        for (int f = reader.nextField(CHOICE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CHOICE)) {
            if (reader.skipNull()) {
                continue;
            }
            request.toolChoice =
                    switch (f) {
                        case 0 -> skipped(new ToolChoice.Auto());
                        case 1 -> skipped(new ToolChoice.Required());
                        case 2 -> named();
                        default -> throw reader.error("expected `auto`, `any` or `tool`");
                    };
        }
    }

    private ToolChoice skipped(ToolChoice choice) {
        reader.skip();
        return choice;
    }

    private ToolChoice named() {
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
        return new ToolChoice.Named(name);
    }
}
