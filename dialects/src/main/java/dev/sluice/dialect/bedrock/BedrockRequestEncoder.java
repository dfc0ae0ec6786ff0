package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Mode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a request. What a client of this dialect said is written as it was said; a request of
 * another dialect is brought into the shape that AWS takes, and what has no counterpart is refused,
 * dropped or done by the gateway. The same request gives the same bytes.
 */
final class BedrockRequestEncoder {
    /** Members of other dialects without which the request would mean something else. */
    private static final Set<String> INDISPENSABLE =
            Set.of(
                    "previous_response_id",
                    "conversation",
                    "background",
                    "prompt",
                    "audio",
                    "web_search_options",
                    "mcp_servers",
                    "container",
                    "cachedContent");

    private static final long LEAST_THINKING = 1024;

    private final Outgoing outgoing;
    private final Request request;
    private final Target target;
    private final boolean own;

    /** Whether the model is one whose own parameters for thinking and the like are known. */
    private final boolean claude;

    private final JsonWriter json = new JsonWriter(new ByteBuilder(2048));
    private final BedrockConversation conversation;
    private final BedrockToolsEncoder tools;
    private final boolean serial;
    private @Nullable ThinkingConfig thinking;
    private @Nullable Long maxTokens;

    private BedrockRequestEncoder(Request request, Target target) {
        this.outgoing = new Outgoing(BedrockDialect.NAME, request, target);
        this.request = request;
        this.target = target;
        own = outgoing.sameDialect();
        claude = isClaude(target);
        if (!own && request.choices() > 1) {
            throw Outgoing.refused("n", "n: " + request.choices() + " (expected: 1)");
        }
        conversation = BedrockConversation.of(outgoing);
        serial =
                !own
                        && claude
                        && Boolean.FALSE.equals(request.parallelToolCalls())
                        && !request.tools().isEmpty();
        tools = new BedrockToolsEncoder(outgoing, conversation, serial);
        thinking = request.thinking();
        maxTokens = request.maxOutput();
        if (!own) {
            planThinking();
        }
    }

    /** Whether it is a model of Anthropic's, whose own parameters are known. */
    static boolean isClaude(Target target) {
        return target.model().contains("claude") || target.model().contains("anthropic");
    }

    /** A request for an answer. */
    static EncodedRequest encode(Request request, Target target) {
        BedrockRequestEncoder encoder = new BedrockRequestEncoder(request, target);
        encoder.write();
        return encoder.encoded(encoder.json.out().toBytes());
    }

    /** A request for a count of tokens, which takes no member that concerns the answer alone. */
    static EncodedRequest encodeCount(Request request, Target target) {
        BedrockRequestEncoder encoder = new BedrockRequestEncoder(request, target);
        encoder.json.beginObject().name("input").beginObject().name("converse").beginObject();
        encoder.prompt();
        encoder.json.endObject().endObject().endObject();
        return encoder.encoded(encoder.json.out().toBytes());
    }

    /** What an answer in this form is asked for by. */
    static Headers accept(boolean stream) {
        return Headers.of("accept", stream ? BedrockDialect.EVENT_STREAM : "application/json");
    }

    private EncodedRequest encoded(byte[] body) {
        return new EncodedRequest(
                body, accept(target.stream()), outgoing.warnings(), outgoing.emulations());
    }

    // ---- thinking ----

    /**
     * How much models think is a parameter of their own, known for some. The limit of output counts
     * thinking.
     */
    private void planThinking() {
        ThinkingConfig wanted = thinking;
        if (wanted == null || wanted.mode() == Mode.OFF) {
            thinking = null;
            return;
        }
        if (!claude
                || !outgoing.is(Quirk.REASONING_EFFORT)
                || tools.isCallDemanded()
                || conversation.forbidsThinking()) {
            noThinking();
        } else if (wanted.mode() != Mode.ADAPTIVE) {
            budget(Math.max(LEAST_THINKING, wanted.asBudget().orElse(LEAST_THINKING)));
        }
    }

    private void noThinking() {
        outgoing.dropped("thinking");
        thinking = null;
    }

    private void budget(long budget) {
        Long limit = maxTokens;
        if (limit == null) {
            maxTokens = budget + Math.max(1, target.defaultMaxOutput());
        } else if (!request.maxOutputCountsThinking()) {
            maxTokens = limit + budget;
        } else if (budget >= limit) {
            if (limit <= LEAST_THINKING) {
                noThinking();
                return;
            }
            // Half of what there is, so that an answer fits behind the thinking.
            outgoing.clamped("thinking");
            thinking = ThinkingConfig.budget(Math.max(LEAST_THINKING, limit / 2));
            return;
        }
        thinking = ThinkingConfig.budget(budget);
    }

