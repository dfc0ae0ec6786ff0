package dev.sluice.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A configuration file that a test writes, called {@code sluice.yaml} in every problem. */
record Written(Path file, Map<String, String> env) {

    /** The quirks that exist in tests. */
    static final Set<String> QUIRKS = Set.of("developer-role");

    /** Writes {@code yaml} to a file in {@code folder}, to be read with an empty environment. */
    static Written in(Path folder, String yaml) throws IOException {
        return new Written(Files.writeString(folder.resolve("sluice.yaml"), yaml), Map.of());
    }

    Written with(Map<String, String> variables) {
        return new Written(file, variables);
    }

    Config read() {
        return ConfigFile.read(file, env, QUIRKS);
    }

    /**
     * The sentences of all problems, in which the file has no folder; empty when there are none.
     */
    List<String> problems() {
        try {
            read();
            return List.of();
        } catch (ConfigException problems) {
            return sentences(problems.problems());
        }
    }

    List<String> sentences(List<Problem> problems) {
        String folder = file.getParent() + "/";
        return problems.stream().map(problem -> problem.sentence().replace(folder, "")).toList();
    }
}
