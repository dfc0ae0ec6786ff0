package dev.sluice.dialect.openaichat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts of tokens: on this wire those of the prompt include what the cache gave and took. */
@Tag("R28")
class OpenAiChatUsageTest {
    private static Usage read(String json) {
        return OpenAiChatUsage.read(new JsonReader(Chunks.utf8(json)));
    }

    private static String written(Usage usage) {
        ByteBuilder out = new ByteBuilder();
        OpenAiChatUsage.write(new JsonWriter(out), usage);
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"prompt_tokens\":88,\"completion_tokens\":41' | 88 | -1 | -1 | 41 | -1",
                "'\"prompt_tokens\":88,\"completion_tokens\":41,\"prompt_tokens_details\":{\"cached_tokens\":64}'"
                    + " | 24 | 64 | -1 | 41 | -1",
                "'\"prompt_tokens\":88,\"prompt_tokens_details\":{\"cached_tokens\":64,\"cache_write_tokens\":4}'"
                    + " | 20 | 64 | 4 | -1 | -1",
                "'\"completion_tokens\":71,\"completion_tokens_details\":{\"reasoning_tokens\":64}'"
                        + " | -1 | -1 | -1 | 71 | 64",
                "'\"prompt_tokens\":10,\"prompt_cache_hit_tokens\":8,\"prompt_cache_miss_tokens\":2'"
                    + " | 2 | 8 | -1 | -1 | -1",
                "'\"prompt_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":9}'"
                        + " | 0 | 9 | -1 | -1 | -1",
                "'\"prompt_tokens\":5,\"prompt_tokens_details\":null,\"completion_tokens_details\":7'"
                    + " | 5 | -1 | -1 | -1 | -1",
                "'\"prompt_tokens\":null,\"completion_tokens\":\"x\"' | -1 | -1 | -1 | -1 | -1",
                "'\"prompt_tokens\":5.0,\"completion_tokens\":-3' | 5 | -1 | -1 | -1 | -1",
            })
    void readsCounts(
            String members, long input, long read, long write, long output, long reasoning) {
        assertThat(read("{" + members + "}"))
                .isEqualTo(Usage.of(input, read, write, output, reasoning));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[]", "7", "\"x\""})
    void readsNothingOutOfNothing(String json) {
        assertThat(read(json).isNone()).isTrue();
    }

    @Test
    void writesTheWholePrompt() {
        assertThat(written(Usage.of(24, 64, 120, 41, 7)))
                .isEqualTo(
                        "{\"prompt_tokens\":208,\"completion_tokens\":41,\"total_tokens\":249,"
                                + "\"prompt_tokens_details\":{\"cached_tokens\":64,"
                                + "\"cache_write_tokens\":120},\"completion_tokens_details\":"
                                + "{\"reasoning_tokens\":7}}");
    }

    @Test
    void writesNoDetailThatNobodyReported() {
        assertThat(written(Usage.of(24, Usage.UNKNOWN, Usage.UNKNOWN, 41, Usage.UNKNOWN)))
                .isEqualTo("{\"prompt_tokens\":24,\"completion_tokens\":41,\"total_tokens\":65}");
    }

    @Test
    void readsBackWhatItWrites() {
        Usage usage = Usage.of(24, 64, 120, 41, 7);
        assertThat(read(written(usage))).isEqualTo(usage);
    }
}