    /** Whether the model thinks, in which case it takes no other way of drawing than its own. */
    private boolean isFixed() {
        return !own && thinking != null;
    }

    // ---- members ----

    private void write() {
        responseFormatInWords();
        json.beginObject();
        prompt();
        inference();
        modelFields();
        output();
        tier();
        lost();
        extra();
        json.endObject();
    }

    private void prompt() {
        BedrockContentEncoder content = new BedrockContentEncoder(outgoing, json);
        json.name("messages");
        content.messages(conversation.turns());
        List<Block> system = new ArrayList<>(conversation.system());
        outgoing.instructions().forEach(sentence -> system.add(new Block.Text(sentence)));
        if (!system.isEmpty()) {
            json.name("system");
            content.blocks(system);
        }
        tools.write(json);
    }

    /** This wire knows schemas and nothing less. */
    private void responseFormatInWords() {
        if (request.responseFormat() instanceof ResponseFormat.JsonObject
                || !outgoing.is(Quirk.RESPONSE_FORMAT)) {
            outgoing.instructFormat();
        }
    }

    private void inference() {
        JsonWriter inner = new JsonWriter(new ByteBuilder());
        inner.beginObject();
        if (maxTokens != null) {
            inner.field("maxTokens", maxTokens.longValue());
        }
        Sampling sampling = request.sampling();
        Double temperature = sampling.temperature();
        if (temperature != null && isFixed()) {
            outgoing.droppedIf(temperature != 1, "temperature");
        } else if (temperature != null) {
            if (temperature > 1) {
                outgoing.clamped("temperature");
            }
            inner.field("temperature", Math.min(1, temperature));
        }
        Double topP = sampling.topP();
        if (topP != null && isFixed()) {
            outgoing.droppedIf(topP != 1, "top_p");
        } else if (topP != null && (own || topP != 1)) {
            // A share of all tokens is no limit; some models refuse it beside a temperature.
            inner.field("topP", topP);
        }
        stops(inner, sampling.stop());
        membersOf(BedrockRequestDecoder.INFERENCE, inner);
        writeUnlessEmpty("inferenceConfig", inner);
    }

    /** A stop sequence of white space alone is refused by some models; the gateway watches. */
    private void stops(JsonWriter inner, List<String> stops) {
        List<String> told = own ? stops : stops.stream().filter(stop -> !stop.isBlank()).toList();
        if (told.size() < stops.size()) {
            outgoing.stopAt(stops);
            outgoing.emulated("stop");
        } else if (!stops.isEmpty()) {
            inner.name("stopSequences").beginArray();
            stops.forEach(inner::value);
            inner.endArray();
        }
    }

    /** Parameters of the model's own. */
    private void modelFields() {
        JsonWriter inner = new JsonWriter(new ByteBuilder());
        inner.beginObject();
        Long topK = request.sampling().topK();
        if (topK != null && (own || claude && !isFixed())) {
            inner.field("top_k", topK.longValue());
        } else if (topK != null) {
            outgoing.dropped("top_k");
        }
        thinking(inner);
        if (serial && !tools.isEmpty()) {
            tools.writeSerial(inner);
        }
        membersOf(BedrockRequestDecoder.MODEL_FIELDS, inner);
        writeUnlessEmpty("additionalModelRequestFields", inner);
    }

    private void thinking(JsonWriter inner) {
        ThinkingConfig plan = thinking;
        if (plan == null || plan.mode() == Mode.EFFORT) {
            return;
        }
        inner.name("thinking").beginObject();
        switch (plan.mode()) {
            case OFF -> inner.field("type", "disabled");
            case ADAPTIVE -> inner.field("type", "adaptive");
            case BUDGET -> inner.field("type", "enabled").field("budget_tokens", plan.budget());
            case EFFORT -> throw new IllegalStateException("effort is written elsewhere");
        }
        inner.endObject();
    }

