package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

final class InterpolationTest {

    private static final Map<String, String> ENV =
            Map.of("A", "1", "B_2", "two", "EMPTY", "", "SELF", "${A}");

    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "'', ''",
        "${A}, 1",
        "x${A}y${B_2}z, x1ytwoz",
        "${NONE:-d}, d",
        "${NONE:-}, ''",
        "${EMPTY:-d}, d",
        "${EMPTY}, ''",
        "${A:-d}, 1",
        "${NONE:-a:-b}, a:-b",
        "$${A}, ${A}",
        "$$${A}, $${A}",
        "$A, $A",
        "$, $",
        "a$, a$",
        "{A}, {A}",
        "${SELF}, ${A}",
        "${NONE:-{x}}, {x}"
    })
    void putsVariablesIn(String text, String expanded) {
        assertThat(Interpolation.expand(text, ENV)).isEqualTo(expanded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${",
                "${A",
                "${}",
                "${A-B}",
                "${1}",
                "${ A }",
                "${A:}",
                "${A:-${B_2}}",
                "x ${NONE}"
            })
    void refusesWhatIsNoVariable(String text) {
        assertThatThrownBy(() -> Interpolation.expand(text, ENV)).isInstanceOf(InvalidValue.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: {b: ${A}}",
                "[${A:-x, y: #z}]",
                "$${A}",
                "${",
                "${A",
                "a\n${A\n}",
                "${A}${B}${",
                "'${A'}",
                "${A:-${B}} }"
            })
    void masksAndUnmasksToTheSame(String source) {
        String masked = Interpolation.mask(source);
        assertThat(masked).hasSameSizeAs(source);
        assertThat(Interpolation.unmask(masked)).isEqualTo(source);
    }
}
