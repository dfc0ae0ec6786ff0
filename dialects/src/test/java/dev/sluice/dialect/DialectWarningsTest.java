package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * docs/dialects names what is lost, changed or done otherwise: every warning that a dialect's code
 * can give stands on its page, and what the page says of emulations is so in the code.
 */
class DialectWarningsTest {
    private static final Pattern GIVEN =
            Pattern.compile(
                    "\\b(dropped|droppedIf|without|emulated|clamped|moved|losses\\(\\)\\.add(?:If)?)\\(");
    private static final Pattern LITERAL = Pattern.compile("\"([\\w.]+)\"");
    private static final Pattern TOLD = Pattern.compile("`(emulated|clamped|moved)=([\\w.]+)`");

    static List<Dialect> dialects() {
        return Dialects.all();
    }

    private static String page(Dialect dialect) throws IOException {
        return Files.readString(Path.of("..", "docs", "dialects", dialect.name() + ".md"));
    }

    private static List<String> sources(Dialect dialect) throws IOException {
        Path folder = Path.of("src/main/java/dev/sluice/dialect", dialect.name().replace("-", ""));
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                sources.add(Files.readString(file));
            }
        }
        return sources;
    }

    /** The arguments that begin at {@code from}, without what stands in parentheses among them. */
    private static String arguments(String source, int from) {
        StringBuilder arguments = new StringBuilder();
        int depth = 1;
        for (int i = from; depth > 0; i++) {
            char c = source.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 1) {
                arguments.append(c);
            }
        }
        return arguments.toString();
    }

    private static String word(String method) {
        return switch (method) {
            case "emulated", "clamped", "moved" -> method;
            default -> "dropped";
        };
    }

    /** The warnings whose names stand in the code. */
    private static Set<String> given(Dialect dialect) throws IOException {
        Set<String> given = new TreeSet<>();
        for (String source : sources(dialect)) {
            Matcher call = GIVEN.matcher(source);
            while (call.find()) {
                Matcher name = LITERAL.matcher(arguments(source, call.end()));
                while (name.find()) {
                    given.add(word(call.group(1)) + "=" + name.group(1));
                }
            }
        }
        return given;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialects")
    void areAllOnThePage(Dialect dialect) throws IOException {
        String page = page(dialect);
        Set<String> given = given(dialect);
        assertThat(given).hasSizeGreaterThan(5);
        assertThat(given)
                .allSatisfy(
                        warning -> {
                            String name = warning.substring(warning.indexOf('=') + 1);
                            boolean told =
                                    page.contains("`" + warning + "`")
                                            || warning.startsWith("dropped=")
                                                    && page.contains("`" + name + "`");
                            assertThat(told).as("`%s` on the page", warning).isTrue();
                        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialects")
    void areGivenByTheCode(Dialect dialect) throws IOException {
        StringBuilder code = new StringBuilder();
        sources(dialect).forEach(code::append);
        code.append(
                Files.readString(
                        Path.of("../core/src/main/java/dev/sluice/core/dialect/Outgoing.java")));
        Matcher told = TOLD.matcher(page(dialect));
        while (told.find()) {
            String name = told.group(2);
            assertThat(code.toString())
                    .as("the warning `%s` of the page", told.group())
                    .contains(name.substring(name.lastIndexOf('.') + 1) + "\"");
        }
    }
}
