package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Tap.Sight;
import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.JsonSubset;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

/** What the golden streams show beside what every dialect keeps. */
class AnthropicGoldenTest {
    static List<Golden> all() {
        return Goldens.anthropic();
    }

    /** Those that end well, and whose calls are whole. */
    static List<Golden> whole() {
        return all().stream()
                .filter(golden -> !golden.endsInError() && !golden.name().startsWith("06"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("whole")
    void readsTheUnstreamedAnswerAsTheStream(Golden golden) {
        Accumulator streamed = Wire.fold(Wire.decode(golden.bytes()));
        Accumulator whole = Wire.fold(Wire.decodeAnswer(golden.expected().toString()));
        assertThat(whole.complete()).isTrue();
        assertThat(Json.parse(Wire.DIALECT.encodeAnswer(whole.answer(), Wire.SAME)))
                .isEqualTo(Json.parse(Wire.DIALECT.encodeAnswer(streamed.answer(), Wire.SAME)));
    }

    @ParameterizedTest
    @MethodSource("all")
    @Tag("R15")
    @Tag("R40")
    void writesWhatEveryClientTakes(Golden golden) {
        FoldedAnswer original = AnthropicStreamValidator.strict().validate(golden.bytes());
        byte[] written = Wire.encode(Wire.decode(golden.bytes()), Wire.SAME);
        FoldedAnswer folded = AnthropicStreamValidator.strict().validate(written);
        assertThat(folded.isComplete()).isEqualTo(original.isComplete());
        assertThat(folded.toolCalls()).isEqualTo(original.toolCalls());
        JsonSubset.assertSubset(
                original.isComplete() ? golden.expected() : Json.object(), folded.response());
    }

    @ParameterizedTest
    @MethodSource("whole")
    @Tag("R36")
    @Tag("R42")
    void keepsEveryByteOfArguments(Golden golden) {
        FoldedAnswer original = AnthropicStreamValidator.strict().validate(golden.bytes());
        List<String> arguments =
                Wire.fold(Wire.decode(golden.bytes())).answer().blocks().stream()
                        .filter(block -> block.kind() == BlockKind.TOOL_USE)
                        .map(block -> block.text().toString())
                        .toList();
        assertThat(arguments)
                .isEqualTo(original.toolCalls().stream().map(call -> call.arguments()).toList());
    }

    @ParameterizedTest
    @MethodSource("all")
    void relaySeesWhatTranslationReads(Golden golden) {
        Accumulator folded = Wire.fold(Wire.decode(golden.bytes()));
        Splits.forEach(
                Splits.usual(golden.bytes()),
                pieces -> {
                    Wire.Watched watched = Wire.watch(pieces);
                    assertThat(watched.tap().usage()).isEqualTo(folded.answer().usage());
                    assertThat(watched.tap().model()).isEqualTo(folded.answer().model());
                    assertThat(watched.tap().failure()).isEqualTo(folded.failure());
                    if (folded.complete()) {
                        assertThat(watched.tap().stopReason())
                                .contains(folded.answer().stopReason());
                        assertThat(watched.sights().getLast()).isEqualTo(Sight.END);
                        assertThat(watched.tap().onEnd(new ByteBuilder())).isEmpty();
                    } else {
                        assertThat(watched.sights().getLast()).isEqualTo(Sight.FAILURE);
                    }
                });
    }

    @Test
    @Tag("R39")
    void leavesACallThatALimitCutOutOfAnUnstreamedAnswer() {
        Golden golden = Goldens.one("anthropic", "06");
        Accumulator folded = Wire.fold(Wire.decode(golden.bytes()));
        assertThat(folded.answer().blocks().getFirst().text().toString())
                .isEqualTo(
                        golden.expected()
                                .path("content")
                                .path(0)
                                .path("x_partial_input_json")
                                .stringValue());
        String answer = Json.utf8(Wire.DIALECT.encodeAnswer(folded.answer(), Wire.SAME));
        assertThat(Json.parse(answer).path("content").size()).isZero();
        assertThat(Json.parse(answer).path("stop_reason").stringValue()).isEqualTo("max_tokens");
    }

    @Test
    @Tag("R52")
    void passesTheUpstreamsFailureOn() {
        Golden golden = Goldens.one("anthropic", "07");
        Accumulator folded = Wire.fold(Wire.decode(golden.bytes()));
        assertThat(folded.answer().text())
                .isEqualTo(golden.note("x_partial_content").orElseThrow().stringValue());
        assertThat(folded.failure().orElseThrow().code()).isEqualTo(FailureCode.OVERLOADED);
        byte[] written = Wire.encode(Wire.decode(golden.bytes()), Wire.SAME);
        FoldedAnswer answer = AnthropicStreamValidator.strict().validate(written);
        assertThat(answer.error().orElseThrow().path("error"))
                .isEqualTo(golden.note("x_error").orElseThrow().path("error"));
    }

    @Test
    @Tag("R28")
    void readsCountsAsTheyAre() {
        Usage usage =
                Wire.fold(Wire.decode(Goldens.one("anthropic", "04").bytes())).answer().usage();
        assertThat(usage).isEqualTo(Usage.of(19, 0, 120, 71, 64));
        Usage cached =
                Wire.fold(Wire.decode(Goldens.one("anthropic", "02").bytes())).answer().usage();
        assertThat(cached).isEqualTo(Usage.of(24, 64, 0, 41, Usage.UNKNOWN));
        assertThat(cached.totalInput()).isEqualTo(88);
    }
}
