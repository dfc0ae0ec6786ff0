package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.InWords;
import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.StrictSchema;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Writes tools, the choice among them, and the form that the answer must have. What a server does
 * not act on is done by what it does: tools are left out, or the model is told by a sentence.
 */
final class OpenAiChatToolsEncoder {
    private final Outgoing outgoing;
    private final Request request;
    private List<Tool> tools;
    private @Nullable ToolChoice choice;

    OpenAiChatToolsEncoder(Outgoing outgoing) {
        this.outgoing = outgoing;
        this.request = outgoing.request();
        this.tools = request.tools();
        this.choice = request.toolChoice();
    }

    /**
     * Decides what is written and what is told to the model instead; comes before the messages are
     * written.
     */
    void plan() {
        for (int i = 0; i < tools.size(); i++) {
            check(tools.get(i), i);
        }
        if (choice instanceof ToolChoice.Allowed allowed
                && !(outgoing.is(Quirk.TOOL_CHOICE) && outgoing.is(Quirk.CUSTOM_TOOLS))) {
            keepOnly(allowed.names());
            choice = allowed.required() ? new ToolChoice.Required() : new ToolChoice.Auto();
            outgoing.emulated("tool_choice");
        }
        if (!outgoing.is(Quirk.TOOL_CHOICE)) {
            chooseByWords();
        } else if (choice instanceof ToolChoice.Named named
                && !outgoing.is(Quirk.NAMED_TOOL_CHOICE)) {
            keepOnly(List.of(named.name()));
            choice = new ToolChoice.Required();
            outgoing.emulated("tool_choice");
        }
        if (!outgoing.is(Quirk.RESPONSE_FORMAT)) {
            outgoing.instructFormat();
        }
    }

