package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Endpoint;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Quirks.Quirk;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** docs/dialects says which paths each dialect serves, and how its servers differ. */
class DialectPagesTest {
    private static final String REGENERATE =
            "mvn -pl dialects -am test -Dtest=DialectPagesTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dwrite";
    private static final String BEGIN = "<!-- Servers: written by DialectPagesTest -->\n";
    private static final String END = "<!-- Servers end -->\n";

    static List<Dialect> dialects() {
        return Dialects.all();
    }

    private static Path page(Dialect dialect) {
        return Path.of("..", "docs", "dialects", dialect.name() + ".md");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialects")
    void nameEveryPath(Dialect dialect) throws IOException {
        String text = Files.readString(page(dialect));
        Stream<String> paths =
                dialect.endpoints().stream()
                        .map(Endpoint::path)
                        // Other versions and platforms of one vendor are told in a sentence.
                        .filter(path -> !path.matches("/v1(alpha|beta1)?/(models|projects).*"))
                        .filter(path -> !path.contains("/projects/"));
        assertThat(paths)
                .allSatisfy(
                        path ->
                                assertThat(text)
                                        .containsPattern(
                                                Pattern.quote(path)
                                                        .replace("*", "\\E\\{\\w+}\\Q")
                                                        .replace("%3A", ":")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialects")
    void tellHowServersDiffer(Dialect dialect) throws IOException {
        Path page = page(dialect);
        String text = Files.readString(page);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        assertThat(to).as("a place for the table").isGreaterThanOrEqualTo(from);
        String written = text.substring(0, from) + table(dialect.name()) + text.substring(to);
        if (System.getProperty("write") != null) {
            Files.writeString(page, written);
        }
        assertThat(page)
                .as(page + " is not what KnownServers says; write it anew with\n  " + REGENERATE)
                .hasContent(written);
    }

    /** A row for each quirk in which two servers of the dialect differ. */
    private static String table(String dialect) {
        List<Quirks> servers =
                KnownServers.names(dialect).stream()
                        .map(name -> KnownServers.find(dialect, name).orElseThrow())
                        .toList();
        StringBuilder table = new StringBuilder("| |");
        servers.forEach(server -> table.append(' ').append(server.server()).append(" |"));
        table.append("\n|---|").append("---|".repeat(servers.size())).append('\n');
        for (Quirk quirk : Quirk.values()) {
            if (servers.stream().map(server -> server.is(quirk)).distinct().count() > 1) {
                table.append("| `").append(quirk.word()).append("` |");
                servers.forEach(server -> table.append(server.is(quirk) ? " yes |" : " – |"));
                table.append('\n');
            }
        }
        return table.toString();
    }
}
