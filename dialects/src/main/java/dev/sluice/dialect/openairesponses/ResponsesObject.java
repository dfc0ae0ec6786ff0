package dev.sluice.dialect.openairesponses;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Show;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Writes the response object. It repeats the settings of the request, as the vendor's does, all but
 * the long ones: a stream holds neither the instructions nor the tools for as long as it runs.
 */
final class ResponsesObject {
    private static final String ID = "resp_";

    private final byte[] head;
    private final byte[] middle;
    private final byte[] settings;
    private final byte[] tail;

    ResponsesObject(Event.MessageStart start, EncodeContext context) {
        Request request = context.request();
        Map<String, Raw> extra = request.extra();
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().field("id", id(start.id(), context)).field("object", "response");
        json.field("created_at", start.created() > 0 ? start.created() : context.createdSeconds());
        head = json.out().toBytes();

        json = members();
        json.name("instructions").nullValue();
        number(json, "max_output_tokens", request.maxOutput());
        json.name("max_tool_calls");
        raw(json, extra.get("max_tool_calls"));
        json.field("model", start.model().isEmpty() ? context.model() : start.model());
        middle = json.out().toBytes();

        json = members();
        Boolean parallel = request.parallelToolCalls();
        json.field("parallel_tool_calls", parallel == null || parallel);
        json.name("previous_response_id");
        raw(json, extra.getOrDefault(Request.GATEWAY + "previous_response_id", orNull(extra)));
        json.name("prompt_cache_key");
        raw(json, extra.get("prompt_cache_key"));
        reasoning(json, request);
        json.name("safety_identifier");
        raw(json, extra.get("safety_identifier"));
        json.field(
                "service_tier", request.serviceTier() == null ? "default" : request.serviceTier());
        json.field("store", isStored(extra));
        sampling(json, request.sampling());
        text(json, request);
        toolChoice(json, request);
        json.name("tools").beginArray().endArray();
        number(json, "top_logprobs", zeroIfUnsaid(request.sampling().topLogprobs()));
        json.name("truncation");
        rawOr(json, extra.get("truncation"), "disabled");
        settings = json.out().toBytes();

        json = members();
        json.name("user");
        if (request.user() == null) {
            json.nullValue();
        } else {
            json.value(request.user());
        }
        json.name("metadata");
        Raw metadata = extra.get("metadata");
        if (metadata == null || metadata.kind() != Kind.OBJECT) {
            json.beginObject().endObject();
        } else {
            json.value(metadata);
        }
        tail = json.out().toBytes();
    }

    /** A writer that goes on in the middle of an object. */
    private static JsonWriter members() {
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject();
        json.out().clear();
        return json;
    }

    private static Raw orNull(Map<String, Raw> extra) {
        return extra.getOrDefault("previous_response_id", Raw.of("null"));
    }

    /**
     * The id of a response: the upstream's own if it speaks this dialect, else one of the exchange.
     */
    static String id(String upstream, EncodeContext context) {
        return upstream.isEmpty() || !context.sameDialect() ? ID + context.id() : upstream;
    }

    private static boolean isStored(Map<String, Raw> extra) {
        Raw told = extra.getOrDefault(Request.GATEWAY + "store", extra.get("store"));
        return told != null && told.toString().equals("true");
    }

    private static void raw(JsonWriter json, @Nullable Raw value) {
        if (value == null) {
            json.nullValue();
        } else {
            json.value(value);
        }
    }

    private static void rawOr(JsonWriter json, @Nullable Raw value, String otherwise) {
        if (value == null) {
            json.value(otherwise);
        } else {
            json.value(value);
        }
    }

    private static @Nullable Long zeroIfUnsaid(@Nullable Long value) {
        return value == null ? Long.valueOf(0) : value;
    }

    private static void number(JsonWriter json, String name, @Nullable Long value) {
        json.name(name);
        if (value == null) {
            json.nullValue();
        } else {
            json.value(value.longValue());
        }
    }

    private static void reasoning(JsonWriter json, Request request) {
        ThinkingConfig thinking = request.thinking();
        Effort effort = thinking == null ? Effort.UNSAID : thinking.asEffort();
        json.name("reasoning").beginObject().name("effort");
        if (effort == Effort.UNSAID) {
            json.nullValue();
        } else {
            json.value(effort.word());
        }
        json.name("summary");
        if (thinking != null && thinking.show() == Show.SUMMARIZED) {
            json.value("auto");
        } else {
            raw(json, request.extra().get("reasoning.summary"));
        }
        json.endObject();
    }

    private static void sampling(JsonWriter json, Sampling sampling) {
        Double temperature = sampling.temperature();
        Double topP = sampling.topP();
        json.field("temperature", temperature == null ? 1.0 : temperature);
        json.field("top_p", topP == null ? 1.0 : topP);
    }

    private static void text(JsonWriter json, Request request) {
        json.name("text").beginObject();
        if (request.responseFormat() == null) {
            json.name("format").beginObject().field("type", "text").endObject();
        } else {
            ResponsesToolsEncoder.format(json, request.responseFormat(), true);
        }
        json.name("verbosity");
        rawOr(json, request.extra().get("text.verbosity"), "medium");
        json.endObject();
    }

    private static void toolChoice(JsonWriter json, Request request) {
        json.name("tool_choice");
        ToolChoice choice = request.toolChoice();
        if (choice == null) {
            rawOr(json, request.extra().get("tool_choice"), "auto");
        } else {
            ResponsesToolsEncoder.choice(
                    json,
                    choice,
                    name -> ResponsesToolsEncoder.isCustom(request.tools(), name),
                    name -> name);
        }
    }

    /**
     * Writes the object.
     *
     * @param output the items, with commas between them
     * @param incomplete why the answer is not whole, empty if it is
     */
    void write(
            ByteBuilder out,
            String status,
            ByteBuilder output,
            Usage usage,
            String incomplete,
            @Nullable Failure failure) {
        out.add(head).add(",\"status\":").quoted(status).add(",\"background\":false,\"error\":");
        if (failure == null) {
            out.add("null");
        } else {
            ResponsesErrors.writeFailed(new JsonWriter(out), failure);
        }
        out.add(",\"incomplete_details\":");
        if (incomplete.isEmpty()) {
            out.add("null");
        } else {
            out.add("{\"reason\":").quoted(incomplete).add('}');
        }
        out.add(',').add(middle).add(",\"output\":[").add(output).add("],").add(settings);
        out.add(",\"usage\":");
        ResponsesUsage.write(new JsonWriter(out), usage);
        out.add(',').add(tail).add('}');
    }
}
