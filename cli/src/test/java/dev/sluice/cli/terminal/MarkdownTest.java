package dev.sluice.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

class MarkdownTest {
    private static final String ALL =
            """
            # Rivers of **Europe**

            Here is **bold text that is long enough to cross the end of its row** and *italic* and
            `code span` with 2 * 3, 5*3=15 and 4*2=8, snake_case_name and __init__, ***both***.

            ## A list
            - first item with a rather long text that must wrap around at the end of the row
            * second **with *both* kinds**
              1. nested one
              2) nested two
            10. ten
            > quoted wisdom of `someone`, which is long enough to need more than one row of this

            ```java
            int a = b * c; // **not bold** and longer than the row of a terminal, which is seen here
              foo_bar();
            ``
            ```
            ~~~
            ```
            ~~~
            ---
            An **unclosed thing and a lone ` tick that go on and on until the row has come to its end
            A \\*star\\*, a \\path, 漢字と**太字**の文 and an emoji 🦦 in two halves.
            #no heading, -no list, 1.no list, ####### seven
            ```inline``` and ``two ` ticks``
            """;

    private static Markdown on(Vt terminal, int columns, boolean styled) {
        return new Markdown(terminal::write, () -> columns, () -> 200, styled);
    }

    private static Vt shown(int columns, boolean styled, String... pieces) {
        Vt terminal = new Vt(columns, 200);
        Markdown page = on(terminal, columns, styled);
        for (String piece : pieces) {
            page.text(piece);
        }
        page.end();
        return terminal;
    }

    private static String[] characters(String text) {
        return text.chars().mapToObj(c -> String.valueOf((char) c)).toArray(String[]::new);
    }

