package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes tools and the choice among them. */
final class ToolWriter {
    private static final Names TYPE = Names.of("type");
    private static final Raw NO_ARGUMENTS = Raw.of("{\"type\":\"object\",\"properties\":{}}");
    private static final Raw FREE_TEXT =
            Raw.of(
                    "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},"
                            + "\"required\":[\"input\"]}");

    private final Request request;
    private final boolean own;
    private final Quirks quirks;
    private final LegalNames names;
    private final Warnings warnings;
    private final List<Tool> tools;
    private final Set<String> customTools = new HashSet<>();

    ToolWriter(Request request, boolean own, Quirks quirks, LegalNames names, Warnings warnings) {
        this.request = request;
        this.own = own;
        this.quirks = quirks;
        this.names = names;
        this.warnings = warnings;
        tools = chosen();
    }

    /**
     * The tools that may be called: this wire has no choice among some of many, so the others are
     * not told.
     */
    private List<Tool> chosen() {
        if (!quirks.is(Quirk.TOOL_CHOICE) && request.toolChoice() instanceof ToolChoice.None) {
            return List.of();
        }
        if (!(request.toolChoice() instanceof ToolChoice.Allowed allowed)) {
            return request.tools();
        }
        List<Tool> some = new ArrayList<>(request.tools());
        some.removeIf(tool -> !allowed.names().contains(tool.name()));
        return some;
    }

    /** The client's names of tools that take free text; known when they are written. */
    Set<String> customTools() {
        return customTools;
    }

    /** Whether a call is demanded, with which thinking does not go together. */
    boolean callDemanded() {
        return !tools.isEmpty()
                && switch (request.toolChoice()) {
                    case ToolChoice.Required _, ToolChoice.Named _ -> true;
                    case ToolChoice.Allowed allowed -> allowed.required();
                    case ToolChoice.Auto _, ToolChoice.None _ -> false;
                    case null -> false;
                };
    }

    /** Writes the members {@code tools} and {@code tool_choice}, if there is anything to say. */
    void write(JsonWriter out) {
        if (!tools.isEmpty()) {
            out.name("tools").beginArray();
            for (Tool tool : tools) {
                tool(out, tool);
            }
            out.endArray();
        }
        if (!tools.isEmpty() || own && quirks.is(Quirk.TOOL_CHOICE)) {
            choice(out);
        }
    }

    private void tool(JsonWriter out, Tool tool) {
        switch (tool) {
            case Tool.Function function -> function(out, function);
            case Tool.Custom custom -> custom(out, custom);
            case Tool.Hosted hosted -> {
                if (!own) {
                    throw Failure.unsupported(
                                    "tools",
                                    "tools: `"
                                            + hosted.type()
                                            + "` is run by its vendor and cannot be sent to"
                                            + " another")
                            .asException();
                }
                out.value(hosted.raw());
            }
        }
    }

    private void function(JsonWriter out, Tool.Function function) {
        head(out, function.name(), function.description());
        Raw schema = function.parameters();
        out.name("input_schema");
        if (schema == null) {
            out.value(NO_ARGUMENTS);
        } else if (own) {
            out.value(schema);
        } else {
            schema(out, schema);
        }
        if (function.strict() != null && (own || function.strict())) {
            out.field("strict", function.strict());
        }
        BlockWriter.cache(out, function.cacheControl(), own, warnings);
        out.endObject();
    }

    private void head(JsonWriter out, String name, @Nullable String description) {
        out.beginObject().field("name", own ? name : names.tool(name));
        if (description != null) {
            out.field("description", description);
        }
    }

    /** The schema, which must be one of an object and say so. */
    private void schema(JsonWriter out, Raw schema) {
        if (schema.kind() != JsonReader.Kind.OBJECT) {
            throw Failure.unsupported("tools", "tools: expected a schema that is an object")
                    .asException();
        }
        JsonReader reader = schema.reader();
        reader.beginObject();
        boolean typed = false;
        boolean empty = true;
        int member = reader.nextField(TYPE);
        while (member != JsonReader.END_OBJECT) {
            typed |= member == 0;
            empty = false;
            reader.skip();
            member = reader.nextField(TYPE);
        }
        if (typed) {
            out.value(schema);
        } else if (empty) {
            out.value(NO_ARGUMENTS);
        } else {
            String rest = schema.toString().substring(1);
            out.value(Raw.of("{\"type\":\"object\"," + rest));
        }
    }

    private void custom(JsonWriter out, Tool.Custom custom) {
        customTools.add(custom.name());
        warnings.emulated("custom_tool");
        if (custom.format() != null && !custom.format().toString().contains("\"text\"")) {
            warnings.dropped("format");
        }
        head(out, custom.name(), custom.description());
        out.field("input_schema", FREE_TEXT).endObject();
    }

    private void choice(JsonWriter out) {
        boolean single = Boolean.FALSE.equals(request.parallelToolCalls());
        ToolChoice choice = request.toolChoice();
        if (choice == null && !single) {
            return;
        }
        if (!quirks.is(Quirk.TOOL_CHOICE) && callDemanded()) {
            warnings.dropped("tool_choice");
        }
        out.name("tool_choice").beginObject();
        boolean none = false;
        switch (choice) {
            case null -> out.field("type", "auto");
            case ToolChoice.Auto _ -> out.field("type", "auto");
            case ToolChoice.Required _ -> out.field("type", "any");
            case ToolChoice.Allowed allowed ->
                    out.field("type", allowed.required() ? "any" : "auto");
            case ToolChoice.Named named ->
                    out.field("type", "tool")
                            .field("name", own ? named.name() : names.tool(named.name()));
            case ToolChoice.None _ -> {
                none = true;
                out.field("type", "none");
            }
        }
        if (single && !none) {
            out.field("disable_parallel_tool_use", true);
        }
        out.endObject();
    }
}
