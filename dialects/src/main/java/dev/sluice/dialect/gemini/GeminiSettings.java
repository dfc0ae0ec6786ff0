package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Mode;
import dev.sluice.core.request.ThinkingConfig.Show;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Writes {@code generationConfig} and {@code toolConfig.retrievalConfig} and the like. */
final class GeminiSettings {
    private static final int MOST_STOPS = 5;

    /** The most that every model which takes a budget takes. */
    private static final long MOST_BUDGET = 24576;

    private static final String THINKING = GeminiGeneration.PREFIX + "thinkingConfig.";

    private final Outgoing outgoing;
    private final Request request;
    private final JsonWriter config = new JsonWriter(new ByteBuilder());
    private long thinkingBudget;

    GeminiSettings(Outgoing outgoing) {
        this.outgoing = outgoing;
        this.request = outgoing.request();
    }

    /** Whether an extra member of a request is written here. */
    static boolean holds(String extra) {
        return extra.startsWith(GeminiGeneration.PREFIX)
                || extra.startsWith(GeminiToolsDecoder.CONFIG_PREFIX);
    }

    /** Decides what the model is told in words; comes before the conversation is written. */
    void plan() {
        if (!outgoing.is(Quirk.RESPONSE_FORMAT)) {
            outgoing.instructFormat();
        }
    }

    /** Writes the member, if there is anything to say in it. */
    void write(JsonWriter json) {
        config.beginObject();
        sampling(request.sampling());
        format();
        thinking();
        maxOutput();
        extra();
        config.endObject();
        if (config.out().length() > 2) {
            json.field("generationConfig", Raw.of(config.out().toString()));
        }
    }

    private void sampling(Sampling sampling) {
        number("temperature", sampling.temperature());
        number("topP", sampling.topP());
        number("topK", sampling.topK());
        lost("min_p", sampling.minP() != null);
        number("presencePenalty", sampling.presencePenalty());
        number("frequencyPenalty", sampling.frequencyPenalty());
        lost("repetition_penalty", sampling.repetitionPenalty() != null);
        number("seed", sampling.seed());
        Raw bias = sampling.logitBias();
        lost("logit_bias", bias != null && bias.length() > 2);
        logprobs(sampling);
        if (sampling.stop().size() > MOST_STOPS && !outgoing.is(Quirk.MANY_STOPS)) {
            outgoing.stopAt(sampling.stop());
            outgoing.emulated("stop");
        } else if (!sampling.stop().isEmpty()) {
            config.name("stopSequences").beginArray();
            sampling.stop().forEach(config::value);
            config.endArray();
        }
    }

    private void lost(String name, boolean said) {
        if (said) {
            outgoing.dropped(name);
        }
    }

    private void number(String name, @Nullable Number value) {
        if (value instanceof Long whole) {
            config.field(name, whole.longValue());
        } else if (value != null) {
            config.field(name, value.doubleValue());
        }
    }

    /** Other dialects write them in a form of their own, so that they could not be told back. */
    private void logprobs(Sampling sampling) {
        Boolean wanted = sampling.logprobs();
        Long top = sampling.topLogprobs();
        if (!outgoing.sameDialect()) {
            lost("logprobs", Boolean.TRUE.equals(wanted));
            lost("top_logprobs", top != null && top > 0);
            return;
        }
        if (wanted != null) {
            config.field("responseLogprobs", wanted);
        }
        if (top != null) {
            config.field("logprobs", top);
        }
    }

    private void format() {
        if (!outgoing.is(Quirk.RESPONSE_FORMAT)) {
            return;
        }
        switch (request.responseFormat()) {
            case null -> {}
            case ResponseFormat.PlainText _ -> {}
            case ResponseFormat.JsonObject _ ->
                    config.field("responseMimeType", "application/json");
            case ResponseFormat.JsonSchema schema ->
                    config.field("responseMimeType", "application/json")
                            .field("responseJsonSchema", schema.schema());
        }
    }

    // ---- thinking ----

