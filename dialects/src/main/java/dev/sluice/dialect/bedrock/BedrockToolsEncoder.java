package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.InWords;
import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes {@code toolConfig}. This wire has no way to forbid calls, and demands the tools of a
 * conversation in which some were called: they stay then, and the model is told by a sentence.
 */
final class BedrockToolsEncoder {
    private static final Raw NO_PARAMETERS = Raw.of("{\"type\":\"object\",\"properties\":{}}");
    private static final Names TYPE = Names.of("type");
    private static final String CALL_NONE = "Do not call any tool in your answer.";

    private final Outgoing outgoing;
    private final BedrockConversation conversation;
    private final boolean serial;
    private final List<Tool> tools = new ArrayList<>();
    private @Nullable ToolChoice choice;

    /**
     * Decides what is written and what is told to the model instead.
     *
     * @param serial whether the choice is written elsewhere, with the word that calls come singly
     */
    BedrockToolsEncoder(Outgoing outgoing, BedrockConversation conversation, boolean serial) {
        this.outgoing = outgoing;
        this.conversation = conversation;
        this.serial = serial;
        tools.addAll(outgoing.request().tools());
        choice = outgoing.request().toolChoice();
        if (!outgoing.sameDialect()) {
            plan();
        }
    }

    private void plan() {
        switch (choice) {
            case ToolChoice.None _ -> {
                outgoing.emulated("tool_choice");
                choice = null;
                if (conversation.mentionsTools()) {
                    outgoing.instruct(CALL_NONE);
                } else {
                    tools.clear();
                }
            }
            case ToolChoice.Allowed allowed -> {
                Set<String> kept = new LinkedHashSet<>(allowed.names());
                kept.addAll(conversation.calledTools());
                tools.removeIf(tool -> !kept.contains(tool.name()));
                choice = allowed.required() ? new ToolChoice.Required() : new ToolChoice.Auto();
            }
            case ToolChoice.Auto _, ToolChoice.Required _, ToolChoice.Named _ -> {}
            case null -> {}
        }
        for (Tool tool : tools) {
            check(tool);
        }
        for (String name : conversation.calledTools()) {
            if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
                tools.add(new Tool.Function(name, null, null, null, null));
            }
        }
        if (!outgoing.is(Quirk.TOOL_CHOICE) && isCallDemanded()) {
            outgoing.instruct(
                    choice instanceof ToolChoice.Named named
                            ? InWords.call(outgoing.toolName(named.name()))
                            : InWords.callSome());
            outgoing.emulated("tool_choice");
            choice = null;
        }
    }

    private void check(Tool tool) {
        switch (tool) {
            case Tool.Function _ -> {}
            case Tool.Custom custom -> {
                outgoing.emulateCustom(custom.name());
                if (custom.format() != null && !custom.format().toString().contains("\"text\"")) {
                    outgoing.dropped("format");
                }
            }
            case Tool.Hosted hosted ->
                    throw Outgoing.refused(
                            "tools",
                            "tools: `"
                                    + hosted.type()
                                    + "` is run by its vendor and cannot be sent to another");
        }
    }

    /** Whether there is any tool. */
    boolean isEmpty() {
        return tools.isEmpty();
    }

    /** Whether a call is demanded, with which thinking does not go together. */
    boolean isCallDemanded() {
        return !tools.isEmpty()
                && (choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named);
    }

    /** Writes the member, if there is anything to say. */
    void write(JsonWriter json) {
        if (tools.isEmpty()) {
            return;
        }
        json.name("toolConfig").beginObject().name("tools").beginArray();
        tools.forEach(tool -> tool(json, tool));
        json.endArray();
        if (!serial) {
            choice(json);
        }
        json.endObject();
    }

    private void tool(JsonWriter json, Tool tool) {
        switch (tool) {
            case Tool.Function function -> {
                head(json, function.name(), function.description());
                json.name("inputSchema").beginObject();
                json.field("json", schema(function.parameters())).endObject();
                Boolean strict = function.strict();
                if (strict != null && (outgoing.sameDialect() || strict)) {
                    json.field("strict", strict.booleanValue());
                }
                json.endObject().endObject();
                new BedrockContentEncoder(outgoing, json).cachePoint(function.cacheControl());
            }
            case Tool.Custom custom -> {
                head(json, custom.name(), custom.description());
                json.name("inputSchema").beginObject();
                json.field("json", Outgoing.CUSTOM_PARAMETERS).endObject();
                json.endObject().endObject();
            }
            case Tool.Hosted hosted ->
                    json.beginObject().field(hosted.type(), hosted.raw()).endObject();
        }
    }

    private void head(JsonWriter json, String name, @Nullable String description) {
        json.beginObject().name("toolSpec").beginObject();
        json.field("name", outgoing.toolName(name));
        if (description != null && !description.isEmpty()) {
            json.field("description", description);
        }
    }

    /** The schema, which must be one of an object and say so. */
    private Raw schema(@Nullable Raw schema) {
        if (schema == null) {
            return NO_PARAMETERS;
        }
        if (outgoing.sameDialect()) {
            return schema;
        }
        if (schema.kind() != Kind.OBJECT) {
            throw Outgoing.refused("tools", "tools: expected a schema that is an object");
        }
        JsonReader reader = schema.reader();
        reader.beginObject();
        boolean empty = true;
        for (int f = reader.nextField(TYPE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(TYPE)) {
            if (f == 0) {
                return schema;
            }
            empty = false;
            reader.skip();
        }
        return empty
                ? NO_PARAMETERS
                : Raw.of("{\"type\":\"object\"," + schema.toString().strip().substring(1));
    }

    private void choice(JsonWriter json) {
        ToolChoice chosen = choice;
        if (chosen == null) {
            return;
        }
        json.name("toolChoice").beginObject();
        switch (chosen) {
            case ToolChoice.Auto _ -> json.name("auto").beginObject().endObject();
            case ToolChoice.Required _ -> json.name("any").beginObject().endObject();
            case ToolChoice.Named named ->
                    json.name("tool")
                            .beginObject()
                            .field("name", outgoing.toolName(named.name()))
                            .endObject();
            case ToolChoice.None _, ToolChoice.Allowed _ ->
                    throw new IllegalStateException(chosen + " was planned away");
        }
        json.endObject();
    }

    /** Writes the choice with the word that calls come singly, in the words of the model's own. */
    void writeSerial(JsonWriter json) {
        json.name("tool_choice").beginObject();
        switch (choice) {
            case ToolChoice.Required _ -> json.field("type", "any");
            case ToolChoice.Named named ->
                    json.field("type", "tool").field("name", outgoing.toolName(named.name()));
            case null, default -> json.field("type", "auto");
        }
        json.field("disable_parallel_tool_use", true).endObject();
    }
}
