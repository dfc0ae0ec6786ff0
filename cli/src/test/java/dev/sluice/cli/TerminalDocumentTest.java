package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Holds docs/terminal.md to the help of the commands. */
class TerminalDocumentTest {
    private static final Pattern OPTION = Pattern.compile("(?m)^  (--[a-z-]+)");
    private static final Pattern CODE = Pattern.compile("(?m)^  ([0-9]+)   ");

    private static String document() throws IOException {
        return Files.readString(
                Path.of(System.getProperty("basedir", "cli"), "..", "docs", "terminal.md"));
    }

    private static void holds(String document, String help) {
        assertThat(OPTION.matcher(help).results())
                .hasSizeGreaterThan(5)
                .allSatisfy(option -> assertThat(document + "--help").contains(option.group(1)));
        assertThat(CODE.matcher(help).results())
                .hasSizeGreaterThan(4)
                .allSatisfy(code -> assertThat(document).contains("\n| " + code.group(1) + " | "));
    }

    @Test
    void namesEveryOptionAndExitCode() throws IOException {
        String document = document();
        int bench = document.indexOf("\n## Bench\n");

        holds(document.substring(0, bench), Typed.run("chat", "--help").out());
        holds(document, Typed.run("bench", "--help").out());
    }

    @Test
    void namesEveryCommand() throws IOException {
        assertThat(document())
                .contains(
                        "`/model [NAME]`",
                        "`/system [TEXT]`",
                        "`/save FILE`",
                        "`/load FILE`",
                        "`/retry`",
                        "`/clear`",
                        "`/help`",
                        "`/quit`");
    }
}