    private static String styled(String text) {
        return shown(80, true, text).styled();
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 40, 17, 3})
    void looksTheSameHoweverItIsCut(int columns) {
        String whole = shown(columns, true, ALL).styled();
        for (int i = 0; i <= ALL.length(); i++) {
            assertThat(shown(columns, true, ALL.substring(0, i), ALL.substring(i)).styled())
                    .as("cut before %d", i)
                    .isEqualTo(whole);
        }
        assertThat(shown(columns, true, characters(ALL)).styled()).isEqualTo(whole);
    }

    @Test
    void noCharacterWaitsForAnotherOne() {
        Vt terminal = new Vt(200, 200);
        Markdown page = on(terminal, 200, true);
        String plain = "The tide turns at noon, says the otter; 2 * 3 is 6_7 #8 -9.";
        StringBuilder before = new StringBuilder();
        for (String character : characters(plain)) {
            page.text(character);
            before.append(character);
            assertThat(terminal.text()).isEqualTo(before.toString().stripTrailing());
        }
    }

    /** What is visible of a mark is there until it is known to be one. */
    @Test
    void aMarkStandsThereUntilItsMeaningIsClear() {
        Vt terminal = new Vt(80, 5);
        Markdown page = on(terminal, 80, true);
        List<String> seen = new ArrayList<>();
        for (String piece : List.of("so ", "*", "*", "b", "*", "*", " ")) {
            page.text(piece);
            seen.add(terminal.text());
        }
        assertThat(seen).containsExactly("so", "so *", "so **", "so b", "so b*", "so b**", "so b");
    }

    @Test
    void showsHeadingsListsAndQuotes() {
        assertThat(styled("# One\n## Two *it*\n- a\n+ b\n  * c\n7. d\n> e\n---\n"))
                .isEqualTo(
                        """
                        1;4{One}
                        1{Two }1;3{it}
                        • a
                        • b
                          • c
                        7. d
                        2{│ e}
                        2{───}\
                        """);
    }

    @Test
    void showsEmphasisAndCode() {
        assertThat(styled("**b** *i* ***bi*** `c*d*` __b__ _i_ **a *b* c**"))
                .isEqualTo("1{b} 3{i} 1;3{bi} 36{c*d*} 1{b} 3{i} 1{a }1;3{b}1{ c}");
    }

    @Test
    void showsBlocksOfCodeAsTheyAreWritten() {
        assertThat(styled("Look:\n```java\nint a = *b;\n\n  `x`;\n```\nDone."))
                .isEqualTo("Look:\n2{java}\n36{int a = *b;}\n\n36{  `x`;}\nDone.");
        assertThat(styled("```\na\n```")).isEqualTo("36{a}");
        assertThat(styled("```\na\nb")).isEqualTo("36{a}\n36{b}");
    }

    @Test
    void leavesWhatIsNoMark() {
        for (String text :
                List.of(
                        "2 * 3 * 4",
                        "5*3=15 and 4*2=8",
                        "snake_case_name",
                        "#hash",
                        "-dash",
                        "1.5 litres",
                        "1234567890. long",
                        "a ** b ** c",
                        "a \\path",
                        "|a|b|",
                        "[a](http://b_c_d)")) {
            assertThat(styled(text)).isEqualTo(text);
        }
    }

    @Test
    void aMarkThatIsNeverClosedComesBack() {
        assertThat(styled("an **open one\nand **more**")).isEqualTo("an **open one\nand 1{more}");
        assertThat(styled("a ` tick")).isEqualTo("a ` tick");
        assertThat(styled("***a* b")).isEqualTo("**3{a} b");
        assertThat(shown(12, true, "so **long that it has rows\n").styled())
                .isEqualTo("so **long\nthat it has\nrows");
    }

    @Test
    void wrapsBetweenWordsAndUnderTheTextOfAList() {
        assertThat(shown(21, true, "- one two three four five six\n").text())
                .isEqualTo("• one two three four\n  five six");
        assertThat(shown(11, false, "a pneumonoultramicroscopic word\n").text())
                .isEqualTo("a\npneumonoul\ntramicrosc\nopic word");
    }

    @Test
    void withoutStylesEverythingStaysAsItIsWritten() {
        String text = "# A\n**b** `c`\n- d\n```\ne\n```";
        assertThat(shown(80, false, text).styled()).isEqualTo(text);
    }

    @Test
    void thinkingIsDimmedAndApart() {
        Vt terminal = new Vt(40, 20);
        Markdown page = on(terminal, 40, true);
        page.thinking("Let me ");
        page.thinking("see: **x**");
        page.text("The **an");
        page.text("swer**.");
        page.end();
        assertThat(terminal.styled()).isEqualTo("2{Let me see: **x**}\n\nThe 1{answer}.");
    }

    /** What a model says must not command the terminal of whoever reads it. */
    @Test
    void noControlCharacterReachesTheTerminal() {
        StringBuilder text = new StringBuilder();
        for (int c = 0; c < 0xa0; c++) {
            text.append((char) c);
        }
        text.append("\u001b[2J\u001b]0;title\u0007\u202edesrever\u2066x\ud83d");
        for (boolean styled : new boolean[] {true, false}) {
            StringBuilder out = new StringBuilder();
            Markdown page = new Markdown(out::append, () -> 4000, () -> 50, styled);
            page.text(text.toString());
            page.thinking(text.toString());
            page.note(text.toString());
            page.end();
            String ours = out.toString().replaceAll("\u001b\\[[0-9;]*[mACJKD]", "");
            assertThat(ours.chars().filter(c -> c < ' ' && c != '\n' && c != '\r')).isEmpty();
            assertThat(ours).doesNotContain("\u202e", "\u2066", "\u009b").contains("␛[2J");
        }
    }

    @Test
    void aLineWithoutAnEndNeedsNoMoreMemory() {
        StringBuilder out = new StringBuilder();
        Markdown page = new Markdown(out::append, () -> 80, () -> 24, true);
        page.text("**open ");
        for (int i = 0; i < 30_000; i++) {
            page.text("word ");
        }
        page.end();
        String words = out.toString().replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "");
        assertThat(words.split("word", -1)).hasSizeGreaterThan(30_000);
    }
}
