package dev.sluice.dialect;

import static dev.sluice.core.dialect.Quirks.Quirk.ALL_EFFORTS;
import static dev.sluice.core.dialect.Quirks.Quirk.COUNT_TOKENS;
import static dev.sluice.core.dialect.Quirks.Quirk.CUSTOM_TOOLS;
import static dev.sluice.core.dialect.Quirks.Quirk.DEVELOPER_ROLE;
import static dev.sluice.core.dialect.Quirks.Quirk.EXTENDED_SAMPLING;
import static dev.sluice.core.dialect.Quirks.Quirk.IMAGE_URLS;
import static dev.sluice.core.dialect.Quirks.Quirk.MANY_STOPS;
import static dev.sluice.core.dialect.Quirks.Quirk.MAX_COMPLETION_TOKENS;
import static dev.sluice.core.dialect.Quirks.Quirk.MEDIA;
import static dev.sluice.core.dialect.Quirks.Quirk.NAMED_TOOL_CHOICE;
import static dev.sluice.core.dialect.Quirks.Quirk.NEEDS_MAX_TOKENS;
import static dev.sluice.core.dialect.Quirks.Quirk.PARALLEL_TOOL_CALLS;
import static dev.sluice.core.dialect.Quirks.Quirk.REASONING_EFFORT;
import static dev.sluice.core.dialect.Quirks.Quirk.REASONING_REPLAY;
import static dev.sluice.core.dialect.Quirks.Quirk.REPEATS_PREFILL;
import static dev.sluice.core.dialect.Quirks.Quirk.RESPONSE_FORMAT;
import static dev.sluice.core.dialect.Quirks.Quirk.STRICT_FRAMES;
import static dev.sluice.core.dialect.Quirks.Quirk.SYSTEM_PARTS;
import static dev.sluice.core.dialect.Quirks.Quirk.THINKING_SIGNATURES;
import static dev.sluice.core.dialect.Quirks.Quirk.TOOL_CHOICE;
import static dev.sluice.core.dialect.Quirks.Quirk.UNKNOWN_PARAMETERS;

import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Quirks.Quirk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The servers that are known to speak a dialect, and how each differs from the dialect's own
 * vendor. One table, so that what is known of a server stands in one place; configuration can say
 * otherwise for each upstream.
 */
public final class KnownServers {
    /** The vendor of OpenAI Chat Completions. */
    public static final String OPENAI = "openai";

    /** mlx_lm.server. */
    public static final String MLX_LM = "mlx-lm";

    /** Ollama: its own API, and its paths below {@code /v1}. */
    public static final String OLLAMA = "ollama";

    /** The server of llama.cpp. */
    public static final String LLAMA_CPP = "llama.cpp";

    /** vLLM. */
    public static final String VLLM = "vllm";

    /** LM Studio. */
    public static final String LM_STUDIO = "lm-studio";

    /** Another gateway like this one. */
    public static final String SLUICE = "sluice";

    /** A server that speaks a dialect and of which nothing more is known. */
    public static final String COMPATIBLE = "compatible";

    /** Amazon Bedrock. */
    public static final String BEDROCK = "bedrock";

    /** The vendor of Anthropic Messages. */
    public static final String ANTHROPIC = "anthropic";

    /** The vendor of the Gemini API. */
    public static final String GOOGLE = "google";

    private static final String CHAT = "openai-chat";

    private static final String RESPONSES = "openai-responses";

    private static final Map<String, Map<String, Quirks>> TABLE = new LinkedHashMap<>();

