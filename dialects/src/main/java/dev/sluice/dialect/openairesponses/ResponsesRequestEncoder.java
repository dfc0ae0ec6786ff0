package dev.sluice.dialect.openairesponses;

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
import dev.sluice.core.request.ThinkingConfig.Show;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a request for a server of this dialect. The same request for the same target gives the
 * same bytes. Clients of other dialects hold their conversations themselves, so nothing is asked to
 * be stored for them.
 */
final class ResponsesRequestEncoder {
    /** The vendor refuses a lower limit. */
    private static final long LEAST_OUTPUT = 16;

    /** The vendor's other dialect, whose clients may say some of what is said here. */
    private static final String SIBLING = "openai-chat";

    private static final Set<String> SHARED =
            Set.of(
                    "metadata",
                    "safety_identifier",
                    "prompt_cache_key",
                    "prompt_cache_retention",
                    "prompt_cache_options");

    /** Members of other dialects without which the request would mean something else. */
    private static final Set<String> INDISPENSABLE =
            Set.of(
                    "audio",
                    "web_search_options",
                    "prediction",
                    "mcp_servers",
                    "container",
                    "cachedContent");

    private static final String SEALS = "reasoning.encrypted_content";

    private final Outgoing outgoing;
    private final Request request;
    private final Target target;
    private final boolean same;
    private final boolean sibling;
    private final JsonWriter json = new JsonWriter(new ByteBuilder(2048));

    private ResponsesRequestEncoder(Request request, Target target) {
        this.outgoing = new Outgoing(OpenAiResponsesDialect.NAME, request, target);
        this.request = request;
        this.target = target;
        this.same = outgoing.sameDialect();
        this.sibling = request.dialect().equals(SIBLING);
    }

    /** A request for an answer. */
    static EncodedRequest encode(Request request, Target target) {
        return new ResponsesRequestEncoder(request, target).encode(false);
    }

    /** A request for a count of tokens, which takes no member that concerns the answer alone. */
    static EncodedRequest encodeCount(Request request, Target target) {
        return new ResponsesRequestEncoder(request, target).encode(true);
    }

    private EncodedRequest encode(boolean count) {
        if (request.choices() > 1) {
            throw Outgoing.refused(
                    "n",
                    "n: " + request.choices() + " (expected: 1, where the answer is translated)");
        }
        ResponsesToolsEncoder tools = new ResponsesToolsEncoder(outgoing);
        tools.plan();
        json.beginObject();
        json.field("model", target.model());
        new ResponsesInputEncoder(outgoing, json).write();
        tools.write(json);
        if (!count) {
            if (target.stream()) {
                json.field("stream", true);
            }
            maxOutput();
            sampling(request.sampling());
            user();
            serviceTier();
            state();
        }
        text();
        reasoning();
        extra(count);
        json.endObject();
        return new EncodedRequest(
                json.out().toBytes(), Headers.NONE, outgoing.warnings(), outgoing.emulations());
    }

    private void maxOutput() {
        Long limit = request.maxOutput();
        if (limit == null && outgoing.is(Quirk.NEEDS_MAX_TOKENS)) {
            limit = target.defaultMaxOutput();
        }
        if (limit == null) {
            return;
        }
        boolean tooLow = !same && limit < LEAST_OUTPUT;
        if (tooLow) {
            outgoing.clamped("max_output_tokens");
        }
        json.field("max_output_tokens", tooLow ? LEAST_OUTPUT : limit);
    }

    private void sampling(Sampling sampling) {
        Double temperature = sampling.temperature();
        if (temperature != null) {
            json.field("temperature", temperature);
        }
        Double topP = sampling.topP();
        if (topP != null) {
            json.field("top_p", topP);
        }
        Long alternatives = sampling.topLogprobs();
        if (alternatives != null) {
            json.field("top_logprobs", alternatives);
        }
        dropped("top_k", sampling.topK());
        dropped("min_p", sampling.minP());
        dropped("repetition_penalty", sampling.repetitionPenalty());
        dropped("presence_penalty", sampling.presencePenalty());
        dropped("frequency_penalty", sampling.frequencyPenalty());
        dropped("seed", sampling.seed());
        dropped("logit_bias", sampling.logitBias());
        if (!sampling.stop().isEmpty()) {
            outgoing.stopAt(sampling.stop());
            outgoing.emulated("stop");
        }
    }

    private void dropped(String name, @Nullable Object value) {
        if (value != null) {
            outgoing.dropped(name);
        }
    }

    private void user() {
        String user = request.user();
        if (user != null) {
            boolean tooLong = !same && user.length() > 64;
            json.field("user", tooLong ? Outgoing.sha256(user) : user);
        }
    }

