package dev.sluice.core.request;

import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A content block of a message in a request. */
public sealed interface Block {
    /**
     * The cache breakpoint that stands on the block, as its dialect wrote it; null if none does.
     */
    default @Nullable Raw cacheControl() {
        return null;
    }

    /** Text. */
    record Text(String text, @Nullable Raw cacheControl) implements Block {
        /** Text without a cache breakpoint. */
        public Text(String text) {
            this(text, null);
        }
    }

    /** An image; {@code detail} is how closely to look, such as {@code low}, null if not said. */
    record Image(Source source, @Nullable String detail, @Nullable Raw cacheControl)
            implements Block {}

    /**
     * A document; {@code title} is its name, {@code context} what it is about, {@code citations}
     * whether the model shall cite it.
     */
    record Document(
            Source source,
            @Nullable String title,
            @Nullable String context,
            boolean citations,
            @Nullable Raw cacheControl)
            implements Block {}

    /** A sound; {@code format} is {@code wav} or {@code mp3}. */
    record Audio(String data, String format) implements Block {
        @Override
        public String toString() {
            return "Audio[" + format + ", " + data.length() + " characters]";
        }
    }

    /**
     * Thinking of an earlier turn.
     *
     * @param signature the seal of the vendor that made it, empty if it has none
     */
    record Thinking(String text, String signature) implements Block {}

    /** Thinking of an earlier turn that only its vendor can read. */
    record RedactedThinking(String data) implements Block {}

    /**
     * The model called a tool.
     *
     * @param arguments the JSON text of its arguments as the client sent it; perhaps empty, perhaps
     *     broken
     * @param custom whether the arguments are free text
     */
    record ToolUse(
            String id, String name, String arguments, boolean custom, @Nullable Raw cacheControl)
            implements Block {}

    /** What a tool answered. {@code content} holds text, images and documents. */
    record ToolResult(
            String toolUseId, List<Block> content, boolean isError, @Nullable Raw cacheControl)
            implements Block {
        /** Copies the list. */
        public ToolResult {
            content = List.copyOf(content);
        }
    }

    /** The model refused. */
    record Refusal(String text) implements Block {}

    /**
     * A block of the client's dialect that has no canonical form.
     *
     * @param type its type there
     * @param raw as it was written
     */
    record Opaque(String type, Raw raw) implements Block {}
}
