package dev.sluice.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.json.Raw;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

@Tag("R31")
@Tag("R33")
class TokenEstimateTest {
    private static Request.Builder request() {
        return Request.builder("test");
    }

    private static long of(Block... blocks) {
        Request.Builder builder = request();
        builder.messages.add(new Message(Role.USER, List.of(blocks)));
        return TokenEstimate.of(builder.build());
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "a, 1",
        "word, 1",
        "words, 2",
        "日本語, 3",
        "한국어, 3",
        "ёж, 1",
        "ёжик, 2",
        "😀, 1",
        "\u0e44\u0e17\u0e22, 3"
    })
    void countsText(String text, long tokens) {
        assertThat(TokenEstimate.estimate(text)).isEqualTo(tokens);
    }

    @Test
    void isNearTheTruthForProse() {
        String english = "The quick brown fox jumps over the lazy dog. ".repeat(20);
        // About ten tokens a sentence.
        assertThat(TokenEstimate.estimate(english)).isBetween(150L, 250L);
    }

    @Test
    void judgesLongTextsBySamples() {
        String mixed = ("word ".repeat(100) + "日本語".repeat(100)).repeat(50);
        long shorter = 0;
        for (int i = 0; i < mixed.length(); i += 800) {
            shorter += TokenEstimate.estimate(mixed.substring(i, i + 800));
        }
        assertThat(mixed).hasSize(40_000);
        assertThat(TokenEstimate.estimate(mixed)).isBetween(shorter * 3 / 4, shorter * 5 / 4);
        assertThat(TokenEstimate.estimate("x".repeat(40_000))).isEqualTo(10_000);
    }

    @Test
    void isNeverZero() {
        assertThat(TokenEstimate.of(request().build())).isPositive();
        assertThat(of()).isPositive();
        assertThat(of(new Block.Text(""))).isPositive();
    }

    @Test
    void countsEveryKindOfBlock() {
        long empty = of();
        Source png = new Source.Base64("image/png", "AAAA");
        String text = "x".repeat(400);
        List<Block> blocks =
                List.of(
                        new Block.Text(text),
                        new Block.Image(png, null, null),
                        new Block.Image(png, "low", null),
                        new Block.Document(
                                new Source.Base64("application/pdf", "A".repeat(96_000)),
                                null,
                                null,
                                false,
                                null),
                        new Block.Document(
                                new Source.PlainText(text), "title", "context", false, null),
                        new Block.Document(
                                new Source.Url("https://example.test/a.pdf"),
                                null,
                                null,
                                false,
                                null),
                        new Block.Audio("A".repeat(200_000), "mp3"),
                        new Block.Audio("A".repeat(10), "wav"),
                        new Block.Thinking(text, "signature"),
                        new Block.RedactedThinking(text),
                        new Block.ToolUse("id", "name", text, false, null),
                        new Block.ToolResult("id", List.of(new Block.Text(text)), false, null),
                        new Block.Refusal(text),
                        new Block.Opaque("x", Raw.of('"' + text + '"')));
        long[] expected = {100, 1000, 85, 3000, 104, 1500, 100, 50, 100, 100, 109, 108, 100, 101};
        long sum = empty;
        for (int i = 0; i < expected.length; i++) {
            assertThat(of(blocks.get(i)) - empty)
                    .as("%s", blocks.get(i).getClass())
                    .isEqualTo(expected[i]);
            sum += expected[i];
        }
        assertThat(of(blocks.toArray(Block[]::new))).isEqualTo(sum);
    }

    @Test
    void countsSystemToolsAndSchema() {
        long empty = TokenEstimate.of(request().build());
        Request.Builder builder = request();
        builder.system.add(new Block.Text("x".repeat(40)));
        assertThat(TokenEstimate.of(builder.build())).isEqualTo(empty + 10);
        Raw schema = Raw.of("{\"type\":\"object\",\"properties\":{}}");
        builder.tools.add(new Tool.Function("name", "description!", schema, null, null));
        builder.tools.add(new Tool.Function("name", null, null, null, null));
        builder.tools.add(new Tool.Custom("name", "description!", null));
        builder.tools.add(new Tool.Hosted("name", "web_search", schema));
        builder.responseFormat = new ResponseFormat.JsonSchema("name", null, schema, true);
        assertThat(TokenEstimate.of(builder.build())).isEqualTo(empty + 10 + 21 + 9 + 12 + 18 + 10);
        long before = TokenEstimate.of(builder.build());
        builder.messages.add(Message.of(Role.USER, "four"));
        builder.messages.add(Message.of(Role.ASSISTANT, "four"));
        assertThat(TokenEstimate.of(builder.build())).isEqualTo(before + 2 * 5);
    }
}
