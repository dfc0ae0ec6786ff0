package dev.sluice.core.request;

import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client asked for, whatever dialect it asked in. Null means not said.
 *
 * @param dialect name of the dialect it was asked in
 * @param model the model as the client named it
 * @param system instructions that stand before the conversation
 * @param parallelToolCalls whether several tools may be called at once
 * @param maxOutput most tokens of the answer
 * @param maxOutputCountsThinking whether {@code maxOutput} includes thinking
 * @param choices how many answers are asked for, 1 if not said
 * @param user the client's name for its own user
 * @param stream whether the answer shall be streamed
 * @param includeUsage whether the client wants usage in the stream
 * @param embed what shall be turned into vectors; null in a request for an answer
 * @param extra all other members of the request by name, as they were written; they mean something
 *     in {@code dialect} alone
 */
public record Request(
        String dialect,
        String model,
        List<Block> system,
        List<Message> messages,
        List<Tool> tools,
        @Nullable ToolChoice toolChoice,
        @Nullable Boolean parallelToolCalls,
        Sampling sampling,
        @Nullable Long maxOutput,
        boolean maxOutputCountsThinking,
        int choices,
        @Nullable ResponseFormat responseFormat,
        @Nullable ThinkingConfig thinking,
        @Nullable String user,
        @Nullable String serviceTier,
        boolean stream,
        boolean includeUsage,
        @Nullable Embed embed,
        Map<String, Raw> extra) {
    /**
     * What the names in {@link #extra} begin with that the gateway itself has put there for the
     * client's dialect; they are for no upstream, and none of them is lost.
     */
    public static final String GATEWAY = "gateway.";

    /** Copies the lists and the map, whose order is kept. */
    public Request {
        system = List.copyOf(system);
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /** A builder for a request in {@code dialect}. */
    public static Builder builder(String dialect) {
        return new Builder(dialect);
    }

    /** A builder that holds all of this request. */
    public Builder toBuilder() {
        Builder copy = new Builder(dialect);
        copy.model = model;
        copy.system.addAll(system);
        copy.messages.addAll(messages);
        copy.tools.addAll(tools);
        copy.toolChoice = toolChoice;
        copy.parallelToolCalls = parallelToolCalls;
        copy.sampling = sampling;
        copy.maxOutput = maxOutput;
        copy.maxOutputCountsThinking = maxOutputCountsThinking;
        copy.choices = choices;
        copy.responseFormat = responseFormat;
        copy.thinking = thinking;
        copy.user = user;
        copy.serviceTier = serviceTier;
        copy.stream = stream;
        copy.includeUsage = includeUsage;
        copy.embed = embed;
        copy.extra.putAll(extra);
        return copy;
    }

    /**
     * Gathers a request member by member, as a decoder meets them. Fields are public: it lives in
     * one method.
     */
    public static final class Builder {
        private final String dialect;
        public String model = "";
        public final List<Block> system = new ArrayList<>();
        public final List<Message> messages = new ArrayList<>();
        public final List<Tool> tools = new ArrayList<>();
        public @Nullable ToolChoice toolChoice;
        public @Nullable Boolean parallelToolCalls;
        public Sampling sampling = Sampling.NONE;
        public @Nullable Long maxOutput;
        public boolean maxOutputCountsThinking = true;
        public int choices = 1;
        public @Nullable ResponseFormat responseFormat;
        public @Nullable ThinkingConfig thinking;
        public @Nullable String user;
        public @Nullable String serviceTier;
        public boolean stream;
        public boolean includeUsage;
        public @Nullable Embed embed;
        public final Map<String, Raw> extra = new LinkedHashMap<>();

        private Builder(String dialect) {
            this.dialect = dialect;
        }

        /** The request. */
        public Request build() {
            return new Request(
                    dialect,
                    model,
                    system,
                    messages,
                    tools,
                    toolChoice,
                    parallelToolCalls,
                    sampling,
                    maxOutput,
                    maxOutputCountsThinking,
                    choices,
                    responseFormat,
                    thinking,
                    user,
                    serviceTier,
                    stream,
                    includeUsage,
                    embed,
                    extra);
        }
    }
}