    private void check(Tool tool, int index) {
        switch (tool) {
            case Tool.Function function -> {
                if (function.cacheControl() != null && !outgoing.sameDialect()) {
                    outgoing.dropped("cache_control");
                }
            }
            case Tool.Custom custom -> {
                if (!outgoing.is(Quirk.CUSTOM_TOOLS)) {
                    outgoing.emulateCustom(custom.name());
                }
            }
            case Tool.Hosted hosted -> {
                if (!outgoing.sameDialect() || !outgoing.is(Quirk.UNKNOWN_PARAMETERS)) {
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

    private void keepOnly(List<String> names) {
        tools = tools.stream().filter(tool -> names.contains(tool.name())).toList();
    }

    private void chooseByWords() {
        switch (choice) {
            case null -> {}
            case ToolChoice.Auto _, ToolChoice.Allowed _ -> {}
            case ToolChoice.None _ -> {
                tools = List.of();
                outgoing.emulated("tool_choice");
            }
            case ToolChoice.Required _ -> {
                outgoing.instruct(InWords.callSome());
                outgoing.emulated("tool_choice");
            }
            case ToolChoice.Named named -> {
                keepOnly(List.of(named.name()));
                outgoing.instruct(InWords.call(outgoing.toolName(named.name())));
                outgoing.emulated("tool_choice");
            }
        }
        choice = null;
    }

    /** Writes {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}. */
    void write(JsonWriter json) {
        if (tools.isEmpty()) {
            return;
        }
        json.name("tools").beginArray();
        tools.forEach(tool -> tool(json, tool));
        json.endArray();
        choice(json);
        Boolean parallel = request.parallelToolCalls();
        if (parallel != null && outgoing.is(Quirk.PARALLEL_TOOL_CALLS)) {
            json.field("parallel_tool_calls", parallel);
        } else if (parallel != null && !parallel) {
            outgoing.dropped("parallel_tool_calls");
        }
    }

    private void tool(JsonWriter json, Tool tool) {
        switch (tool) {
            case Tool.Function function -> function(json, function);
            case Tool.Custom custom -> custom(json, custom);
            case Tool.Hosted hosted -> json.value(hosted.raw());
        }
    }

    private void function(JsonWriter json, Tool.Function function) {
        json.beginObject().field("type", "function").name("function").beginObject();
        json.field("name", outgoing.toolName(function.name()));
        String description = function.description();
        if (description != null) {
            json.field("description", description);
        }
        Raw parameters = function.parameters();
        if (parameters != null) {
            json.field("parameters", parameters);
        }
        Boolean strict = function.strict();
        if (strict != null) {
            if (outgoing.sameDialect()
                    || !strict
                    || parameters != null && StrictSchema.isStrict(parameters)) {
                json.field("strict", strict);
            } else {
                outgoing.dropped("tools.strict");
            }
        }
        json.endObject().endObject();
    }

    private void custom(JsonWriter json, Tool.Custom custom) {
        boolean emulated = outgoing.emulatesCustom(custom.name());
        String kind = emulated ? "function" : "custom";
        json.beginObject().field("type", kind).name(kind).beginObject();
        json.field("name", outgoing.toolName(custom.name()));
        String description = custom.description();
        if (description != null) {
            json.field("description", description);
        }
        Raw format = custom.format();
        if (emulated) {
            json.field("parameters", Outgoing.CUSTOM_PARAMETERS);
        } else if (format != null) {
            json.field("format", format);
        }
        json.endObject().endObject();
    }

    private void choice(JsonWriter json) {
        switch (choice) {
            case null -> {}
            case ToolChoice.Auto _ -> json.field("tool_choice", "auto");
            case ToolChoice.None _ -> json.field("tool_choice", "none");
            case ToolChoice.Required _ -> json.field("tool_choice", "required");
            case ToolChoice.Named named -> {
                json.name("tool_choice");
                reference(json, named.name());
            }
            case ToolChoice.Allowed allowed -> {
                json.name("tool_choice").beginObject().field("type", "allowed_tools");
                json.name("allowed_tools").beginObject();
                json.field("mode", allowed.required() ? "required" : "auto");
                json.name("tools").beginArray();
                allowed.names().forEach(name -> reference(json, name));
                json.endArray().endObject().endObject();
            }
        }
    }

    private void reference(JsonWriter json, String name) {
        boolean custom =
                !outgoing.emulatesCustom(name)
                        && tools.stream()
                                .anyMatch(t -> t instanceof Tool.Custom && t.name().equals(name));
        String kind = custom ? "custom" : "function";
        json.beginObject().field("type", kind).name(kind).beginObject();
        json.field("name", outgoing.toolName(name)).endObject().endObject();
    }

    /** Writes {@code response_format}, if the upstream acts on it. */
    void writeFormat(JsonWriter json) {
        if (!outgoing.is(Quirk.RESPONSE_FORMAT)) {
            return;
        }
        switch (request.responseFormat()) {
            case null -> {}
            case ResponseFormat.PlainText _ -> format(json, "text").endObject();
            case ResponseFormat.JsonObject _ -> format(json, "json_object").endObject();
            case ResponseFormat.JsonSchema schema -> {
                format(json, "json_schema").name("json_schema").beginObject();
                schema(json, schema);
                json.endObject().endObject();
            }
        }
    }

    private static JsonWriter format(JsonWriter json, String type) {
        return json.name("response_format").beginObject().field("type", type);
    }

    private void schema(JsonWriter json, ResponseFormat.JsonSchema schema) {
        boolean same = outgoing.sameDialect() && !schema.name().isEmpty();
        json.field("name", same ? schema.name() : Outgoing.schemaName(schema.name()));
        String description = schema.description();
        if (description != null) {
            json.field("description", description);
        }
        json.field("schema", schema.schema());
        Boolean strict = schema.strict();
        if (outgoing.sameDialect()) {
            if (strict != null) {
                json.field("strict", strict);
            }
        } else {
            // Elsewhere a schema is always held to; here only one of a certain form can be.
            boolean wanted = strict == null || strict;
            json.field("strict", wanted && StrictSchema.isStrict(schema.schema()));
        }
    }
}
