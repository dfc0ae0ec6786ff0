package dev.sluice.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Writes {@code docs/config.md} from the schema, the example and what the reader says of the broken
 * one.
 */
final class ConfigDocument {

    static final String REGENERATE =
            "mvn -pl gateway -am test -Dtest=ConfigDocumentTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dwrite";

    private ConfigDocument() {}

    static String markdown(Path folder) throws IOException {
        String broken = resource("broken.yaml");
        StringBuilder keys = new StringBuilder();
        sections().forEach((section, rows) -> appendSection(keys, section, rows));
        return resource("config.md")
                .replace("{{regenerate}}", REGENERATE)
                .replace("{{example}}", resource("example.yaml").strip())
                .replace("{{keys}}", keys.toString().strip())
                .replace("{{broken}}", broken.strip())
                .replace("{{problems}}", String.join("\n", Written.in(folder, broken).problems()));
    }

    static String resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ConfigDocument.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, List<Schema.Row>> sections() {
        Map<String, List<Schema.Row>> sections = new LinkedHashMap<>();
        Schema.rows()
                .forEach(
                        row ->
                                sections.computeIfAbsent(row.section(), _ -> new ArrayList<>())
                                        .add(row));
        return sections;
    }

    private static void appendSection(StringBuilder page, String section, List<Schema.Row> rows) {
        page.append("\n### ")
                .append(section.isEmpty() ? "The top level" : "`" + section + "`")
                .append("\n\n");
        page.append("| Key | Value | If absent | What it is for |\n|---|---|---|---|\n");
        rows.forEach(
                row ->
                        page.append(
                                "| `%s` | %s | %s | %s |\n"
                                        .formatted(
                                                row.key().name(),
                                                value(row, row.key().shape()),
                                                absent(row.key()),
                                                row.key().sentence().replace("|", "\\|"))));
    }

    private static String value(Schema.Row row, Shape<?> shape) {
        return switch (shape) {
            case Single<?> single -> single.expected();
            case ListOf<?> list -> list.expected();
            case Section<?> section ->
                    section.shorthand().map(key -> key.shape().expected() + ", or ").orElse("")
                            + link(row.path());
            case MapOf<?, ?> map -> {
                String name = row.path() + "." + map.name();
                yield map.value() instanceof Section<?> section
                        ? section.shorthand()
                                        .map(key -> "by name, " + key.shape().expected() + ", or ")
                                        .orElse("by name, ")
                                + link(name)
                        : "by name, " + map.value().expected();
            }
        };
    }

    private static String link(String section) {
        String anchor = section.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "");
        return "[`%s`](#%s)".formatted(section, anchor);
    }

    private static String absent(Key<?> key) {
        boolean isLiteral = key.fallback().isPresent() && key.shape() instanceof Single<?>;
        return isLiteral ? "`" + key.absent() + "`" : key.absent();
    }
}
