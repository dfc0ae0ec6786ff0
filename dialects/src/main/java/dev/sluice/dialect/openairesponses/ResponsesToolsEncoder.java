package dev.sluice.dialect.openairesponses;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.StrictSchema;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Writes tools, the choice among them, and the form that the answer must have. */
final class ResponsesToolsEncoder {
    private static final Names FORMAT = Names.of("type", "grammar");
    private static final Names NONE = Names.of();
    private static final Raw NO_PARAMETERS = Raw.of("{\"type\":\"object\",\"properties\":{}}");

    private final Outgoing outgoing;
    private final Request request;
    private List<Tool> tools;
    private @Nullable ToolChoice choice;

    ResponsesToolsEncoder(Outgoing outgoing) {
        this.outgoing = outgoing;
        this.request = outgoing.request();
        this.tools = request.tools();
        this.choice = request.toolChoice();
    }

    /** Decides what is written; comes before the messages are written. */
    void plan() {
        for (int i = 0; i < tools.size(); i++) {
            check(tools.get(i), i);
        }
        if (!outgoing.is(Quirk.TOOL_CHOICE)) {
            chooseByTools();
        } else if (choice instanceof ToolChoice.Allowed allowed
                && !outgoing.is(Quirk.CUSTOM_TOOLS)) {
            keepOnly(allowed.names());
            choice = allowed.required() ? new ToolChoice.Required() : new ToolChoice.Auto();
            outgoing.emulated("tool_choice");
        }
    }

    private void check(Tool tool, int index) {
        switch (tool) {
            case Tool.Function function -> {
                if (function.cacheControl() != null) {
                    outgoing.dropped("cache_control");
                }
            }
            case Tool.Custom custom -> {
                if (!outgoing.is(Quirk.CUSTOM_TOOLS)) {
                    outgoing.emulateCustom(custom.name());
                }
            }
            case Tool.Hosted hosted -> {
                if (!outgoing.sameDialect()) {
                    throw Outgoing.refused(
                            "tools[" + index + "]",
                            "the tool `"
                                    + Lenient.shortened(hosted.name())
                                    + "` is run by another vendor (type `"
                                    + Lenient.shortened(hosted.type())
                                    + "`) and does not exist at this upstream");
                }
            }
        }
    }

    /** A server that does not act on the choice is told by the tools that it gets. */
    private void chooseByTools() {
        switch (choice) {
            case null -> {}
            case ToolChoice.Auto _ -> {}
            case ToolChoice.None _ -> {
                tools = List.of();
                outgoing.emulated("tool_choice");
            }
            case ToolChoice.Required _ -> {
                outgoing.instruct("You must call at least one of the tools in your answer.");
                outgoing.emulated("tool_choice");
            }
            case ToolChoice.Named named -> {
                keepOnly(List.of(named.name()));
                outgoing.instruct(
                        "You must call the tool `"
                                + outgoing.toolName(named.name())
                                + "` in your answer.");
                outgoing.emulated("tool_choice");
            }
            case ToolChoice.Allowed allowed -> {
                keepOnly(allowed.names());
                outgoing.emulated("tool_choice");
            }
        }
        choice = null;
    }

    private void keepOnly(List<String> names) {
        tools = tools.stream().filter(tool -> names.contains(tool.name())).toList();
    }

    /** Writes {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}. */
    void write(JsonWriter json) {
        if (!tools.isEmpty() || hasOffers()) {
            json.name("tools").beginArray();
            tools(json);
            json.endArray();
            if (choice != null) {
                json.name("tool_choice");
                choice(json, choice, this::isCustom, outgoing::toolName);
            }
        }
        Boolean parallel = request.parallelToolCalls();
        if (parallel != null && outgoing.is(Quirk.PARALLEL_TOOL_CALLS)) {
            json.field("parallel_tool_calls", parallel);
        } else if (parallel != null && !parallel) {
            outgoing.dropped("parallel_tool_calls");
        }
    }

    private boolean hasOffers() {
        return outgoing.sameDialect()
                && request.extra().keySet().stream()
                        .anyMatch(name -> name.startsWith(ResponsesToolsDecoder.OFFERED));
    }

    /** Tools of a namespace that follow each other stand in it. */
    private void tools(JsonWriter json) {
        String namespace = "";
        for (Tool tool : tools) {
            String own = outgoing.sameDialect() ? ResponsesNamespace.of(tool.name()) : "";
            if (!own.equals(namespace)) {
                endNamespace(json, namespace);
                namespace = own;
                beginNamespace(json, namespace);
            }
            tool(json, tool);
        }
        endNamespace(json, namespace);
        if (outgoing.sameDialect()) {
            request.extra()
                    .forEach(
                            (name, raw) -> {
                                if (name.startsWith(ResponsesToolsDecoder.OFFERED)) {
                                    json.value(raw);
                                }
                            });
        }
    }

    private void beginNamespace(JsonWriter json, String namespace) {
        if (namespace.isEmpty()) {
            return;
        }
        json.beginObject().field("type", "namespace").field("name", namespace);
        Raw description = request.extra().get(ResponsesToolsDecoder.DESCRIBED + namespace);
        if (description != null) {
            json.field("description", description);
        }
        json.name("tools").beginArray();
    }

    private static void endNamespace(JsonWriter json, String namespace) {
        if (!namespace.isEmpty()) {
            json.endArray().endObject();
        }
    }

