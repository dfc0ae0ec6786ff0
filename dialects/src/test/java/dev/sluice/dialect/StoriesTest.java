package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.BedrockStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.GeminiStreamValidator;
import dev.sluice.testkit.stream.OllamaStreamValidator;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;
import dev.sluice.testkit.stream.OpenAiResponsesStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

/**
 * The five stories that every vendor's transcripts tell, from each dialect to each: text, thinking,
 * calls of tools, the stop reason and the counts are the same at the other end.
 */
class StoriesTest {
    static Stream<Arguments> pairs() {
        return Dialects.all().stream()
                .flatMap(
                        from ->
                                Dialects.all().stream()
                                        .flatMap(
                                                to ->
                                                        Stream.of("01", "02", "03", "04", "05")
                                                                .map(
                                                                        story ->
                                                                                Arguments.of(
                                                                                        from.name(),
                                                                                        to.name(),
                                                                                        story))));
    }

    private static Dialect dialect(String name) {
        return Dialects.find(name).orElseThrow();
    }

    private static List<Event> read(Dialect dialect, byte[] stream) {
        return Wire.decode(dialect, Wire.foreign(), List.of(stream));
    }

    private static List<Event> story(String dialect, String number) {
        return read(dialect(dialect), Goldens.one(dialect, number).bytes());
    }

    private static FoldedAnswer judged(Dialect dialect, byte[] stream) {
        return switch (dialect.name()) {
            case "openai-chat" -> OpenAiChatStreamValidator.expectingUsage().validate(stream);
            case "openai-responses" -> OpenAiResponsesStreamValidator.strict().validate(stream);
            case "anthropic" -> AnthropicStreamValidator.strict().validate(stream);
            case "bedrock" -> BedrockStreamValidator.validate(stream);
            case "ollama" -> OllamaStreamValidator.strict().validate(stream);
            case "gemini" -> GeminiStreamValidator.strict().validate(stream);
            default -> throw new IllegalArgumentException("no judge of " + dialect.name());
        };
    }

    private static String said(Answer answer, BlockKind kind) {
        StringBuilder all = new StringBuilder();
        answer.blocks().stream()
                .filter(block -> block.kind() == kind)
                .forEach(block -> all.append(block.text()));
        return all.toString();
    }

    /** The calls; their ids only where the teller has some of its own. */
    private static List<String> calls(Answer answer, boolean ids) {
        return answer.blocks().stream()
                .filter(block -> block.kind() == BlockKind.TOOL_USE)
                .map(
                        call ->
                                (ids ? call.id() + " " : "")
                                        + call.name()
                                        + " "
                                        + Json.parse(
                                                call.text().isEmpty()
                                                        ? "{}"
                                                        : call.text().toString()))
                .toList();
    }

    private static void assertSameStory(Answer heard, Answer told) {
        boolean ids = told.blocks().stream().noneMatch(b -> b.name().length() > b.id().length());
        assertThat(heard.text()).isEqualTo(told.text());
        assertThat(said(heard, BlockKind.THINKING)).isEqualTo(said(told, BlockKind.THINKING));
        assertThat(calls(heard, ids)).isEqualTo(calls(told, ids));
        assertThat(heard.stopReason()).isEqualTo(told.stopReason());
        assertThat(heard.usage().totalInput()).isEqualTo(told.usage().totalInput());
        assertThat(heard.usage().output()).isEqualTo(told.usage().output());
    }

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @MethodSource("pairs")
    @Tag("R28")
    @Tag("R34")
    @Tag("R40")
    @Tag("R43")
    @Tag("R48")
    @Tag("R49")
    void isTheSameInAStream(String from, String to, String number) {
        List<Event> events = story(from, number);
        byte[] stream = Wire.encode(dialect(to), Wire.context(false), events);
        assertThat(judged(dialect(to), stream).isComplete()).isTrue();
        assertSameStory(Wire.answer(read(dialect(to), stream)), Wire.answer(events));
    }

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @MethodSource("pairs")
    @Tag("R28")
    void isTheSameInOnePiece(String from, String to, String number) {
        Answer told = Wire.answer(story(from, number));
        byte[] body = dialect(to).encodeAnswer(told, Wire.context(false));
        assertSameStory(Wire.answer(Wire.decodeAnswer(dialect(to), Wire.foreign(), body)), told);
    }
}