    private void serviceTier() {
        String tier = request.serviceTier();
        if (tier == null) {
            return;
        }
        if (same || sibling) {
            json.field("service_tier", tier);
            return;
        }
        switch (tier) {
            case "auto", "default", "flex", "priority" -> json.field("service_tier", tier);
            case "standard_only" -> json.field("service_tier", "default");
            default -> outgoing.dropped("service_tier");
        }
    }

    private void state() {
        if (same) {
            return;
        }
        json.field("store", false);
        boolean thinks = thinks();
        boolean probabilities = Boolean.TRUE.equals(request.sampling().logprobs());
        if (thinks || probabilities) {
            json.name("include").beginArray();
            if (thinks) {
                json.value(SEALS);
            }
            if (probabilities) {
                json.value(ResponsesRequestDecoder.LOGPROBS);
            }
            json.endArray();
        }
    }

    private void text() {
        boolean format = request.responseFormat() != null && outgoing.is(Quirk.RESPONSE_FORMAT);
        if (request.responseFormat() instanceof ResponseFormat.JsonSchema && !format) {
            outgoing.dropped("text.format");
        }
        Raw verbosity = sibling ? request.extra().get("verbosity") : null;
        List<Map.Entry<String, Raw>> own = members("text.");
        if (!format && verbosity == null && own.isEmpty()) {
            return;
        }
        json.name("text").beginObject();
        if (format) {
            ResponsesToolsEncoder.format(json, request.responseFormat(), same);
        }
        if (verbosity != null) {
            json.field("verbosity", verbosity);
        }
        own.forEach(member -> json.field(member.getKey(), member.getValue()));
        json.endObject();
    }

    private boolean thinks() {
        ThinkingConfig thinking = request.thinking();
        return thinking != null
                && thinking.mode() != ThinkingConfig.Mode.OFF
                && outgoing.is(Quirk.REASONING_EFFORT);
    }

    /**
     * That thinking shall be off is said only where the client said so by this vendor's words:
     * elsewhere it is the default and not a wish, and models that cannot think refuse the member.
     */
    private void reasoning() {
        ThinkingConfig thinking = request.thinking();
        Effort effort = thinking == null ? Effort.UNSAID : thinking.asEffort();
        if (effort == Effort.NONE && !same && !sibling) {
            effort = Effort.UNSAID;
        }
        if (thinking != null && !outgoing.is(Quirk.REASONING_EFFORT)) {
            if (effort != Effort.UNSAID) {
                outgoing.dropped("reasoning");
            }
            return;
        }
        boolean summary = thinking != null && summary(thinking);
        List<Map.Entry<String, Raw>> own = members("reasoning.");
        if (effort == Effort.UNSAID && !summary && own.isEmpty()) {
            return;
        }
        json.name("reasoning").beginObject();
        if (effort != Effort.UNSAID) {
            json.field("effort", effort.word());
        }
        if (summary) {
            json.field("summary", "auto");
        }
        own.forEach(member -> json.field(member.getKey(), member.getValue()));
        json.endObject();
    }

    /** Whether the client wants to read the thinking: in other dialects that is what happens. */
    private boolean summary(ThinkingConfig thinking) {
        return thinks()
                && (thinking.show() == Show.SUMMARIZED
                        || thinking.show() == Show.UNSAID && !same && !sibling);
    }

    /** Members inside of an object of this dialect's, by their own names. */
    private List<Map.Entry<String, Raw>> members(String object) {
        return same
                ? request.extra().entrySet().stream()
                        .filter(member -> member.getKey().startsWith(object))
                        .map(
                                member ->
                                        Map.entry(
                                                member.getKey().substring(object.length()),
                                                member.getValue()))
                        .toList()
                : List.of();
    }

    private void extra(boolean count) {
        for (Map.Entry<String, Raw> member : request.extra().entrySet()) {
            String name = member.getKey();
            if (!same && !name.startsWith(Request.GATEWAY)) {
                foreign(name, member.getValue());
            } else if (same && name.indexOf('.') < 0 && !count) {
                json.field(name, member.getValue());
            }
        }
    }

    private void foreign(String name, Raw value) {
        if (sibling && SHARED.contains(name)) {
            json.field(name, value);
            return;
        }
        boolean asksForIt = value.kind() != Kind.NULL && !value.toString().equals("false");
        if (asksForIt && INDISPENSABLE.contains(name)) {
            throw Outgoing.refused(name, "`" + name + "` has no counterpart at this upstream");
        }
        boolean told = sibling && (name.equals("verbosity") || name.equals("store"));
        if (!told) {
            outgoing.dropped(name);
        }
    }
}
