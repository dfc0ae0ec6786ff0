package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.Emulations;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Show;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a request. What a client of this dialect said is written as it was said; a request of
 * another dialect is brought into the shape that the vendor takes, and what has no counterpart is
 * refused, dropped or done by the gateway. The same request gives the same bytes.
 */
final class AnthropicRequestEncoder {
    /**
     * Members of other dialects that change what is asked for, so that dropping them would give a
     * wrong answer and not a worse one.
     */
    private static final Set<String> ESSENTIAL =
            Set.of(
                    "previous_response_id",
                    "conversation",
                    "background",
                    "audio",
                    "web_search_options",
                    "cachedContent");

    private static final String JSON_ONLY =
            "Answer with one valid JSON object and nothing else: no text before or after it and no"
                    + " code fence around it.";
    private static final String SCHEMA = " It must follow this JSON schema: ";

    private final Request request;
    private final Target target;
    private final boolean own;
    private final Warnings warnings = new Warnings();
    private final LegalNames names = new LegalNames();
    private final JsonWriter out = new JsonWriter(new ByteBuilder(1024));
    private final SamplingWriter sampling;
    private final ToolWriter tools;
    private final BlockWriter blocks;
    private final Conversation conversation;
    private final ThinkingPlan plan;

    private AnthropicRequestEncoder(Request request, Target target) {
        this.request = request;
        this.target = target;
        own = request.dialect().equals(AnthropicDialect.NAME);
        if (!own) {
            refuse();
        }
        sampling = new SamplingWriter(request.sampling(), own, warnings);
        tools = new ToolWriter(request, own, target.quirks(), names, warnings);
        blocks = new BlockWriter(out, own, target.quirks(), names, warnings);
        boolean sealed = target.quirks().is(Quirk.THINKING_SIGNATURES);
        conversation =
                own ? Conversation.own(request) : Conversation.shaped(request, sealed, warnings);
        plan = own ? ThinkingPlan.own(request, target) : plan(sealed);
    }

    private ThinkingPlan plan(boolean sealed) {
        boolean impossible =
                tools.callDemanded()
                        || conversation.endsWithAssistant()
                        || sealed && conversation.callsWithoutThinking();
        return ThinkingPlan.of(request, target, impossible, warnings);
    }

    /** A request for an answer. */
    static EncodedRequest encode(Request request, Target target) {
        AnthropicRequestEncoder encoder = new AnthropicRequestEncoder(request, target);
        encoder.write(false);
        return encoder.encoded();
    }

    /** A request for a count of tokens, which takes no member that concerns the answer alone. */
    static EncodedRequest encodeCount(Request request, Target target) {
        AnthropicRequestEncoder encoder = new AnthropicRequestEncoder(request, target);
        encoder.write(true);
        return encoder.encoded();
    }

    private EncodedRequest encoded() {
        Emulations emulations =
                new Emulations(
                        names.changed(),
                        tools.customTools(),
                        sampling.emulatedStops(),
                        Emulations.begun(request, target));
        return new EncodedRequest(out.out().toBytes(), Headers.NONE, warnings.all(), emulations);
    }

    private void refuse() {
        if (request.choices() > 1) {
            throw unsupported("n", "more than one answer");
        }
        for (Map.Entry<String, Raw> extra : request.extra().entrySet()) {
            String value = extra.getValue().toString();
            boolean sound = extra.getKey().equals("modalities") && value.contains("\"audio\"");
            if (sound || ESSENTIAL.contains(extra.getKey()) && !value.equals("false")) {
                throw unsupported(extra.getKey(), "it");
            }
        }
    }

    private static RuntimeException unsupported(String field, String what) {
        return Failure.unsupported(
                        field,
                        field + ": a model that speaks Anthropic Messages cannot give " + what)
                .asException();
    }

    private void write(boolean count) {
        out.beginObject().field("model", target.model());
        if (!count) {
            out.field("max_tokens", plan.maxTokens());
            if (target.stream()) {
                out.field("stream", true);
            }
        }
        system();
        out.name("messages");
        blocks.messages(conversation.turns());
        tools.write(out);
        thinking();
        output();
        if (!count) {
            sampling.write(out, !own && plan.isOn());
            metadata();
        }
        extra(count);
        out.endObject();
    }

