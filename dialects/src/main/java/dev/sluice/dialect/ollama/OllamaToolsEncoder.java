package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.InWords;
import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Writes tools. This wire has no choice among them: those that must not be called are left out, and
 * the model is told by a sentence what it must call.
 */
final class OllamaToolsEncoder {
    private static final Raw NO_PARAMETERS = Raw.of("{\"type\":\"object\",\"properties\":{}}");
    private static final Raw CUSTOM_PARAMETERS =
            Raw.of(
                    "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},"
                            + "\"required\":[\"input\"]}");

    private final Outgoing outgoing;
    private List<Tool> tools;

    OllamaToolsEncoder(Outgoing outgoing) {
        this.outgoing = outgoing;
        this.tools = outgoing.request().tools();
    }

    /**
     * Decides what is written and what is told to the model instead; comes before the messages are
     * written.
     */
    void plan() {
        for (int i = 0; i < tools.size(); i++) {
            check(tools.get(i), i);
        }
        switch (outgoing.request().toolChoice()) {
            case null -> {}
            case ToolChoice.Auto _ -> {}
            case ToolChoice.None _ -> keepOnly(List.of());
            case ToolChoice.Required _ -> mustCall(null);
            case ToolChoice.Named named -> {
                keepOnly(List.of(named.name()));
                mustCall(named.name());
            }
            case ToolChoice.Allowed allowed -> {
                keepOnly(allowed.names());
                if (allowed.required()) {
                    mustCall(null);
                }
            }
        }
    }

    private void check(Tool tool, int index) {
        switch (tool) {
            case Tool.Function function -> {
                outgoing.droppedIf(function.cacheControl() != null, "cache_control");
                outgoing.droppedIf(Boolean.TRUE.equals(function.strict()), "tools.strict");
            }
            case Tool.Custom custom -> outgoing.emulateCustom(custom.name());
            case Tool.Hosted hosted ->
                    throw Outgoing.refused(
                            "tools[" + index + "]",
                            "a tool that another vendor runs (`"
                                    + hosted.type()
                                    + "`) does not exist at this upstream");
        }
    }

    private void keepOnly(List<String> names) {
        tools = tools.stream().filter(tool -> names.contains(tool.name())).toList();
        outgoing.emulated("tool_choice");
    }

    private void mustCall(@Nullable String name) {
        outgoing.instruct(name == null ? InWords.callSome() : InWords.call(name));
        outgoing.emulated("tool_choice");
    }

    void write(JsonWriter json) {
        if (tools.isEmpty()) {
            return;
        }
        json.name("tools").beginArray();
        for (Tool tool : tools) {
            switch (tool) {
                case Tool.Function function ->
                        function(
                                json,
                                function.name(),
                                function.description(),
                                parameters(function));
                case Tool.Custom custom ->
                        function(json, custom.name(), custom.description(), CUSTOM_PARAMETERS);
                case Tool.Hosted hosted ->
                        throw new IllegalStateException(hosted.type() + " was refused");
            }
        }
        json.endArray();
    }

    private static Raw parameters(Tool.Function function) {
        Raw parameters = function.parameters();
        return parameters == null ? NO_PARAMETERS : parameters;
    }

    private static void function(
            JsonWriter json, String name, @Nullable String description, Raw parameters) {
        json.beginObject().field("type", "function").name("function").beginObject();
        json.field("name", name);
        if (description != null) {
            json.field("description", description);
        }
        json.field("parameters", parameters).endObject().endObject();
    }
}
