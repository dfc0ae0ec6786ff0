package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.ThinkingConfig;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a request for a server of this dialect. The same request for the same target gives the
 * same bytes. No member is ever null, since some servers drop the connection over one.
 */
final class OpenAiChatRequestEncoder {
    private static final int MOST_STOPS = 4;
    private static final int LONGEST_USER = 64;

    /** Members that a server which must not be sent unknown ones is known to take. */
    private static final Set<String> SAFE =
            Set.of(
                    "temperature",
                    "top_p",
                    "top_k",
                    "min_p",
                    "presence_penalty",
                    "frequency_penalty",
                    "repetition_penalty",
                    "seed",
                    "logprobs",
                    "top_logprobs",
                    "logit_bias",
                    "stop",
                    "chat_template_kwargs",
                    "adapters",
                    "draft_model",
                    "num_draft_tokens",
                    "xtc_probability",
                    "xtc_threshold",
                    "repetition_context_size",
                    "presence_context_size",
                    "frequency_context_size");

    /** What such a server gives at most beside each token. */
    private static final long MOST_SAFE_LOGPROBS = 11;

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

    /** The vendor's other dialect, whose clients may say some of what is said here. */
    private static final String SIBLING = "openai-responses";

    /** What it calls them, and what they are called here. */
    private static final Map<String, String> SHARED =
            Map.of(
                    "metadata", "metadata",
                    "safety_identifier", "safety_identifier",
                    "prompt_cache_key", "prompt_cache_key",
                    "prompt_cache_retention", "prompt_cache_retention",
                    "prompt_cache_options", "prompt_cache_options",
                    "text.verbosity", "verbosity");

    private static final Names STREAM_OPTIONS = Names.of("include_usage");

    private final Outgoing outgoing;
    private final Request request;
    private final Target target;
    private final JsonWriter json = new JsonWriter(new ByteBuilder(2048));

    private OpenAiChatRequestEncoder(Request request, Target target) {
        this.outgoing = new Outgoing(OpenAiChatDialect.NAME, request, target);
        this.request = request;
        this.target = target;
    }

    static EncodedRequest encode(Request request, Target target) {
        return new OpenAiChatRequestEncoder(request, target).encode();
    }

    private EncodedRequest encode() {
        if (request.choices() > 1) {
            throw Outgoing.refused(
                    "n",
                    "n: " + request.choices() + " (expected: 1, where the answer is translated)");
        }
        OpenAiChatToolsEncoder tools = new OpenAiChatToolsEncoder(outgoing);
        tools.plan();
        json.beginObject();
        json.field("model", target.model());
        new OpenAiChatMessagesEncoder(outgoing, json).write();
        tools.write(json);
        stream();
        maxOutput();
        sampling(request.sampling());
        tools.writeFormat(json);
        thinking();
        user();
        serviceTier();
        extra();
        json.endObject();
        return new EncodedRequest(
                json.out().toBytes(), Headers.NONE, outgoing.warnings(), outgoing.emulations());
    }

    private void stream() {
        if (!target.stream()) {
            return;
        }
        json.field("stream", true);
        Raw asked = outgoing.sameDialect() ? request.extra().get("stream_options") : null;
        boolean usage = outgoing.is(Quirk.STREAM_USAGE);
        if (asked == null && !usage) {
            return;
        }
        json.name("stream_options").beginObject();
        if (usage) {
            json.field("include_usage", true);
        }
        if (asked != null) {
            otherStreamOptions(asked);
        }
        json.endObject();
    }

