package dev.sluice.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.JsonSubset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

/** What the validator of Responses streams accepts, and what it must refuse. */
class OpenAiResponsesStreamValidatorTest {
    static List<Golden> goldens() {
        return Goldens.openAiResponses();
    }

    private static FoldedAnswer validate(String body) {
        return OpenAiResponsesStreamValidator.strict().validate(body.getBytes(UTF_8));
    }

    private static String text(String golden) {
        return new String(Goldens.one("openai-responses", golden).bytes(), UTF_8);
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void goldensFoldToWhatTheyShould(Golden golden) {
        for (OpenAiResponsesStreamValidator validator :
                List.of(
                        OpenAiResponsesStreamValidator.strict(),
                        OpenAiResponsesStreamValidator.lenient())) {
            FoldedAnswer answer = validator.validate(golden.bytes());
            assertThat(answer.isComplete()).isNotEqualTo(golden.endsInError());
            assertThat(answer.error().isPresent()).isEqualTo(golden.endsInError());
            golden.note("x_partial_content")
                    .ifPresent(text -> assertThat(answer.text()).isEqualTo(text.stringValue()));
            golden.note("x_final")
                    .ifPresent(last -> JsonSubset.assertSubset(last, answer.response()));
            JsonSubset.assertSubset(golden.expected(), answer.response());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'\"sequence_number\":3,','\"sequence_number\":4,'",
        "'event: response.in_progress','event: response.progress'",
        "'\"output_index\":0,\"content_index\":0,\"delta\"','\"output_index\":1,\"content_index\":0,\"delta\"'",
        "'\"content_index\":0,\"delta\"','\"content_index\":1,\"delta\"'",
        "'\"item_id\":\"msg_gold0001\",\"output_index\":0,\"content_index\":0,\"delta\"','\"item_id\":\"msg_x\",\"output_index\":0,\"content_index\":0,\"delta\"'",
        "'\"input_tokens_details\"','\"details\"'",
        "'\"output\":[],','\"output\":null,'",
    })
    void refusesWhatIsOutOfPlace(String right, String wrong) {
        String good = text("01");
        assertThat(good).contains(right);
        assertThatThrownBy(() -> validate(good.replaceFirst(quoted(right), wrong)))
                .isInstanceOf(AssertionError.class);
    }

    private static String quoted(String text) {
        return java.util.regex.Pattern.quote(text);
    }

    @Test
    void refusesAnEndWithoutATerminalEventAndAnythingBehindOne() {
        String good = text("01");
        int terminal = good.indexOf("event: response.completed");
        assertThatThrownBy(() -> validate(good.substring(0, terminal)))
                .hasMessageContaining("without a terminal event");
        assertThatThrownBy(() -> validate(good + "data: [DONE]\n\n"))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void foldsToolCallsAndThinking() {
        FoldedAnswer calls = validate(text("03"));
        assertThat(calls.toolCalls()).hasSize(2);
        assertThat(calls.stopReason()).contains("completed");
        FoldedAnswer thought = validate(text("04"));
        assertThat(thought.thinking()).startsWith("The user asks for 17*23.");
        assertThat(thought.signatures()).containsExactly("gAAAAABgoldENCRYPTED");
        assertThat(validate(text("05")).stopReason()).contains("max_output_tokens");
    }
}
