package dev.sluice.core.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

@Tag("S5")
class RedactorTest {
    @Test
    void hidesWhatItKnowsWhereverItStands() {
        Redactor redactor =
                Redactor.of(List.of("plain-secret", "plain-secret-longer", "$1\\x{yz}."));
        assertThat(redactor.clean("a plain-secret,plain-secret-longer and $1\\x{yz}.!"))
                .isEqualTo("a [key],[key] and $1\\x{yz}.!".replace("$1\\x{yz}.", "[key]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-proj-abcdEFGH_1234",
                "sk-ant-api03-xyz",
                "gsk_notthis gsk-abcdef12",
                "AIzaSyA1234567890abcdefghijklm",
                "AKIAIOSFODNN7EXAMPLE",
                "authorization: Bearer abcdefgh.ijkl-mnop="
            })
    void hidesWhatLooksLikeAKey(String text) {
        assertThat(Redactor.BY_LOOK.clean("Wrong key: " + text + ". Try again"))
                .contains("Wrong key: ", Redactor.HIDDEN, " Try again")
                .doesNotContain("1234", "xyz", "abcdef12", "IOSFODNN", "ijkl");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model gpt-5-mini has no such parameter",
                "send one as `Authorization: Bearer KEY`",
                "the risk-free task-based way",
                ""
            })
    void leavesEverythingElseAlone(String text) {
        assertThat(Redactor.BY_LOOK.clean(text)).isSameAs(text);
    }

    @Test
    void takesNoWordForASecretAndShowsNone() {
        Redactor redactor = Redactor.of(List.of("none", "", "ollama", "secret-canary"));
        assertThat(redactor.clean("none of ollama")).isEqualTo("none of ollama");
        assertThat(redactor.toString()).doesNotContain("canary");
    }
}
