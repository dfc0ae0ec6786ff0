package dev.sluice.llama.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GbnfTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '¤',
            value = {
                "a ::= \"x\"§no rule `root`",
                "root ::= a§uses `a`, which is missing",
                "root ::= root \"x\"§begins with itself",
                "root ::= \"\" root§begins with itself",
                "root ::= a? root§begins with itself",
                "root ::= \"x§a literal has no end",
                "root ::= [a§a set of characters has no end",
                "root ::= []§an empty set",
                "root ::= [z-a]§runs backwards",
                "root ::= \"\\q\"§escape `\\q` is unknown",
                "root ::= \"\\x0g\"§expected 2 hexadecimal digits",
                "root ::= *§nothing stands in front of `*`",
                "root ::= \"a\"{3,2}§at least 3 and at most 2",
                "root ::= \"a\"{3000}§more than 2000",
                "root ::= \"a\"{§expected a number",
                "root ::= (\"a\"§expected `)`",
                "root ::= \"a\")§expected the end of the line",
                "root = \"a\"§expected `::=`",
                "::= \"a\"§expected the name of a rule",
                "root ::= \"a\"\\nroot ::= \"b\"§line 2: rule `root` comes twice",
            })
    void unsoundGrammarsAreRefused(String grammar, String problem) {
        String text = grammar.replace("\\n", "\n").replace("a? root", "a? root\na ::= \"y\"");
        assertThatThrownBy(() -> Gbnf.of(text))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void rulesMayBeginWithEachOtherInACircleOnlyBehindSomething() {
        assertThatThrownBy(() -> Gbnf.of("root ::= a\na ::= b | \"x\"\nb ::= a \"y\"\n"))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("begins with itself");
        assertThat(GbnfMatcher.matches(Gbnf.of("root ::= \"(\" root? \")\""), "((()))")).isTrue();
    }

    @Test
    void readsWhatTheEngineReads() {
        Gbnf grammar =
                Gbnf.of(
                        """
                        # a comment
                        root ::= (greeting | "bye") ","? " " [a-zA-Z\\]\\x2D_^]{2,} .
                                 # nothing more
                        greeting ::= "hi" |
                          "hello" "\\u00fc\\n"*
                        """);
        assertThat(GbnfMatcher.matches(grammar, "hi, ab!")).isTrue();
        assertThat(GbnfMatcher.matches(grammar, "helloü\nü\n ]-x")).isTrue();
        assertThat(GbnfMatcher.matches(grammar, "bye a!")).isFalse();
    }

    @Test
    void theEmptyAlternativeAtTheEndOfALineTakesTheNextLine() {
        // The engine reads on behind a bar, so the name of the next rule becomes part of this one.
        assertThatThrownBy(() -> Gbnf.of("root ::= \"a\" |\nb ::= \"b\"\n"))
                .isInstanceOf(GrammarException.class);
    }
}
