package dev.sluice.dialect.openaichat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

/** A client's own bytes on their way to an upstream of the same dialect. */
class OpenAiChatRelayTest {
    private static final Target STREAM = new Target("m2", Quirks.vendor("openai"), 100, true);
    private static final Target WHOLE = new Target("m2", Quirks.vendor("openai"), 100, false);

    private static String relayed(String body, Target target) {
        return Chunks.utf8(OpenAiChatRelay.rewrite(Chunks.utf8(body), target));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m1\",\"x\":1}|{\"model\":\"m2\",\"x\":1}",
                "{ \"x\" : 1.50e1 , \"model\" : \"m1\" }|{ \"x\" : 1.50e1 , \"model\" : \"m2\" }",
                "{\"a\":{\"model\":\"m1\"},\"model\":\"m1\"}|{\"a\":{\"model\":\"m1\"},\"model\":\"m2\"}",
                "{\"mod\\u0065l\":\"m1\"}|{\"mod\\u0065l\":\"m2\"}",
                "{\"model\":\"m\\\"1\",\"x\":[]}|{\"model\":\"m2\",\"x\":[]}",
                "{\"model\":7}|{\"model\":\"m2\"}",
            })
    void replacesTheModelAndNothingElse(String body, String expected) {
        assertThat(relayed(body, WHOLE)).isEqualTo(expected);
    }

    @Test
    void escapesTheModelsName() {
        Target odd = new Target("a\"b\\c", Quirks.vendor("openai"), 100, false);
        assertThat(relayed("{\"model\":\"m1\"}", odd)).isEqualTo("{\"model\":\"a\\\"b\\\\c\"}");
    }

    @Test
    void givesTheSameArrayWhereNothingChanges() {
        byte[] body = Chunks.utf8("{\"model\":\"m2\",\"stream_options\":{\"include_usage\":true}}");
        assertThat(OpenAiChatRelay.rewrite(body, STREAM)).isSameAs(body);
        assertThat(OpenAiChatRelay.rewrite(body, WHOLE)).isSameAs(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m2\"} |{\"model\":\"m2\",\"stream_options\":{\"include_usage\":true}}"
                        + " ",
                "{\"stream_options\":null,\"model\":\"m1\"}"
                        + "|{\"stream_options\":{\"include_usage\":true},\"model\":\"m2\"}",
                "{\"model\":\"m2\",\"stream_options\":{}}"
                        + "|{\"model\":\"m2\",\"stream_options\":{\"include_usage\":true}}",
                "{\"model\":\"m2\",\"stream_options\":{\"include_obfuscation\":false"
                        + " }}|{\"model\":\"m2\",\"stream_options\":{\"include_obfuscation\":false"
                        + " ,\"include_usage\":true}}",
                "{\"model\":\"m2\",\"stream_options\":{\"include_usage\":false,\"a\":1}}"
                        + "|{\"model\":\"m2\",\"stream_options\":{\"include_usage\":true,\"a\":1}}",
                "{\"model\":\"m2\",\"stream_options\":{\"include_usage\":null}}"
                        + "|{\"model\":\"m2\",\"stream_options\":{\"include_usage\":true}}",
            })
    void asksForUsageInStreams(String body, String expected) {
        assertThat(relayed(body, STREAM).strip()).isEqualTo(expected.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m2\"}",
                "{\"model\":\"m2\",\"stream_options\":{\"include_usage\":false}}"
            })
    void asksForNoUsageWhereTheServerHasNone(String body) {
        Quirks silent = Quirks.vendor("openai").with(Map.of(Quirk.STREAM_USAGE, false));
        assertThat(relayed(body, new Target("m2", silent, 100, true))).isEqualTo(body);
        assertThat(relayed(body, WHOLE)).isEqualTo(body);
    }
}
