package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** Writes tools and the choice among them. */
final class GeminiToolsEncoder {
    private static final ProtoNames PROPERTIES = ProtoNames.of("properties");
    private static final String CALLING =
            GeminiToolsDecoder.CONFIG_PREFIX + "functionCallingConfig.";

    private final Outgoing outgoing;
    private final Request request;
    private List<Tool> tools;

    GeminiToolsEncoder(Outgoing outgoing) {
        this.outgoing = outgoing;
        this.request = outgoing.request();
        this.tools = request.tools();
    }

    /** Decides which tools are written, and as what; comes before the conversation is written. */
    void plan() {
        for (int i = 0; i < tools.size(); i++) {
            check(tools.get(i), i);
        }
        if (request.toolChoice() instanceof ToolChoice.Allowed allowed
                && !allowed.required()
                && !outgoing.sameDialect()) {
            // The mode that would say it makes arguments hold to their schemas as well.
            tools = tools.stream().filter(tool -> allowed.names().contains(tool.name())).toList();
            outgoing.emulated("tool_choice");
        }
    }

    private void check(Tool tool, int index) {
        switch (tool) {
            case Tool.Function function -> {
                outgoing.droppedIf(function.cacheControl() != null, "cache_control");
                outgoing.droppedIf(Boolean.TRUE.equals(function.strict()), "tools.strict");
            }
            case Tool.Custom custom -> outgoing.emulateCustom(custom.name());
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

    /** Writes {@code tools} and {@code toolConfig}, if there is anything to say. */
    void write(JsonWriter json) {
        if (!tools.isEmpty()) {
            json.name("tools").beginArray();
            functions(json);
            for (Tool tool : tools) {
                if (tool instanceof Tool.Hosted hosted) {
                    json.value(hosted.raw());
                }
            }
            json.endArray();
        }
        JsonWriter config = new JsonWriter(new ByteBuilder());
        config.beginObject();
        calling(config);
        extra(config, GeminiToolsDecoder.CONFIG_PREFIX, true);
        config.endObject();
        if (config.out().length() > 2) {
            json.field("toolConfig", Raw.of(config.out().toString()));
        }
    }

    /** All functions stand in one tool, as official clients send them. */
    private void functions(JsonWriter json) {
        if (tools.stream().allMatch(Tool.Hosted.class::isInstance)) {
            return;
        }
        json.beginObject().name("functionDeclarations").beginArray();
        for (Tool tool : tools) {
            switch (tool) {
                case Tool.Function function ->
                        function(
                                json,
                                function.name(),
                                function.description(),
                                function.parameters());
                case Tool.Custom custom ->
                        function(
                                json,
                                custom.name(),
                                custom.description(),
                                Outgoing.CUSTOM_PARAMETERS);
                case Tool.Hosted _ -> {}
            }
        }
        json.endArray().endObject();
    }

    private void function(
            JsonWriter json, String name, @Nullable String description, @Nullable Raw parameters) {
        json.beginObject().field("name", outgoing.toolName(name));
        if (description != null) {
            json.field("description", description);
        }
        if (parameters != null && (outgoing.sameDialect() || hasProperties(parameters))) {
            json.field("parametersJsonSchema", parameters);
        }
        json.endObject();
    }

    /** A function that takes nothing is told without parameters. */
    private static boolean hasProperties(Raw schema) {
        if (schema.kind() != Kind.OBJECT) {
            return false;
        }
        JsonReader reader = schema.reader();
        reader.beginObject();
        boolean other = false;
        for (int f = PROPERTIES.next(reader);
                f != JsonReader.END_OBJECT;
                f = PROPERTIES.next(reader)) {
            if (f == 0) {
                if (Lenient.isSomething(reader)) {
                    return true;
                }
            } else {
                String name = reader.fieldName();
                other |= name.equals("anyOf") || name.equals("$ref") || name.equals("allOf");
                reader.skip();
            }
        }
        return other;
    }

    private void calling(JsonWriter config) {
        ToolChoice choice =
                tools.isEmpty() && !outgoing.sameDialect() ? null : request.toolChoice();
        switch (choice) {
            case null -> {}
            case ToolChoice.Auto _ -> calling(config, "AUTO", List.of());
            case ToolChoice.None _ -> calling(config, "NONE", List.of());
            case ToolChoice.Required _ -> calling(config, "ANY", List.of());
            case ToolChoice.Named named -> calling(config, "ANY", List.of(named.name()));
            case ToolChoice.Allowed allowed -> {
                if (allowed.required()) {
                    calling(config, "ANY", allowed.names());
                } else if (outgoing.sameDialect()) {
                    calling(config, "VALIDATED", allowed.names());
                } else {
                    calling(config, "AUTO", List.of());
                }
            }
        }
    }

    private void calling(JsonWriter config, String mode, List<String> names) {
        config.name("functionCallingConfig").beginObject().field("mode", mode);
        if (!names.isEmpty()) {
            config.name("allowedFunctionNames").beginArray();
            names.forEach(name -> config.value(outgoing.toolName(name)));
            config.endArray();
        }
        extra(config, CALLING, false);
        config.endObject();
    }

    private void extra(JsonWriter json, String prefix, boolean top) {
        for (Map.Entry<String, Raw> member : request.extra().entrySet()) {
            String name = member.getKey();
            boolean here = name.startsWith(prefix) && !(top && name.startsWith(CALLING));
            if (here && outgoing.sameDialect()) {
                json.field(name.substring(prefix.length()), member.getValue());
            }
        }
    }
}
