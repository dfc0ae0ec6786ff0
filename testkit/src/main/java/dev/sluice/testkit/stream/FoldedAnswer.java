package dev.sluice.testkit.stream;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a client ends up with after a stream. Texts are empty where there were none. Of several
 * choices the accessors tell of the first; {@link #response} has them all.
 */
public final class FoldedAnswer {
    private final String text;
    private final String thinking;
    private final String refusal;
    private final List<String> signatures;
    private final List<String> redacted;
    private final List<FoldedToolCall> toolCalls;
    private final @Nullable String stopReason;
    private final @Nullable String stopSequence;
    private final @Nullable JsonNode usage;
    private final @Nullable JsonNode error;
    private final ObjectNode response;
    private final boolean complete;

    private FoldedAnswer(Parts parts, ObjectNode response, boolean complete) {
        this.text = parts.text.toString();
        this.thinking = parts.thinking.toString();
        this.refusal = parts.refusal.toString();
        this.signatures = List.copyOf(parts.signatures);
        this.redacted = List.copyOf(parts.redacted);
        this.toolCalls = List.copyOf(parts.toolCalls);
        this.stopReason = parts.stopReason;
        this.stopSequence = parts.stopSequence;
        this.usage = parts.usage;
        this.error = parts.error;
        this.response = response;
        this.complete = complete;
    }

    /** All text, joined. */
    public String text() {
        return text;
    }

    /** All thinking, joined. */
    public String thinking() {
        return thinking;
    }

    /** The refusal's text (OpenAI). */
    public String refusal() {
        return refusal;
    }

    /** The signatures of thinking blocks, in order (Anthropic). */
    public List<String> signatures() {
        return signatures;
    }

    /** The data of redacted thinking blocks, in order (Anthropic). */
    public List<String> redacted() {
        return redacted;
    }

    /** The tool calls, in order. */
    public List<FoldedToolCall> toolCalls() {
        return toolCalls;
    }

    /** stop_reason or finish_reason. */
    public Optional<String> stopReason() {
        return Optional.ofNullable(stopReason);
    }

    /** The stop sequence that was hit (Anthropic). */
    public Optional<String> stopSequence() {
        return Optional.ofNullable(stopSequence);
    }

    /** The usage at the end, in the dialect's shape. */
    public Optional<JsonNode> usage() {
        return Optional.ofNullable(usage);
    }

    /**
     * The error that ended the stream: the {@code error} member (OpenAI), the whole body
     * (Anthropic).
     */
    public Optional<JsonNode> error() {
        return Optional.ofNullable(error);
    }

    /** The same answer unstreamed, in the dialect's shape: to compare with a golden file. */
    public ObjectNode response() {
        return response;
    }

    /** Whether the stream reached its dialect's end without an error. */
    public boolean isComplete() {
        return complete;
    }

    @Override
    public String toString() {
        return (complete ? "complete: " : "incomplete: ") + response;
    }

    /** What is known so far, while a stream is folded. */
    static final class Parts {
        final StringBuilder text = new StringBuilder();
        final StringBuilder thinking = new StringBuilder();
        final StringBuilder refusal = new StringBuilder();
        final List<String> signatures = new ArrayList<>();
        final List<String> redacted = new ArrayList<>();
        final List<FoldedToolCall> toolCalls = new ArrayList<>();
        @Nullable String stopReason;
        @Nullable String stopSequence;
        @Nullable JsonNode usage;
        @Nullable JsonNode error;

        FoldedAnswer toAnswer(ObjectNode response, boolean complete) {
            return new FoldedAnswer(this, response, complete);
        }
    }
}