    static {
        // The dialect has no count of tokens, whoever speaks it.
        add(CHAT, OPENAI, no(COUNT_TOKENS), yes());
        add(
                CHAT,
                MLX_LM,
                no(
                        COUNT_TOKENS,
                        STRICT_FRAMES,
                        // Newer ones know it too; the old name goes with all.
                        MAX_COMPLETION_TOKENS,
                        DEVELOPER_ROLE,
                        // Joins parts without anything between them.
                        SYSTEM_PARTS,
                        MEDIA,
                        IMAGE_URLS,
                        TOOL_CHOICE,
                        CUSTOM_TOOLS,
                        PARALLEL_TOOL_CALLS,
                        RESPONSE_FORMAT,
                        REASONING_EFFORT,
                        UNKNOWN_PARAMETERS),
                yes(EXTENDED_SAMPLING, NEEDS_MAX_TOKENS, MANY_STOPS));
        add(
                CHAT,
                OLLAMA,
                no(
                        COUNT_TOKENS,
                        STRICT_FRAMES,
                        MAX_COMPLETION_TOKENS,
                        DEVELOPER_ROLE,
                        SYSTEM_PARTS,
                        IMAGE_URLS,
                        TOOL_CHOICE,
                        CUSTOM_TOOLS,
                        ALL_EFFORTS,
                        PARALLEL_TOOL_CALLS),
                yes(MANY_STOPS));
        add(
                CHAT,
                LLAMA_CPP,
                no(
                        COUNT_TOKENS,
                        STRICT_FRAMES,
                        MAX_COMPLETION_TOKENS,
                        DEVELOPER_ROLE,
                        SYSTEM_PARTS,
                        // An object as the choice counts as none.
                        NAMED_TOOL_CHOICE,
                        CUSTOM_TOOLS,
                        ALL_EFFORTS,
                        REASONING_EFFORT),
                yes(EXTENDED_SAMPLING, MANY_STOPS, REASONING_REPLAY, REPEATS_PREFILL));
        add(
                CHAT,
                VLLM,
                no(
                        COUNT_TOKENS,
                        STRICT_FRAMES,
                        DEVELOPER_ROLE,
                        SYSTEM_PARTS,
                        CUSTOM_TOOLS,
                        ALL_EFFORTS),
                yes(EXTENDED_SAMPLING, MANY_STOPS, REASONING_REPLAY));
        add(
                CHAT,
                LM_STUDIO,
                no(
                        COUNT_TOKENS,
                        STRICT_FRAMES,
                        MAX_COMPLETION_TOKENS,
                        DEVELOPER_ROLE,
                        SYSTEM_PARTS,
                        IMAGE_URLS,
                        NAMED_TOOL_CHOICE,
                        CUSTOM_TOOLS,
                        ALL_EFFORTS,
                        PARALLEL_TOOL_CALLS),
                yes(EXTENDED_SAMPLING, MANY_STOPS));
        add(CHAT, SLUICE, no(COUNT_TOKENS), yes(EXTENDED_SAMPLING, MANY_STOPS, REASONING_REPLAY));
        add(
                CHAT,
                COMPATIBLE,
                no(
                        COUNT_TOKENS,
                        STRICT_FRAMES,
                        MAX_COMPLETION_TOKENS,
                        DEVELOPER_ROLE,
                        SYSTEM_PARTS,
                        CUSTOM_TOOLS,
                        ALL_EFFORTS,
                        // Some refuse members that they do not know.
                        REASONING_EFFORT),
                yes());

        add(RESPONSES, OPENAI, no(), yes());
        add(RESPONSES, SLUICE, no(), yes());
        add(
                RESPONSES,
                OLLAMA,
                no(
                        STRICT_FRAMES,
                        COUNT_TOKENS,
                        DEVELOPER_ROLE,
                        IMAGE_URLS,
                        TOOL_CHOICE,
                        CUSTOM_TOOLS,
                        PARALLEL_TOOL_CALLS),
                yes());
        add(
                RESPONSES,
                LLAMA_CPP,
                // Its events have no indices.
                no(STRICT_FRAMES, COUNT_TOKENS, DEVELOPER_ROLE, CUSTOM_TOOLS, REASONING_EFFORT),
                yes(REASONING_REPLAY));
        add(RESPONSES, VLLM, no(STRICT_FRAMES, COUNT_TOKENS, CUSTOM_TOOLS), yes(REASONING_REPLAY));
        add(
                RESPONSES,
                LM_STUDIO,
                no(STRICT_FRAMES, COUNT_TOKENS, DEVELOPER_ROLE, IMAGE_URLS, CUSTOM_TOOLS),
                yes());
        add(
                RESPONSES,
                COMPATIBLE,
                no(STRICT_FRAMES, COUNT_TOKENS, DEVELOPER_ROLE, CUSTOM_TOOLS),
                yes());

        add(ANTHROPIC, ANTHROPIC, no(), yes(MANY_STOPS, EXTENDED_SAMPLING));
        add(ANTHROPIC, SLUICE, no(), yes(MANY_STOPS, EXTENDED_SAMPLING));
        add(
                ANTHROPIC,
                OLLAMA,
                no(
                        STRICT_FRAMES,
                        COUNT_TOKENS,
                        IMAGE_URLS,
                        TOOL_CHOICE,
                        RESPONSE_FORMAT,
                        THINKING_SIGNATURES),
                yes(MANY_STOPS, EXTENDED_SAMPLING));
        add(
                ANTHROPIC,
                LLAMA_CPP,
                // Its blocks overlap and its seals are empty.
                no(STRICT_FRAMES, RESPONSE_FORMAT, THINKING_SIGNATURES),
                yes(MANY_STOPS, EXTENDED_SAMPLING, REPEATS_PREFILL));
        add(
                ANTHROPIC,
                LM_STUDIO,
                no(STRICT_FRAMES, COUNT_TOKENS, IMAGE_URLS, RESPONSE_FORMAT, THINKING_SIGNATURES),
                yes(MANY_STOPS, EXTENDED_SAMPLING));
        add(
                ANTHROPIC,
                COMPATIBLE,
                no(STRICT_FRAMES, COUNT_TOKENS),
                yes(MANY_STOPS, EXTENDED_SAMPLING));

        add(
                OLLAMA,
                OLLAMA,
                no(
                        COUNT_TOKENS,
                        // Levels but `low`, `medium` and `high` are newer than most servers.
                        ALL_EFFORTS),
                yes(REASONING_REPLAY, MANY_STOPS, EXTENDED_SAMPLING));
        add(
                OLLAMA,
                COMPATIBLE,
                no(COUNT_TOKENS, STRICT_FRAMES, ALL_EFFORTS),
                yes(REASONING_REPLAY, MANY_STOPS, EXTENDED_SAMPLING));
        add(BEDROCK, BEDROCK, no(IMAGE_URLS, CUSTOM_TOOLS), yes(MANY_STOPS, EXTENDED_SAMPLING));
        add(
                BEDROCK,
                COMPATIBLE,
                no(STRICT_FRAMES, COUNT_TOKENS, IMAGE_URLS, CUSTOM_TOOLS),
                yes(MANY_STOPS, EXTENDED_SAMPLING));
    }