    private void otherStreamOptions(Raw asked) {
        if (!outgoing.is(Quirk.UNKNOWN_PARAMETERS)) {
            outgoing.dropped("stream_options");
            return;
        }
        JsonReader reader = asked.reader();
        reader.beginObject();
        for (int f = reader.nextField(STREAM_OPTIONS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(STREAM_OPTIONS)) {
            if (f == 0 || reader.peek() == Kind.NULL) {
                reader.skip();
            } else {
                json.field(reader.fieldName(), reader.raw());
            }
        }
    }

    private void maxOutput() {
        Long limit = request.maxOutput();
        if (limit == null && outgoing.is(Quirk.NEEDS_MAX_TOKENS)) {
            limit = target.defaultMaxOutput();
        }
        if (limit != null) {
            boolean old = outgoing.sameDialect() && !request.maxOutputCountsThinking();
            boolean known = outgoing.is(Quirk.MAX_COMPLETION_TOKENS);
            json.field(known && !old ? "max_completion_tokens" : "max_tokens", limit);
        }
    }

    private void sampling(Sampling sampling) {
        number("temperature", sampling.temperature());
        number("top_p", sampling.topP());
        extended("top_k", sampling.topK());
        extended("min_p", sampling.minP());
        extended("repetition_penalty", sampling.repetitionPenalty());
        number("presence_penalty", sampling.presencePenalty());
        number("frequency_penalty", sampling.frequencyPenalty());
        number("seed", sampling.seed());
        Boolean logprobs = sampling.logprobs();
        if (logprobs != null && takes("logprobs")) {
            json.field("logprobs", logprobs);
        }
        topLogprobs(sampling.topLogprobs());
        Raw bias = sampling.logitBias();
        if (bias != null && takes("logit_bias")) {
            json.field("logit_bias", bias);
        }
        stops(sampling.stop());
    }

    /** Whether a member may be sent; what may not is told as dropped. */
    private boolean takes(String name) {
        boolean takes = outgoing.is(Quirk.UNKNOWN_PARAMETERS) || SAFE.contains(name);
        if (!takes) {
            outgoing.dropped(name);
        }
        return takes;
    }

    private void number(String name, @Nullable Number value) {
        if (value != null && takes(name)) {
            write(name, value);
        }
    }

    private void extended(String name, @Nullable Number value) {
        if (value == null) {
            return;
        }
        if (outgoing.is(Quirk.EXTENDED_SAMPLING)) {
            write(name, value);
        } else {
            outgoing.dropped(name);
        }
    }

    private void write(String name, Number value) {
        if (value instanceof Long whole) {
            json.field(name, whole.longValue());
        } else {
            json.field(name, value.doubleValue());
        }
    }

    private void topLogprobs(@Nullable Long count) {
        if (count == null || !takes("top_logprobs")) {
            return;
        }
        boolean tooMany = !outgoing.is(Quirk.UNKNOWN_PARAMETERS) && count > MOST_SAFE_LOGPROBS;
        if (tooMany) {
            outgoing.clamped("top_logprobs");
        }
        json.field("top_logprobs", tooMany ? MOST_SAFE_LOGPROBS : count);
    }

    private void stops(List<String> stops) {
        if (stops.size() > MOST_STOPS && !outgoing.is(Quirk.MANY_STOPS)) {
            outgoing.stopAt(stops);
            outgoing.emulated("stop");
        } else if (!stops.isEmpty()) {
            json.name("stop").beginArray();
            stops.forEach(json::value);
            json.endArray();
        }
    }

    /**
     * Thinking is told as an effort. That it shall be off is said only where the client said so in
     * this dialect: elsewhere it is the default and not a wish, and models that cannot think refuse
     * the member.
     */
    private void thinking() {
        ThinkingConfig thinking = request.thinking();
        if (thinking == null) {
            return;
        }
        ThinkingConfig.Effort effort = thinking.asEffort();
        if (effort == ThinkingConfig.Effort.UNSAID
                || effort == ThinkingConfig.Effort.NONE && !outgoing.sameDialect()) {
            return;
        }
        if (!outgoing.is(Quirk.REASONING_EFFORT)) {
            outgoing.dropped(outgoing.sameDialect() ? "reasoning_effort" : "thinking");
            return;
        }
        boolean budget = thinking.mode() == ThinkingConfig.Mode.BUDGET;
        json.field("reasoning_effort", (budget ? within(effort) : known(effort)).word());
    }

    /**
     * An effort that every model which thinks knows. A budget is the most that may be thought, so
     * less than the nearest effort is no breach of it, and a word that the model does not know
     * would be refused.
     */
    private static ThinkingConfig.Effort within(ThinkingConfig.Effort effort) {
        return switch (effort) {
            case UNSAID, NONE, LOW, MEDIUM, HIGH -> effort;
            case MINIMAL -> ThinkingConfig.Effort.LOW;
            case XHIGH, MAX -> ThinkingConfig.Effort.HIGH;
        };
    }

    /** The nearest effort that the server knows to one that the client asked for by name. */
    private ThinkingConfig.Effort known(ThinkingConfig.Effort effort) {
        if (outgoing.is(Quirk.ALL_EFFORTS) || within(effort) == effort) {
            return effort;
        }
        outgoing.clamped("reasoning_effort");
        return within(effort);
    }

    private void user() {
        String user = request.user();
        if (user != null && takes("user")) {
            boolean tooLong = !outgoing.sameDialect() && user.length() > LONGEST_USER;
            json.field("user", tooLong ? Outgoing.sha256(user) : user);
        }
    }

    private void serviceTier() {
        String tier = request.serviceTier();
        if (tier == null || !takes("service_tier")) {
            return;
        }
        if (outgoing.sameDialect()) {
            json.field("service_tier", tier);
            return;
        }
        switch (tier) {
            case "auto", "default", "flex", "priority" -> json.field("service_tier", tier);
            case "standard_only" -> json.field("service_tier", "default");
            default -> outgoing.dropped("service_tier");
        }
    }

    private void extra() {
        for (Map.Entry<String, Raw> member : request.extra().entrySet()) {
            String name = member.getKey();
            if (name.startsWith(OpenAiChatExtra.MESSAGES)) {
                outgoing.dropped(name);
            } else if (!outgoing.sameDialect() && !name.startsWith(Request.GATEWAY)) {
                foreign(name, member.getValue());
            } else if (outgoing.sameDialect() && !name.equals("stream_options") && takes(name)) {
                json.field(name, member.getValue());
            }
        }
    }

    private void foreign(String name, Raw value) {
        String shared = request.dialect().equals(SIBLING) ? SHARED.getOrDefault(name, "") : "";
        if (!shared.isEmpty()) {
            if (takes(shared)) {
                json.field(shared, value);
            }
            return;
        }
        boolean asksForIt = value.kind() != Kind.NULL && !value.toString().equals("false");
        if (asksForIt && INDISPENSABLE.contains(name)) {
            throw Outgoing.refused(name, "`" + name + "` has no counterpart at this upstream");
        }
        outgoing.dropped(name);
    }
}
