package dev.sluice.core.event;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

/**
 * A unit of a streamed message, whatever its dialect: a message starts, holds ordered content
 * blocks that each start, grow by deltas and stop, and ends. The legal order is {@link
 * StreamGrammar}.
 *
 * <p>Text in events is a slice of the frame it came from: valid during the call that hands the
 * event over. Whoever keeps it copies it.
 */
public sealed interface Event {
    /**
     * The message starts.
     *
     * @param id the upstream's id of the message, empty if it has none
     * @param model the model that answers, as the upstream names it, empty if it does not say
     * @param created seconds since 1970, 0 if the upstream does not say
     * @param usage what is known so far
     */
    record MessageStart(String id, String model, long created, Usage usage) implements Event {}

    /**
     * A content block starts.
     *
     * @param index its place, counted from 0 without gaps
     * @param kind what it holds
     * @param id of a tool use: the call's id, as the upstream gave it
     * @param name of a tool use: the tool's name
     * @param data of redacted thinking: the sealed data; of an opaque block: the block as it was
     *     written; of a tool use: {@link #CUSTOM} if its arguments are free text
     */
    record BlockStart(int index, BlockKind kind, String id, String name, @Nullable Raw data)
            implements Event {
        /** The {@code data} of a tool use whose arguments are free text. */
        public static final Raw CUSTOM = Raw.of("\"custom\"");

        /** A block that needs nothing but its kind. */
        public static BlockStart of(int index, BlockKind kind) {
            return new BlockStart(index, kind, "", "", null);
        }

        /** A tool use. */
        public static BlockStart tool(int index, String id, String name) {
            return new BlockStart(index, BlockKind.TOOL_USE, id, name, null);
        }

        /** A tool use whose arguments are free text, not JSON. */
        public static BlockStart customTool(int index, String id, String name) {
            return new BlockStart(index, BlockKind.TOOL_USE, id, name, CUSTOM);
        }

        /** Whether this is a tool use whose arguments are free text. */
        public boolean custom() {
            return kind == BlockKind.TOOL_USE && data != null;
        }

        /** Redacted thinking; {@code data} is the JSON string that holds it. */
        public static BlockStart redacted(int index, Raw data) {
            return new BlockStart(index, BlockKind.REDACTED_THINKING, "", "", data);
        }

        /** A block of the source's own; {@code name} is its type there. */
        public static BlockStart opaque(int index, String name, Raw data) {
            return new BlockStart(index, BlockKind.OPAQUE, "", name, data);
        }
    }

    /** What a block's growth is made of. */
    enum DeltaKind {
        TEXT,
        THINKING,
        /** The vendor's seal on a thinking block. */
        SIGNATURE,
        /** A piece of a tool's arguments as JSON text. */
        ARGUMENTS,
        REFUSAL
    }

    /** A block grows by {@code text}. */
    record Delta(int index, DeltaKind kind, Text text) implements Event {}

    /**
     * A block gets something that is no text: a citation, log probabilities, or a delta of a
     * dialect's own.
     *
     * @param name what it is, in the source's words, such as {@code citations_delta} or {@code
     *     logprobs}
     * @param data as it was written
     */
    record Annotation(int index, String name, Raw data) implements Event {}

    /** A block is complete. */
    record BlockStop(int index) implements Event {}

    /**
     * What is known of the whole message. May come several times; counts are cumulative and the
     * last stop reason holds.
     *
     * @param stopSequence the stop sequence that was met
     */
    record MessageDelta(@Nullable StopReason stopReason, @Nullable Text stopSequence, Usage usage)
            implements Event {}

    /** The message is complete. Nothing follows. */
    record MessageStop() implements Event {}

    /** The upstream is alive and has nothing to say. */
    record Ping() implements Event {}

    /** The message failed. Nothing follows. */
    record Failed(Failure failure) implements Event {}

    /** The only stop there is. */
    MessageStop STOP = new MessageStop();

    /** The only ping there is. */
    Ping PING = new Ping();
}
