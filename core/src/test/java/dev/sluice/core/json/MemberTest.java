package dev.sluice.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

class MemberTest {
    private static String replaced(String document) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        return new String(
                Member.replaced(bytes, "model", Raw.string("b/\"é\"")), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"a\"}|{\"model\":\"b/\\\"é\\\"\"}",
                "{\"x\":{\"model\":1}, \"model\" : null , \"y\":1}|{\"x\":{\"model\":1}, \"model\""
                        + " : \"b/\\\"é\\\"\" , \"y\":1}",
                "{\"mod\\u0065l\":[1,{}]}|{\"mod\\u0065l\":\"b/\\\"é\\\"\"}",
                "{}|{}",
                "{\"Model\":1}|{\"Model\":1}"
            })
    void changesOneMemberAndNoOtherByte(String before, String after) {
        assertThat(replaced(before)).isEqualTo(after);
    }

    @Test
    void isTheSameArrayWhereNothingChanges() {
        byte[] document = "{\"model\":\"a\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(Member.replaced(document, "model", Raw.string("a"))).isSameAs(document);
        assertThat(Member.replaced(document, "other", Raw.string("a"))).isSameAs(document);
    }
}
