package dev.sluice.core.dialect;

import java.util.Map;
import java.util.TreeMap;

/**
 * How one kind of model server differs from the dialect it speaks. Data, not code: a table of named
 * switches, each with the value that the dialect's own vendor has.
 *
 * @param server the kind of server, such as {@code vllm}
 * @param flags what differs
 */
public record Quirks(String server, Map<Quirk, Boolean> flags) {
    /** One way to differ. The default is what the dialect's own vendor does. */
    public enum Quirk {
        /** Frames may go to strict clients as they are. */
        STRICT_FRAMES(true),
        /** Knows {@code max_completion_tokens}; else only {@code max_tokens}. */
        MAX_COMPLETION_TOKENS(true),
        /** Knows the role {@code developer}; else only {@code system}. */
        DEVELOPER_ROLE(true),
        /** Takes the content of system messages in parts; else only a string. */
        SYSTEM_PARTS(true),
        /** Takes images and documents. */
        MEDIA(true),
        /** Fetches images from http addresses. */
        IMAGE_URLS(true),
        /** Acts on {@code tool_choice}. */
        TOOL_CHOICE(true),
        /** Takes the name of a tool as {@code tool_choice}; else only a word. */
        NAMED_TOOL_CHOICE(true),
        /** Knows tools that take free text, and a choice among some of the tools. */
        CUSTOM_TOOLS(true),
        /** Acts on {@code parallel_tool_calls}. */
        PARALLEL_TOOL_CALLS(true),
        /** Acts on {@code response_format}. */
        RESPONSE_FORMAT(true),
        /** Acts on {@code reasoning_effort}. */
        REASONING_EFFORT(true),
        /** Knows every word of {@code reasoning_effort}; else only low, medium and high. */
        ALL_EFFORTS(true),
        /**
         * Takes {@code top_k}, {@code min_p} and {@code repetition_penalty} beside the dialect's
         * own parameters.
         */
        EXTENDED_SAMPLING(false),
        /** Takes parameters that it does not know; else they must not be sent. */
        UNKNOWN_PARAMETERS(true),
        /** Takes reasoning of earlier turns back in {@code reasoning_content}. */
        REASONING_REPLAY(false),
        /** Must be told a limit of output tokens, since its own is small. */
        NEEDS_MAX_TOKENS(false),
        /** Tells usage in streams when {@code stream_options.include_usage} asks. */
        STREAM_USAGE(true),
        /** Seals thinking and demands the seal back. */
        THINKING_SIGNATURES(true),
        /** Counts the tokens of a request. */
        COUNT_TOKENS(true),
        /** Takes more than four stop sequences. */
        MANY_STOPS(false),
        /** Begins an answer that the client has begun with what the client has said of it. */
        REPEATS_PREFILL(false);

        private final boolean vendor;

        Quirk(boolean vendor) {
            this.vendor = vendor;
        }

        /** The value of the dialect's own vendor. */
        public boolean vendor() {
            return vendor;
        }

        /** The name in configuration, such as {@code developer-role}. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** Copies the map. */
    public Quirks {
        flags = Map.copyOf(flags);
    }

    /** The dialect's own vendor, called {@code server}. */
    public static Quirks vendor(String server) {
        return new Quirks(server, Map.of());
    }

    /** Whether {@code quirk} holds. */
    public boolean is(Quirk quirk) {
        return flags.getOrDefault(quirk, quirk.vendor());
    }

    /** These quirks with {@code overrides} on top. */
    public Quirks with(Map<Quirk, Boolean> overrides) {
        Map<Quirk, Boolean> merged = new TreeMap<>(flags);
        merged.putAll(overrides);
        return new Quirks(server, merged);
    }
}