    /** The name of a tool where it stands. */
    private String name(Tool tool) {
        return outgoing.sameDialect()
                ? ResponsesNamespace.nameIn(tool.name())
                : outgoing.toolName(tool.name());
    }

    private boolean isCustom(String name) {
        return !outgoing.emulatesCustom(name) && isCustom(request.tools(), name);
    }

    /** Whether the tool called {@code name} takes free text. */
    static boolean isCustom(List<Tool> tools, String name) {
        return tools.stream().anyMatch(t -> t instanceof Tool.Custom && t.name().equals(name));
    }

    private void tool(JsonWriter json, Tool tool) {
        switch (tool) {
            case Tool.Function function -> function(json, function);
            case Tool.Custom custom -> custom(json, custom);
            case Tool.Hosted hosted -> json.value(hosted.raw());
        }
    }

    private void function(JsonWriter json, Tool.Function function) {
        boolean same = outgoing.sameDialect();
        json.beginObject().field("type", "function");
        json.field("name", name(function));
        if (function.description() != null) {
            json.field("description", function.description());
        }
        Raw parameters = function.parameters();
        if (parameters != null || !same) {
            json.field("parameters", parameters == null ? NO_PARAMETERS : parameters);
        }
        Boolean strict = function.strict();
        if (same && strict != null) {
            json.field("strict", strict);
        } else if (!same) {
            // Left out it means true here, and a schema of another form would be refused.
            boolean wanted = Boolean.TRUE.equals(strict);
            boolean fit = parameters != null && StrictSchema.isStrict(parameters);
            json.field("strict", wanted && fit);
            if (wanted && !fit) {
                outgoing.dropped("tools.strict");
            }
        }
        json.endObject();
    }

    private void custom(JsonWriter json, Tool.Custom custom) {
        boolean emulated = outgoing.emulatesCustom(custom.name());
        json.beginObject().field("type", emulated ? "function" : "custom");
        json.field("name", name(custom));
        if (custom.description() != null) {
            json.field("description", custom.description());
        }
        if (emulated) {
            json.field("parameters", Outgoing.CUSTOM_PARAMETERS);
            json.field("strict", true);
        } else if (custom.format() != null) {
            json.name("format");
            flat(json, custom.format());
        }
        json.endObject();
    }

    /** The limit on free text as it is on this wire, without an object around what makes it. */
    private static void flat(JsonWriter json, Raw format) {
        if (format.kind() != Kind.OBJECT) {
            json.value(format);
            return;
        }
        JsonReader reader = format.reader();
        json.beginObject();
        reader.beginObject();
        for (int f = reader.nextField(FORMAT);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(FORMAT)) {
            if (f == 1 && reader.peek() == Kind.OBJECT) {
                reader.beginObject();
                while (reader.nextField(NONE) != JsonReader.END_OBJECT) {
                    json.field(reader.fieldName(), reader.raw());
                }
            } else {
                json.field(reader.fieldName(), reader.raw());
            }
        }
        json.endObject();
    }

    /**
     * Writes a choice.
     *
     * @param custom whether the tool of a name takes free text
     * @param names the name on the wire of a tool
     */
    static void choice(
            JsonWriter json,
            ToolChoice choice,
            java.util.function.Predicate<String> custom,
            java.util.function.UnaryOperator<String> names) {
        switch (choice) {
            case ToolChoice.Auto _ -> json.value("auto");
            case ToolChoice.None _ -> json.value("none");
            case ToolChoice.Required _ -> json.value("required");
            case ToolChoice.Named named ->
                    reference(json, names.apply(named.name()), custom.test(named.name()));
            case ToolChoice.Allowed allowed -> {
                json.beginObject().field("type", "allowed_tools");
                json.field("mode", allowed.required() ? "required" : "auto");
                json.name("tools").beginArray();
                allowed.names()
                        .forEach(name -> reference(json, names.apply(name), custom.test(name)));
                json.endArray().endObject();
            }
        }
    }

    private static void reference(JsonWriter json, String name, boolean custom) {
        json.beginObject().field("type", custom ? "custom" : "function");
        json.field("name", name).endObject();
    }

    /** Writes the member {@code format}; {@code same} is whether it was said in this dialect. */
    static void format(JsonWriter json, @Nullable ResponseFormat format, boolean same) {
        switch (format) {
            case null -> {}
            case ResponseFormat.PlainText _ -> type(json, "text").endObject();
            case ResponseFormat.JsonObject _ -> type(json, "json_object").endObject();
            case ResponseFormat.JsonSchema schema -> {
                type(json, "json_schema");
                schema(json, schema, same);
                json.endObject();
            }
        }
    }

    private static JsonWriter type(JsonWriter json, String type) {
        return json.name("format").beginObject().field("type", type);
    }

    private static void schema(JsonWriter json, ResponseFormat.JsonSchema schema, boolean same) {
        json.field("name", same ? schema.name() : Outgoing.schemaName(schema.name()));
        if (schema.description() != null) {
            json.field("description", schema.description());
        }
        json.field("schema", schema.schema());
        Boolean strict = schema.strict();
        if (!same) {
            boolean wanted = strict == null || strict;
            json.field("strict", wanted && StrictSchema.isStrict(schema.schema()));
        } else if (strict != null) {
            json.field("strict", strict);
        }
    }
}