    private void output() {
        JsonWriter inner = new JsonWriter(new ByteBuilder());
        inner.beginObject();
        if (request.responseFormat() instanceof ResponseFormat.JsonSchema schema
                && outgoing.is(Quirk.RESPONSE_FORMAT)) {
            inner.name("textFormat").beginObject().field("type", "json_schema");
            inner.name("structure").beginObject().name("jsonSchema").beginObject();
            inner.field("schema", schema.schema().toString());
            if (own ? !schema.name().isEmpty() : true) {
                inner.field("name", own ? schema.name() : Outgoing.schemaName(schema.name()));
            }
            if (schema.description() != null) {
                inner.field("description", schema.description());
            }
            inner.endObject().endObject().endObject();
        }
        ThinkingConfig plan = thinking;
        if (plan != null && plan.effort() != Effort.UNSAID && plan.effort() != Effort.NONE) {
            inner.field("effort", plan.effort().word());
        }
        membersOf(BedrockRequestDecoder.OUTPUT, inner);
        writeUnlessEmpty("outputConfig", inner);
    }

    private void tier() {
        JsonWriter inner = new JsonWriter(new ByteBuilder());
        inner.beginObject();
        String tier = request.serviceTier();
        if (tier != null) {
            boolean known =
                    switch (tier) {
                        case "default", "flex", "priority" -> true;
                        default -> own;
                    };
            if (known) {
                inner.field("type", tier);
            } else {
                outgoing.droppedIf(!tier.equals("auto"), "service_tier");
            }
        }
        membersOf(BedrockRequestDecoder.TIER, inner);
        writeUnlessEmpty("serviceTier", inner);
    }

    private void writeUnlessEmpty(String name, JsonWriter object) {
        object.endObject();
        if (object.out().length() > 2) {
            json.field(name, Raw.of(object.out().toString()));
        }
    }

    /** What a client of this dialect said in the object whose members begin with {@code prefix}. */
    private void membersOf(String prefix, JsonWriter into) {
        if (own) {
            request.extra()
                    .forEach(
                            (name, value) -> {
                                if (name.startsWith(prefix)) {
                                    into.field(name.substring(prefix.length()), value);
                                }
                            });
        }
    }

    /** Parameters that have no counterpart. */
    private void lost() {
        Sampling sampling = request.sampling();
        outgoing.droppedIf(differs(sampling.presencePenalty(), 0), "presence_penalty");
        outgoing.droppedIf(differs(sampling.frequencyPenalty(), 0), "frequency_penalty");
        outgoing.droppedIf(differs(sampling.repetitionPenalty(), 1), "repetition_penalty");
        outgoing.droppedIf(differs(sampling.minP(), 0), "min_p");
        outgoing.droppedIf(sampling.seed() != null, "seed");
        outgoing.droppedIf(Boolean.TRUE.equals(sampling.logprobs()), "logprobs");
        outgoing.droppedIf(
                sampling.topLogprobs() != null && sampling.topLogprobs() > 0, "top_logprobs");
        Raw bias = sampling.logitBias();
        outgoing.droppedIf(bias != null && bias.length() > 2, "logit_bias");
        outgoing.droppedIf(
                Boolean.FALSE.equals(request.parallelToolCalls()) && !serial && !tools.isEmpty(),
                "parallel_tool_calls");
        user();
    }

    /** Who the client's user is may be told as a note for the logs of the account. */
    private void user() {
        String user = request.user();
        if (user == null) {
            return;
        }
        if (user.matches("[a-zA-Z0-9\\s:_@$#=/+,.-]{1,256}")) {
            json.name("requestMetadata").beginObject().field("user", user).endObject();
        } else {
            outgoing.dropped("user");
        }
    }

    private static boolean differs(@Nullable Double value, double usual) {
        return value != null && value != usual;
    }

    private void extra() {
        for (Map.Entry<String, Raw> member : request.extra().entrySet()) {
            String name = member.getKey();
            Raw value = member.getValue();
            if (own) {
                if (name.indexOf('.') < 0) {
                    json.field(name, value);
                }
            } else if (!name.startsWith(Request.GATEWAY)) {
                boolean asksForIt = value.kind() != Kind.NULL && !value.toString().equals("false");
                if (asksForIt && INDISPENSABLE.contains(name)) {
                    throw Outgoing.refused(
                            name, "`" + name + "` has no counterpart at this upstream");
                }
                outgoing.dropped(name);
            }
        }
        if (!own && claude && !request.sampling().stop().isEmpty()) {
            json.name(BedrockRequestDecoder.RESPONSE_PATHS).beginArray();
            json.value("/stop_sequence").endArray();
        }
    }
}
