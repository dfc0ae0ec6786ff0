package dev.sluice.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class NamesTest {
    private static int find(Names names, String name) {
        byte[] bytes = ("  " + name).getBytes(StandardCharsets.UTF_8);
        return names.find(bytes, 2, bytes.length - 2);
    }

    @Test
    void findsEachNameAtItsPlace() {
        String[] words = {"id", "model", "x", "usage", "type", "typo", "", "é"};
        Names names = Names.of(words);
        assertThat(names.size()).isEqualTo(words.length);
        for (int i = 0; i < words.length; i++) {
            assertThat(find(names, words[i])).isEqualTo(i);
            assertThat(names.name(i)).isEqualTo(words[i]);
            assertThat(find(names, words[i] + "s")).isEqualTo(JsonReader.UNKNOWN);
        }
        assertThat(find(names, "y")).isEqualTo(JsonReader.UNKNOWN);
        assertThat(find(names, "a much longer name")).isEqualTo(JsonReader.UNKNOWN);
        assertThat(find(Names.of(), "")).isEqualTo(JsonReader.UNKNOWN);
    }

    @Test
    @Tag("S4")
    void findsANameThatDiffersByCaseAlone() {
        Names names = Names.of("model", "messages");
        assertThat(names.caseVariantOf("Model")).contains("model");
        assertThat(names.caseVariantOf("MESSAGES")).contains("messages");
        assertThat(names.caseVariantOf("model")).isEmpty();
        assertThat(names.caseVariantOf("models")).isEmpty();
    }
}
