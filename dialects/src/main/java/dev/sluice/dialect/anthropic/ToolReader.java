package dev.sluice.dialect.anthropic;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

/** Reads tools and the choice among them. */
final class ToolReader {
    /** Before the names of what is said of tools and has no canonical form. */
    static final String PREFIX = "tools.";

    private static final Names TOOL =
            Names.of("type", "name", "description", "input_schema", "strict", "cache_control");
    private static final Names NAME = Names.of("name");
    private static final Names CHOICE = Names.of("type", "name", "disable_parallel_tool_use");

    private final RequestBody body;
    private final JsonReader reader;
    private final Request.Builder request;

    ToolReader(RequestBody body, Request.Builder request) {
        this.body = body;
        this.request = request;
        reader = body.reader;
    }

    /** Reads the list of tools. */
    void tools() {
        reader.beginArray();
        while (reader.hasNext()) {
            String type = body.typeAhead();
            request.tools.add(type.isEmpty() || type.equals("custom") ? function() : hosted(type));
        }
    }

    private Tool hosted(String type) {
        Raw raw = body.object();
        String name = type;
        JsonReader inner = raw.reader();
        inner.beginObject();
        int member = inner.nextField(NAME);
        while (member != JsonReader.END_OBJECT) {
            if (member == 0 && inner.peek() == JsonReader.Kind.STRING) {
                name = inner.string();
            } else {
                inner.skip();
            }
            member = inner.nextField(NAME);
        }
        return new Tool.Hosted(name, type, raw);
    }

    private Tool function() {
        String name = null;
        String description = null;
        Raw schema = null;
        Boolean strict = null;
        Raw cache = null;
        reader.beginObject();
        int member = reader.nextField(TOOL);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> reader.skip();
                case 1 -> name = reader.string();
                case 2 -> description = body.string();
                case 3 -> schema = body.object();
                case 4 -> strict = reader.skipNull() ? null : Boolean.valueOf(reader.bool());
                case 5 -> cache = body.raw();
                default -> extra();
            }
            member = reader.nextField(TOOL);
        }
        if (name == null) {
            throw body.missing("name");
        }
        if (schema == null) {
            throw body.missing("input_schema");
        }
        return new Tool.Function(name, description, schema, strict, cache);
    }

    /** What only this vendor knows about a tool is told of once, whichever tools have it. */
    private void extra() {
        String name = PREFIX + reader.fieldName();
        if (!reader.skipNull()) {
            request.extra.putIfAbsent(name, reader.raw());
        }
    }

    /** Reads the choice among the tools. */
    void choice() {
        String type = null;
        String name = null;
        reader.beginObject();
        int member = reader.nextField(CHOICE);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> type = type();
                case 1 -> name = body.string();
                case 2 -> parallel();
                default -> reader.skip();
            }
            member = reader.nextField(CHOICE);
        }
        if (type == null) {
            throw body.missing("type");
        }
        if (type.equals("tool") && name == null) {
            throw body.missing("name");
        }
        request.toolChoice =
                switch (type) {
                    case "auto" -> new ToolChoice.Auto();
                    case "any" -> new ToolChoice.Required();
                    case "none" -> new ToolChoice.None();
                    default -> new ToolChoice.Named(name == null ? "" : name);
                };
    }

    private String type() {
        String type = reader.string();
        return switch (type) {
            case "auto", "any", "tool", "none" -> type;
            default -> throw body.wrong("`auto`, `any`, `tool` or `none`");
        };
    }

    private void parallel() {
        if (!reader.skipNull()) {
            request.parallelToolCalls = !reader.bool();
        }
    }
}
