package dev.sluice.gateway.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"n200-i30-t150", "t150-n200-i30", "i30-t150-n200", "text-n200-i30-t150"})
    void readsPartsInAnyOrder(String name) {
        assertThat(ModelName.parse(name)).isEqualTo(new ModelName(Script.TEXT, 200, 30, 150, true));
    }

    @Test
    void fillsInWhatIsNotSaid() {
        assertThat(ModelName.parse("n5")).isEqualTo(new ModelName(Script.TEXT, 5, 20, 100, true));
        assertThat(ModelName.parse("i0")).isEqualTo(new ModelName(Script.TEXT, 60, 0, 100, true));
        assertThat(ModelName.parse("slow-start-i0"))
                .isEqualTo(new ModelName(Script.SLOW_START, 60, 0, 5_000, true));
        assertThat(ModelName.parse("u0")).isEqualTo(new ModelName(Script.TEXT, 60, 20, 100, false));
    }

    @ParameterizedTest
    @EnumSource(Script.class)
    void readsEveryScriptAloneAndPaced(Script script) {
        assertThat(ModelName.parse(script.word()).script()).isEqualTo(script);
        ModelName paced = ModelName.parse(script.word() + "-i7-t9");
        assertThat(paced.script()).isEqualTo(script);
        assertThat(paced.intervalMillis()).isEqualTo(7);
        assertThat(paced.firstMillis()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({
        "n1-i0-t0, 1",
        "n1000000-i60000-t600000, 1000000",
        "n0001, 1",
    })
    void acceptsTheBounds(String name, int tokens) {
        assertThat(ModelName.parse(name).tokens()).isEqualTo(tokens);
    }

    @ParameterizedTest
    @CsvSource({
        "n0, n1 to n1000000 tokens",
        "n1000001, n1 to n1000000 tokens",
        "n99999999999999999999, n1 to n1000000 tokens",
        "n1-i60001, i0 to i60000 milliseconds between tokens",
        "t600001, t0 to t600000 milliseconds to the first token",
        "u2, u0 to u1",
        "n1-n2, `n` is there twice",
        "tool-n5, takes no number of tokens",
    })
    void saysWhatIsAllowed(String name, String allowed) {
        Failure failure = failureOf(name);

        assertThat(failure.code()).isEqualTo(FailureCode.INVALID_REQUEST);
        assertThat(failure.param()).isEqualTo("model");
        assertThat(failure.message()).contains("`" + name + "`", allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "-", "gpt-4o", "n", "nx", "n5-", "-n5", "n5--i3", "n5-tool", "Tool", "n-5",
                "ñ5", "n५"
            })
    void saysWhatThereIsInPlaceOfAnUnknownName(String name) {
        Failure failure = failureOf(name);

        assertThat(failure.code()).isEqualTo(FailureCode.NOT_FOUND);
        assertThat(failure.message()).contains("n200-i20-t100", "parallel-tools", "stall");
    }

    @Test
    void showsNoMoreOfANameThanAMessageCanBear() {
        Failure failure = failureOf("a\r\nSet-Cookie: `x`" + "y".repeat(10_000));

        assertThat(failure.message()).doesNotContain("\r", "\n", "`x`").hasSizeLessThan(800);
    }

    @Test
    void checksNamesWithoutPlayingThem() {
        assertThat(SimulatedProvider.check("tool-i0")).isEmpty();
        assertThat(SimulatedProvider.check("gpt-4o")).isPresent();
    }

    private static Failure failureOf(String name) {
        return catchThrowableOfType(FailureException.class, () -> ModelName.parse(name)).failure();
    }
}