    private void thinking() {
        ThinkingConfig thinking = request.thinking();
        if (thinking == null || thinking.mode() == Mode.OFF && !offCanBeTold()) {
            return;
        }
        if (!outgoing.is(Quirk.REASONING_EFFORT)) {
            outgoing.dropped("thinking");
            return;
        }
        config.name("thinkingConfig").beginObject();
        show(thinking);
        if (outgoing.sameDialect()) {
            own(thinking);
        } else {
            foreign(thinking);
        }
        for (Map.Entry<String, Raw> member : request.extra().entrySet()) {
            if (outgoing.sameDialect() && member.getKey().startsWith(THINKING)) {
                config.field(member.getKey().substring(THINKING.length()), member.getValue());
            }
        }
        config.endObject();
    }

    /**
     * Some models cannot do without and refuse to be told. The client of another dialect, where off
     * is often only the default, is better served with a model that thinks than with none.
     */
    private boolean offCanBeTold() {
        return outgoing.sameDialect() || outgoing.target().model().contains("2.5-flash");
    }

    /** Clients of other dialects that ask for thinking get to read it. */
    private void show(ThinkingConfig thinking) {
        boolean foreign = !outgoing.sameDialect() && thinking.mode() != Mode.OFF;
        if (thinking.show() != Show.UNSAID || foreign) {
            config.field("includeThoughts", thinking.show() != Show.OMITTED);
        }
    }

    private void own(ThinkingConfig thinking) {
        switch (thinking.mode()) {
            case OFF -> config.field("thinkingBudget", 0);
            case BUDGET -> config.field("thinkingBudget", thinking.budget());
            case EFFORT -> config.field("thinkingLevel", word(thinking.effort()));
            case ADAPTIVE -> {
                if (thinking.show() == Show.UNSAID) {
                    config.field("thinkingBudget", -1);
                }
            }
        }
    }

    private static String word(Effort effort) {
        return effort.name();
    }

    /** The third generation of models takes a level, those before it a budget. */
    private void foreign(ThinkingConfig thinking) {
        if (thinking.mode() == Mode.OFF) {
            config.field("thinkingBudget", 0);
        } else if (isThird(outgoing.target().model())) {
            level(thinking.asEffort());
        } else if (thinking.asBudget().isPresent()) {
            long wanted = thinking.asBudget().getAsLong();
            if (wanted > MOST_BUDGET) {
                outgoing.clamped("thinking");
            }
            thinkingBudget = Math.min(wanted, MOST_BUDGET);
            config.field("thinkingBudget", thinkingBudget);
        }
    }

    /** Whether a model is of the generation that demands its seals back. */
    static boolean isThird(String model) {
        return model.contains("gemini-3");
    }

    private void level(Effort effort) {
        switch (effort) {
            case UNSAID, NONE -> {}
            case LOW, MEDIUM, HIGH -> config.field("thinkingLevel", word(effort));
            case MINIMAL -> {
                outgoing.clamped("reasoning_effort");
                config.field("thinkingLevel", word(Effort.LOW));
            }
            case XHIGH, MAX -> {
                outgoing.clamped("reasoning_effort");
                config.field("thinkingLevel", word(Effort.HIGH));
            }
        }
    }

    /** On this wire the limit counts thinking too. */
    private void maxOutput() {
        Long limit = request.maxOutput();
        if (limit == null && outgoing.is(Quirk.NEEDS_MAX_TOKENS)) {
            limit = outgoing.target().defaultMaxOutput();
        }
        if (limit != null) {
            boolean counted = request.maxOutputCountsThinking();
            config.field("maxOutputTokens", counted ? limit : limit + thinkingBudget);
        }
    }

    private void extra() {
        for (Map.Entry<String, Raw> member : request.extra().entrySet()) {
            String name = member.getKey();
            if (name.startsWith(THINKING) || !name.startsWith(GeminiGeneration.PREFIX)) {
                continue;
            }
            config.field(name.substring(GeminiGeneration.PREFIX.length()), member.getValue());
        }
    }
}
