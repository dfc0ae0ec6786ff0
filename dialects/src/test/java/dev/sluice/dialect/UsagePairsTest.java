package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.Text;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a model has counted, told by an upstream of each dialect to a client of each: the sums stay
 * the same, and so does every part that both wires have a place for.
 */
class UsagePairsTest {
    private static final Usage COUNTED = Usage.of(24, 64, 120, 71, 50);

    static Stream<Arguments> pairs() {
        return Dialects.all().stream()
                .flatMap(
                        from ->
                                Dialects.all().stream()
                                        .map(to -> Arguments.of(from.name(), to.name())));
    }

    /** What of {@code usage} is known to those who have read it on the wire of {@code dialect}. */
    private static Usage on(String dialect, Usage usage) {
        return switch (dialect) {
            // OpenAI counts the cache into the prompt, with a place for each part of it; Anthropic
            // beside it.
            case "openai-chat", "openai-responses", "anthropic" -> usage;
            // As Anthropic, but nobody is told what was thinking.
            case "bedrock" ->
                    Usage.of(
                            usage.input(),
                            usage.cacheRead(),
                            usage.cacheWrite(),
                            usage.output(),
                            0);
            // What was written to a cache is a part of the prompt like any other.
            case "gemini" ->
                    Usage.of(
                            usage.input() + usage.cacheWrite(),
                            usage.cacheRead(),
                            0,
                            usage.output(),
                            usage.reasoning());
            case "ollama" -> Usage.of(usage.totalInput(), 0, 0, usage.output(), 0);
            default -> throw new IllegalArgumentException("no table of " + dialect);
        };
    }

    private static List<Event> message(Usage usage) {
        return List.of(
                new Event.MessageStart("m", "m", 1, Usage.NONE),
                BlockStart.of(0, BlockKind.TEXT),
                new Event.Delta(0, DeltaKind.TEXT, Text.of("a")),
                new Event.BlockStop(0),
                new Event.MessageDelta(StopReason.END_TURN, null, usage),
                Event.STOP);
    }

    private static List<Event> streamed(Dialect dialect, List<Event> events) {
        return Wire.decode(
                dialect,
                Wire.foreign(),
                List.of(Wire.encode(dialect, Wire.context(false), events)));
    }

    private static List<Event> whole(Dialect dialect, List<Event> events) {
        return Wire.decodeAnswer(
                dialect,
                Wire.foreign(),
                dialect.encodeAnswer(Wire.answer(events), Wire.context(false)));
    }

    private static void assertCounts(List<Event> heard, Usage expected) {
        Usage usage = Wire.answer(heard).usage();
        assertThat(
                        Usage.of(
                                Math.max(0, usage.input()),
                                Math.max(0, usage.cacheRead()),
                                Math.max(0, usage.cacheWrite()),
                                Math.max(0, usage.output()),
                                Math.max(0, usage.reasoning())))
                .isEqualTo(expected);
        assertThat(usage.totalInput()).isEqualTo(COUNTED.totalInput());
        assertThat(usage.output()).isEqualTo(COUNTED.output());
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    @Tag("R28")
    void countsTheSame(String from, String to) {
        Dialect upstream = Dialects.find(from).orElseThrow();
        Dialect client = Dialects.find(to).orElseThrow();
        Usage expected = on(to, on(from, COUNTED));
        assertCounts(streamed(client, streamed(upstream, message(COUNTED))), expected);
        assertCounts(whole(client, streamed(upstream, message(COUNTED))), expected);
        assertCounts(streamed(client, whole(upstream, message(COUNTED))), expected);
    }
}
