package dev.sluice.sdktests;

import java.util.ArrayList;
import java.util.List;

/**
 * What a test asks, before a library gives it its shape.
 *
 * @param model the model's name; empty means the one in the upstream's golden streams
 * @param system the system prompt; empty means none
 * @param turns the conversation so far
 * @param tools what the model may call
 * @param mustCall whether it must call one of them
 * @param maxTokens how long the answer may be, in tokens
 * @param stops texts at which it ends
 * @param thinkingTokens how long it may think, in tokens; 0 means that thinking is not mentioned
 */
record Question(
        String model,
        String system,
        List<Turn> turns,
        List<Tool> tools,
        boolean mustCall,
        long maxTokens,
        List<String> stops,
        long thinkingTokens) {

    /** One contribution to a conversation. */
    sealed interface Turn {}

    /** The user says something. */
    record Said(String text) implements Turn {}

    /** The user shows a picture and says something. */
    record Showed(Picture picture, String text) implements Turn {}

    /** The model's answer, replayed as the library replays it. */
    record Answered(Heard heard) implements Turn {}

    /** What the called tools gave, in this order. */
    record Returned(List<Result> results) implements Turn {}

    /** What one call gave. */
    record Result(String callId, String text) {}

    /** A picture in a request. */
    sealed interface Picture {}

    /** A picture in the request itself, in Base64. */
    record Inline(String mediaType, String base64) implements Picture {}

    /** A picture elsewhere. */
    record Linked(String url) implements Picture {}

    /** A tool whose only argument is the string {@code city}. */
    record Tool(String name, String description) {}

    Question {
        turns = List.copyOf(turns);
        tools = List.copyOf(tools);
        stops = List.copyOf(stops);
    }

    /** A question of a few words. */
    static Question of(String text) {
        return new Question("", "", List.of(new Said(text)), List.of(), false, 4000, List.of(), 0);
    }

    /** The question with which the golden conversations about tools begin. */
    static Question aboutWeather() {
        return of("How is the weather, and what time is it?")
                .withTools(
                        new Tool("get_weather", "the weather in a city"),
                        new Tool("get_time", "the time in a city"),
                        new Tool("ping_host", "whether the host is there"));
    }

    Question withModel(String name) {
        return new Question(name, system, turns, tools, mustCall, maxTokens, stops, thinkingTokens);
    }

    Question withSystem(String prompt) {
        return new Question(
                model, prompt, turns, tools, mustCall, maxTokens, stops, thinkingTokens);
    }

    Question withTools(Tool... all) {
        return new Question(
                model, system, turns, List.of(all), mustCall, maxTokens, stops, thinkingTokens);
    }

    Question withCallDemanded() {
        return new Question(model, system, turns, tools, true, maxTokens, stops, thinkingTokens);
    }

    Question withMaxTokens(long most) {
        return new Question(model, system, turns, tools, mustCall, most, stops, thinkingTokens);
    }

    Question withStops(String... all) {
        return new Question(
                model, system, turns, tools, mustCall, maxTokens, List.of(all), thinkingTokens);
    }

    Question withThinking(long most) {
        return new Question(model, system, turns, tools, mustCall, maxTokens, stops, most);
    }

    /** The conversation goes on. */
    Question then(Turn... more) {
        List<Turn> all = new ArrayList<>(turns);
        all.addAll(List.of(more));
        return new Question(model, system, all, tools, mustCall, maxTokens, stops, thinkingTokens);
    }

    /** The model has answered with calls, and each gave a text that names it. */
    Question thenResultsOf(Heard heard) {
        List<Result> results =
                heard.calls().stream()
                        .map(call -> new Result(call.id(), "result of " + call.name()))
                        .toList();
        return then(new Answered(heard), new Returned(results));
    }
}
