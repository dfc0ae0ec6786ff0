package dev.sluice.dialect.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.Wire;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.BedrockStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

/** The same story from every upstream to clients of this dialect, and from this one to all. */
class BedrockPairsTest {
    private static final List<String> OTHERS =
            List.of("openai-chat", "openai-responses", "anthropic", "ollama");

    static Stream<Arguments> stories() {
        return OTHERS.stream()
                .flatMap(
                        other ->
                                Stream.of("01", "02", "03", "04", "05")
                                        .map(story -> Arguments.of(other, story)));
    }

    private static List<Event> read(Dialect dialect, byte[] stream) {
        return Wire.decode(dialect, Wire.foreign(), List.of(stream));
    }

    private static String thinking(Answer answer) {
        StringBuilder all = new StringBuilder();
        answer.blocks().stream()
                .filter(block -> block.kind() == BlockKind.THINKING)
                .forEach(block -> all.append(block.text()));
        return all.toString();
    }

    private static List<String> calls(Answer answer) {
        return answer.blocks().stream()
                .filter(block -> block.kind() == BlockKind.TOOL_USE)
                .map(
                        block ->
                                block.name()
                                        + " "
                                        + Json.parse(
                                                block.text().isEmpty()
                                                        ? "{}"
                                                        : block.text().toString()))
                .toList();
    }

    private static void assertSameStory(Answer read, Answer told) {
        assertThat(read.text()).isEqualTo(told.text());
        assertThat(thinking(read)).isEqualTo(thinking(told));
        assertThat(calls(read)).isEqualTo(calls(told));
        assertThat(read.stopReason()).isEqualTo(told.stopReason());
        assertThat(read.usage().totalInput()).isEqualTo(told.usage().totalInput());
        assertThat(read.usage().output()).isEqualTo(told.usage().output());
    }

    @ParameterizedTest
    @MethodSource("stories")
    @Tag("R28")
    @Tag("R40")
    @Tag("R48")
    void tellsItsClientsWhatAnotherUpstreamSaid(String other, String story) {
        Dialect from = Dialects.find(other).orElseThrow();
        List<Event> events = read(from, Goldens.one(other, story).bytes());
        byte[] stream = Wire.encode(Requests.DIALECT, Wire.context(false), events);
        assertThat(BedrockStreamValidator.validate(stream).isComplete()).isTrue();
        assertSameStory(Wire.answer(read(Requests.DIALECT, stream)), Wire.answer(events));
    }

    @ParameterizedTest
    @MethodSource("stories")
    @Tag("R28")
    @Tag("R40")
    @Tag("R48")
    void tellsOtherClientsWhatItsUpstreamSaid(String other, String story) {
        Dialect to = Dialects.find(other).orElseThrow();
        List<Event> events = read(Requests.DIALECT, Goldens.one("bedrock", story).bytes());
        byte[] stream = Wire.encode(to, Wire.context(false), events);
        assertSameStory(Wire.answer(read(to, stream)), Wire.answer(events));
    }
}