    static {
        String gemini = "gemini";
        add(gemini, GOOGLE, no(), yes());
        add(gemini, COMPATIBLE, no(STRICT_FRAMES, COUNT_TOKENS), yes());
    }

    private KnownServers() {}

    private static Quirk[] no(Quirk... quirks) {
        return quirks;
    }

    private static Quirk[] yes(Quirk... quirks) {
        return quirks;
    }

    private static void add(String dialect, String server, Quirk[] no, Quirk[] yes) {
        Map<Quirk, Boolean> flags = new LinkedHashMap<>();
        for (Quirk quirk : no) {
            flags.put(quirk, false);
        }
        for (Quirk quirk : yes) {
            flags.put(quirk, true);
        }
        TABLE.computeIfAbsent(dialect, _ -> new LinkedHashMap<>())
                .put(server, new Quirks(server, flags));
    }

    /** The quirks of {@code server} where it speaks {@code dialect}; empty if that is not known. */
    public static Optional<Quirks> find(String dialect, String server) {
        return Optional.ofNullable(TABLE.getOrDefault(dialect, Map.of()).get(server));
    }

    /** The quirks to go by where {@code dialect} is spoken and the server is not known. */
    public static Quirks compatible(String dialect) {
        return find(dialect, COMPATIBLE).orElseGet(() -> Quirks.vendor(COMPATIBLE));
    }

    /** The servers that are known to speak {@code dialect}, its vendor first. */
    public static List<String> names(String dialect) {
        return new ArrayList<>(TABLE.getOrDefault(dialect, Map.of()).keySet());
    }

    /** Every server that is known for any dialect, in the order of the alphabet. */
    public static List<String> names() {
        return TABLE.values().stream()
                .flatMap(servers -> servers.keySet().stream())
                .distinct()
                .sorted(Comparator.naturalOrder())
                .toList();
    }
}
