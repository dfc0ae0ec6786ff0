package dev.sluice.gateway.simulated;

import dev.sluice.core.event.StopReason;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.gateway.simulated.Plan.Ending;
import dev.sluice.gateway.simulated.Plan.Part;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Composes what a model answers to a request. The same name and request give the same answer, but
 * for the ids of calls.
 */
final class Composer {
    /** How many words a sentence goes on that is broken off. */
    private static final int BROKEN_OFF = 6;

    private static final int MOST_RESULT_CHARACTERS = 200;
    private static final int STOP_COUNT = 50;

    private static final String THOUGHTS =
            "The question is short. First I look at what is asked, then at what is known; both"
                    + " agree, so the answer is plain.";

    private static final List<String> CHARACTERS =
            List.of(
                    "Café",
                    " crème",
                    " ☕",
                    " costs",
                    " 3",
                    " €",
                    " —",
                    " 東京",
                    " too",
                    " 🎉",
                    " 👩‍👩‍👧",
                    " עברית",
                    " e\u0301",
                    " \"quoted\"",
                    " C:\\temp",
                    "\t",
                    "</script>",
                    "\u2028",
                    "\u2029",
                    "\u0000",
                    "\u0001",
                    "\u007f",
                    "\ufeff",
                    "\ufffd",
                    " half",
                    " \ud83d",
                    "\ude00",
                    " lone",
                    " \udc00",
                    ".\n");

    private final String name;
    private final ModelName model;
    private final Request request;
    private final Prompt prompt;
    private final Tooling tooling;
    private final String callIds;
    private int calls;

    /**
     * For one answer.
     *
     * @param name the model's name, which seeds the text
     * @param model the same, read
     * @param callIds what the ids of tool calls begin with
     */
    Composer(String name, ModelName model, Request request, Prompt prompt, String callIds) {
        this.name = name;
        this.model = model;
        this.request = request;
        this.prompt = prompt;
        this.tooling = new Tooling(request);
        this.callIds = callIds;
    }

    /**
     * The answer.
     *
     * @throws dev.sluice.core.failure.FailureException when there is no answer: the script is to
     *     fail at once, or the request asks for what cannot be
     * @throws dev.sluice.core.json.MalformedJson when a schema cannot be followed
     */
    Plan compose() {
        return switch (model.script()) {
            case TEXT, LONG, SLOW_START -> answer(story());
            case COUNT -> answer(counted(model.tokens(), ""));
            case ECHO -> answer(Tokens.words(prompt.lastUserMessage()));
            case UNICODE -> answer(Tokens.of(CHARACTERS));
            case TOOL -> tools(1);
            case PARALLEL_TOOLS -> tools(3);
            case THINKING -> after(openThinking(), answer(story()));
            case REDACTED_THINKING -> after(redactedThinking(), answer(story()));
            case THINKING_TOOL -> after(openThinking(), tools(1));
            case REFUSAL ->
                    stopped(
                            Part.refusal(Tokens.words("I can't help with that.")),
                            StopReason.REFUSAL);
            case MAX_TOKENS -> stopped(Part.text(brokenOff()), StopReason.MAX_TOKENS);
            case MAX_TOKENS_INSIDE_TOOL -> insideTool();
            case STOP_SEQUENCE -> counting();
            case EMPTY -> stopped(Part.text(Collections.emptyIterator()), StopReason.END_TURN);
            case STOP_AT_ONCE ->
                    new Plan(List.of(), new Ending.Stopped(StopReason.END_TURN), stops());
            case STALL -> endless(new Ending.Silent(false));
            case STALL_PINGS -> endless(new Ending.Silent(true));
            case STALL_START -> new Plan(List.of(), new Ending.Silent(false), stops());
            case CUT -> endless(new Ending.Broken(Failures.cut()));
            case DISCONNECT -> endless(new Ending.Broken(Failures.disconnected()));
            case ERROR -> throw Failures.rateLimit().asException();
            case ERROR_OVERLOADED -> throw Failures.overloaded("error-overloaded").asException();
            case ERROR_CONTEXT -> throw Failures.contextTooLong(prompt.tokens()).asException();
            case ERROR_MIDWAY -> endless(new Ending.Failed(Failures.overloaded("error-midway")));
        };
    }

    /** Text, unless the request wants a tool called or JSON. */
    private Plan answer(Iterator<Token> text) {
        if (tooling.forced()) {
            return calling(1);
        }
        return stopped(Part.text(formatted(text)), StopReason.END_TURN);
    }

    private Iterator<Token> formatted(Iterator<Token> text) {
        return switch (request.responseFormat()) {
            case null -> text;
            case ResponseFormat.PlainText _ -> text;
            case ResponseFormat.JsonObject _ -> Tokens.pieces("{\"answer\":\"example\"}");
            case ResponseFormat.JsonSchema format ->
                    Tokens.pieces(ExampleJson.of(format.schema(), 0));
        };
    }