    private void system() {
        List<Block> system = new ArrayList<>(conversation.system());
        switch (request.responseFormat()) {
            case ResponseFormat.JsonObject _ -> system.add(instruction(JSON_ONLY));
            case ResponseFormat.JsonSchema schema -> {
                if (!target.quirks().is(Quirk.RESPONSE_FORMAT)) {
                    system.add(instruction(JSON_ONLY + SCHEMA + schema.schema()));
                }
            }
            case ResponseFormat.PlainText _ -> {}
            case null -> {}
        }
        if (!system.isEmpty()) {
            out.name("system");
            blocks.system(system);
        }
    }

    private Block instruction(String text) {
        warnings.emulated("response_format");
        return new Block.Text(text);
    }

    private void thinking() {
        ThinkingConfig thinking = plan.thinking();
        if (thinking == null) {
            return;
        }
        switch (thinking.mode()) {
            case OFF -> form("disabled").endObject();
            case ADAPTIVE -> show(form("adaptive"), thinking.show());
            case BUDGET ->
                    show(
                            form("enabled").field("budget_tokens", thinking.budget()),
                            thinking.show());
            case EFFORT -> {}
        }
    }

    private JsonWriter form(String type) {
        return out.name("thinking").beginObject().field("type", type);
    }

    private static void show(JsonWriter form, Show show) {
        switch (show) {
            case UNSAID -> {}
            case SUMMARIZED -> form.field("display", "summarized");
            case OMITTED -> form.field("display", "omitted");
        }
        form.endObject();
    }

    private void output() {
        Effort effort = plan.thinking() == null ? Effort.UNSAID : plan.thinking().effort();
        boolean schema =
                request.responseFormat() instanceof ResponseFormat.JsonSchema
                        && target.quirks().is(Quirk.RESPONSE_FORMAT);
        boolean effortSaid = effort != Effort.UNSAID && effort != Effort.NONE;
        if (!schema && !effortSaid && !hasMembersOf("output_config.")) {
            return;
        }
        out.name("output_config").beginObject();
        if (effortSaid) {
            out.field("effort", effort.word());
        }
        if (schema && request.responseFormat() instanceof ResponseFormat.JsonSchema format) {
            out.name("format").beginObject().field("type", "json_schema");
            out.field("schema", format.schema()).endObject();
        }
        membersOf("output_config.");
        out.endObject();
    }

    private void metadata() {
        if (request.user() != null || hasMembersOf("metadata.")) {
            out.name("metadata").beginObject();
            if (request.user() != null) {
                out.field("user_id", request.user());
            }
            membersOf("metadata.");
            out.endObject();
        }
        String tier = request.serviceTier();
        if (tier == null) {
            return;
        }
        String known =
                switch (tier) {
                    case "auto", "priority" -> "auto";
                    case "default" -> "standard_only";
                    default -> "";
                };
        if (own) {
            out.field("service_tier", tier);
        } else if (known.isEmpty()) {
            warnings.dropped("service_tier");
        } else {
            out.field("service_tier", known);
        }
    }

    private boolean hasMembersOf(String object) {
        return own && request.extra().keySet().stream().anyMatch(name -> name.startsWith(object));
    }

    private void membersOf(String object) {
        request.extra()
                .forEach(
                        (name, value) -> {
                            String member =
                                    name.startsWith(object) ? name.substring(object.length()) : ".";
                            if (own && member.indexOf('.') < 0) {
                                out.field(member, value);
                            }
                        });
    }

    /** Whether the member stood within another, where its place is not known any more. */
    private static boolean isWithin(String name) {
        return name.startsWith(BlockReader.PREFIX) || name.startsWith(ToolReader.PREFIX);
    }

    private void extra(boolean count) {
        boolean all = target.quirks().is(Quirk.UNKNOWN_PARAMETERS);
        for (Map.Entry<String, Raw> extra : request.extra().entrySet()) {
            String name = extra.getKey();
            boolean counted =
                    name.equals("cache_control")
                            || name.equals("thinking")
                            || name.equals("mcp_servers");
            if (!own && name.startsWith(Request.GATEWAY)) {
                continue;
            }
            if (!own || !all || isWithin(name)) {
                warnings.dropped(name);
            } else if (name.indexOf('.') < 0 && (!count || counted)) {
                out.field(name, extra.getValue());
            }
        }
    }
}
