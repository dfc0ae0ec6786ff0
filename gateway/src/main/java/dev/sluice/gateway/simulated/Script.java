package dev.sluice.gateway.simulated;

import java.util.Optional;

/** What a simulated model plays. The order is the order in lists. */
enum Script {
    TEXT("text", 60, "A short story."),
    LONG("long", 10_000, 1, 100, "A long story: 10 000 tokens, one each millisecond."),
    SLOW_START("slow-start", 60, 20, 5_000, "A short story whose first token takes 5 seconds."),
    COUNT("count", 20, "Counts from 1, one number a token: a token that is lost or doubled shows."),
    ECHO(
            "echo",
            "Says the text of the last user message again, and names the images and files in it."),
    UNICODE(
            "unicode",
            "Characters of 2, 3 and 4 bytes, quotation marks, control characters, U+2028, a"
                    + " surrogate pair in two tokens and a lone surrogate."),
    TOOL(
            "tool",
            "Some text, then a call of the first tool that the request declares (`get_weather` if"
                    + " it declares none); when the tool has answered, text that uses the answer."),
    PARALLEL_TOOLS(
            "parallel-tools",
            "Calls up to three of the declared tools at once, a single one twice; with no tool"
                    + " declared, three of its own, the last without arguments."),
    THINKING("thinking", 30, "Thinks, seals the thinking with a signature, then answers."),
    REDACTED_THINKING(
            "redacted-thinking",
            30,
            "Thinks, partly so that only its vendor can read it, then answers."),
    THINKING_TOOL("thinking-tool", "Thinks, says something, then calls a tool."),
    REFUSAL("refusal", "Refuses."),
    MAX_TOKENS(
            "max-tokens",
            20,
            "Stops in the middle of a sentence: the limit of output tokens is reached."),
    MAX_TOKENS_INSIDE_TOOL(
            "max-tokens-inside-tool",
            "Calls a tool and reaches the limit inside of the arguments."),
    STOP_SEQUENCE(
            "stop-sequence",
            "Counts up to 50 and meets a stop sequence: the request's, or `4` if it has none."),
    EMPTY("empty", "A block of text with no text in it."),
    STOP_AT_ONCE("stop-at-once", "Ends before it says anything."),
    STALL("stall", 10, "Says 10 tokens and falls silent for ever."),
    STALL_PINGS("stall-pings", 10, "Says 10 tokens, then nothing but a ping each second for ever."),
    STALL_START("stall-start", "Begins and never says a token."),
    CUT("cut", 10, "Says 10 tokens, then its answer is at an end without an end."),
    DISCONNECT("disconnect", 10, "Says 10 tokens, then its connection breaks."),
    ERROR(
            "error",
            "Too many requests: a rate limit before the first token, to be tried again in 2"
                    + " seconds."),
    ERROR_OVERLOADED("error-overloaded", "Too busy: fails before the first token."),
    ERROR_CONTEXT("error-context", "The prompt is too long: fails before the first token."),
    ERROR_MIDWAY("error-midway", 10, "Says 10 tokens, then reports an error.");

    static final int DEFAULT_INTERVAL_MILLIS = 20;
    static final int DEFAULT_FIRST_MILLIS = 100;

    private final String word;
    private final int tokens;
    private final int intervalMillis;
    private final int firstMillis;
    private final String sentence;

    Script(String word, String sentence) {
        this(word, 0, sentence);
    }

    Script(String word, int tokens, String sentence) {
        this(word, tokens, DEFAULT_INTERVAL_MILLIS, DEFAULT_FIRST_MILLIS, sentence);
    }

    Script(String word, int tokens, int intervalMillis, int firstMillis, String sentence) {
        this.word = word;
        this.tokens = tokens;
        this.intervalMillis = intervalMillis;
        this.firstMillis = firstMillis;
        this.sentence = sentence;
    }

    /** The script of that name. */
    static Optional<Script> of(String word) {
        for (Script script : values()) {
            if (script.word.equals(word)) {
                return Optional.of(script);
            }
        }
        return Optional.empty();
    }

    /** Its name. */
    String word() {
        return word;
    }

    /** How many tokens of text it has unless the name says; 0 if its text is fixed. */
    int tokens() {
        return tokens;
    }

    /** Time between tokens unless the name says. */
    int intervalMillis() {
        return intervalMillis;
    }

    /** Time to the first token unless the name says. */
    int firstMillis() {
        return firstMillis;
    }

    /** What it does. */
    String sentence() {
        return sentence;
    }
}
