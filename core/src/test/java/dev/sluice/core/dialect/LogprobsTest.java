package dev.sluice.core.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.json.Raw;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogprobsTest {
    @Test
    void areAListOrTheContentOfAnObject() {
        Raw list = Raw.of("[{\"token\":\"a\"}]");
        assertThat(Logprobs.list(list)).isEqualTo(list);
        assertThat(Logprobs.list(Raw.of("{\"refusal\":[1],\"content\":[{\"token\":\"a\"}]}")))
                .isEqualTo(list);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "\"x\"", "{}", "{\"content\":null}", "{\"tokens\":[1]}"})
    void areNothingWhereThereIsNoList(String told) {
        assertThat(Logprobs.list(Raw.of(told))).isNull();
    }
}