    private Plan tools(int most) {
        if (tooling.forced()) {
            return calling(most);
        }
        if (!prompt.results().isEmpty()) {
            return answer(Tokens.words(findings()));
        }
        return tooling.forbidden() ? answer(story()) : calling(most);
    }

    private Plan calling(int most) {
        List<Tooling.Call> all = tooling.calls(most);
        List<Part> parts = new ArrayList<>();
        if (most == 1) {
            parts.add(Part.text(Tokens.words(announcement(all.getFirst()))));
        }
        for (Tooling.Call call : all) {
            parts.add(part(call));
        }
        return new Plan(parts, new Ending.Stopped(StopReason.TOOL_USE), stops());
    }

    private static String announcement(Tooling.Call call) {
        return call.name().equals("get_weather")
                ? "I will check the weather."
                : "I will call " + call.name() + ".";
    }

    private Part part(Tooling.Call call) {
        return Part.tool(
                callIds + calls++, call.name(), call.custom(), Tokens.pieces(call.arguments()));
    }

    private Plan insideTool() {
        if (tooling.forbidden()) {
            return stopped(Part.text(brokenOff()), StopReason.MAX_TOKENS);
        }
        Tooling.Call call = tooling.calls(1).getFirst();
        String half = Tokens.start(call.arguments(), call.arguments().length() / 2);
        return stopped(
                part(new Tooling.Call(call.name(), half, call.custom())), StopReason.MAX_TOKENS);
    }

    /** What the tools have answered, in a sentence for each. */
    private String findings() {
        StringBuilder sentences = new StringBuilder();
        for (Block.ToolResult result : prompt.results()) {
            sentences
                    .append(sentences.isEmpty() ? "" : "\n")
                    .append(prompt.toolCalled(result.toolUseId()))
                    .append(result.isError() ? " failed: " : " said: ")
                    .append(
                            Tokens.shortened(
                                    Prompt.words(result.content()), MOST_RESULT_CHARACTERS));
        }
        return sentences.toString();
    }

    private Plan counting() {
        List<String> stops = stops().isEmpty() ? List.of("4") : stops();
        return new Plan(
                List.of(Part.text(counted(STOP_COUNT, ","))),
                new Ending.Stopped(StopReason.END_TURN),
                stops);
    }

    private static Iterator<Token> counted(int to, String separator) {
        return new Iterator<>() {
            private int last;

            @Override
            public boolean hasNext() {
                return last < to;
            }

            @Override
            public Token next() {
                if (last == to) {
                    throw new NoSuchElementException();
                }
                last++;
                return Token.of((last == 1 ? "" : " ") + last + (last < to ? separator : "."));
            }
        };
    }

    private Part thinking() {
        boolean shown = asked() != ThinkingConfig.Show.OMITTED;
        return Part.thinking(Tokens.words(THOUGHTS), shown, Text.of(sealed("thinking")));
    }

    private ThinkingConfig.Show asked() {
        ThinkingConfig config = request.thinking();
        return config == null ? ThinkingConfig.Show.UNSAID : config.show();
    }

    /** Bytes that look like a vendor's seal; the same for the same name. */
    private String sealed(String what) {
        String bytes = "simulated " + what + " " + Seed.digest(name);
        return Base64.getEncoder().encodeToString(bytes.getBytes(StandardCharsets.UTF_8));
    }

    private List<Part> openThinking() {
        return List.of(thinking());
    }

    private List<Part> redactedThinking() {
        Raw data = Raw.of("\"" + sealed("redacted thinking") + "\"");
        return List.of(thinking(), Part.redacted(data));
    }

    /** The thinking before the answer, unless the request wants none. */
    private Plan after(List<Part> thinking, Plan answer) {
        ThinkingConfig config = request.thinking();
        if (config != null && config.mode() == ThinkingConfig.Mode.OFF) {
            return answer;
        }
        List<Part> parts = new ArrayList<>(thinking);
        parts.addAll(answer.parts());
        return new Plan(parts, answer.ending(), answer.stops());
    }

    private Iterator<Token> story() {
        int words = model.tokens() == 0 ? Script.TEXT.tokens() : model.tokens();
        return new Story(seed(), words, words);
    }

    private Iterator<Token> brokenOff() {
        int told = model.tokens() == 0 ? Script.MAX_TOKENS.tokens() : model.tokens();
        return new Story(seed(), told + BROKEN_OFF, told);
    }

    private Seed seed() {
        Long seed = request.sampling().seed();
        return Seed.of(name, seed == null ? 0 : seed);
    }

    private Plan stopped(Part part, StopReason reason) {
        return new Plan(List.of(part), new Ending.Stopped(reason), stops());
    }

    private Plan endless(Ending ending) {
        return new Plan(List.of(Part.text(brokenOff())), ending, stops());
    }

    private List<String> stops() {
        return request.sampling().stop();
    }
}
