package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Mode;

import java.util.Map;
import java.util.Set;

/**
 * Writes a request for a server of this dialect, always as a conversation. The same request for the
 * same target gives the same bytes.
 */
final class OllamaRequestEncoder {
    /** Members of other dialects without which the request would mean something else. */
    private static final Set<String> INDISPENSABLE =
            Set.of(
                    "previous_response_id",
                    "conversation",
                    "background",
                    "prompt",
                    "mcp_servers",
                    "container",
                    "cachedContent");

    private final Outgoing outgoing;
    private final Request request;
    private final Target target;
    private final JsonWriter json = new JsonWriter(new ByteBuilder(2048));

    private OllamaRequestEncoder(Request request, Target target) {
        this.outgoing = new Outgoing(OllamaDialect.NAME, request, target);
        this.request = request;
        this.target = target;
    }

    static EncodedRequest encode(Request request, Target target) {
        return new OllamaRequestEncoder(request, target).encode();
    }

    private EncodedRequest encode() {
        if (request.choices() > 1) {
            throw Outgoing.refused(
                    "n",
                    "n: " + request.choices() + " (expected: 1, where the answer is translated)");
        }
        OllamaToolsEncoder tools = new OllamaToolsEncoder(outgoing);
        tools.plan();
        if (!outgoing.is(Quirk.RESPONSE_FORMAT)) {
            outgoing.instructFormat();
        }
        json.beginObject();
        json.field("model", target.model());
        new OllamaMessagesEncoder(outgoing, json).write();
        json.field("stream", target.stream());
        tools.write(json);
        format();
        think();
        OllamaOptions.write(json, request, outgoing.sameDialect());
        logprobs();
        lost();
        extra();
        json.endObject();
        return new EncodedRequest(
                json.out().toBytes(), Headers.NONE, outgoing.warnings(), outgoing.emulations());
    }

    private void format() {
        if (!outgoing.is(Quirk.RESPONSE_FORMAT)) {
            return;
        }
        switch (request.responseFormat()) {
            case null -> {}
            case ResponseFormat.PlainText _ -> {}
            case ResponseFormat.JsonObject _ -> json.field("format", "json");
            case ResponseFormat.JsonSchema schema -> json.field("format", schema.schema());
        }
    }

    /**
     * A model that can think does so by itself and one that cannot refuses to be asked, so clients
     * of other dialects, of which some always ask, ask only if they name an effort. That it shall
     * be off is always said.
     */
    private void think() {
        ThinkingConfig thinking = request.thinking();
        if (thinking == null) {
            return;
        }
        Effort effort = thinking.asEffort();
        if (effort == Effort.NONE) {
            json.field("think", false);
        } else if (!outgoing.is(Quirk.REASONING_EFFORT) || thinking.mode() == Mode.BUDGET) {
            outgoing.dropped("thinking");
        } else if (effort != Effort.UNSAID) {
            json.field("think", level(effort));
        } else if (outgoing.sameDialect()) {
            json.field("think", true);
        }
    }

    private String level(Effort effort) {
        return switch (effort) {
            case UNSAID, NONE, LOW, MEDIUM, HIGH -> effort.word();
            case MAX -> {
                if (outgoing.is(Quirk.ALL_EFFORTS)) {
                    yield effort.word();
                }
                outgoing.clamped("reasoning_effort");
                yield Effort.HIGH.word();
            }
            case MINIMAL -> {
                outgoing.clamped("reasoning_effort");
                yield Effort.LOW.word();
            }
            case XHIGH -> {
                outgoing.clamped("reasoning_effort");
                yield Effort.HIGH.word();
            }
        };
    }

    private void logprobs() {
        Sampling sampling = request.sampling();
        Boolean wanted = sampling.logprobs();
        Long top = sampling.topLogprobs();
        if (wanted != null) {
            json.field("logprobs", wanted);
        }
        if (top != null) {
            json.field("top_logprobs", top);
        }
    }

    /** Parameters that have no counterpart. */
    private void lost() {
        Raw bias = request.sampling().logitBias();
        outgoing.droppedIf(bias != null && bias.length() > 2, "logit_bias");
        outgoing.droppedIf(request.user() != null, "user");
        outgoing.droppedIf(request.serviceTier() != null, "service_tier");
        outgoing.droppedIf(
                Boolean.FALSE.equals(request.parallelToolCalls()), "parallel_tool_calls");
    }

    private void extra() {
        for (Map.Entry<String, Raw> member : request.extra().entrySet()) {
            String name = member.getKey();
            Raw value = member.getValue();
            if (outgoing.sameDialect()) {
                if (!name.startsWith(OllamaOptions.PREFIX)) {
                    json.field(name, value);
                }
                continue;
            }
            if (name.startsWith(Request.GATEWAY)) {
                continue;
            }
            boolean asksForIt = value.kind() != Kind.NULL && !value.toString().equals("false");
            if (asksForIt && INDISPENSABLE.contains(name)) {
                throw Outgoing.refused(name, "`" + name + "` has no counterpart at this upstream");
            }
            outgoing.dropped(name);
        }
    }
}
