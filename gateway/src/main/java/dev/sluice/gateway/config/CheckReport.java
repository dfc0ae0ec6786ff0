package dev.sluice.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What there is to say of a configuration file without starting: everything that a start would
 * object to, or what it would start. Nobody is asked over the network.
 *
 * @param problems everything wrong, in the order of the file; empty means that it can be started
 * @param summary what it is, a line each; empty when there are problems
 */
public record CheckReport(List<Problem> problems, List<String> summary) {

    /** Copies what it is given. */
    public CheckReport {
        problems = List.copyOf(problems);
        summary = List.copyOf(summary);
    }

    /**
     * Checks a file, in which quirks have names of {@code quirks}, with what the environment adds
     * to it.
     */
    public static CheckReport of(Path file, Map<String, String> env, Set<String> quirks) {
        ConfigFile.Outcome outcome = ConfigFile.outcome(file, env, Optional.of(quirks));
        List<Problem> problems = new ArrayList<>(ConfigFile.problems(outcome, env));
        Config config = outcome.config();
        try {
            config = config.withEnvironment(env);
        } catch (ConfigException environment) {
            problems.addAll(environment.problems());
        }
        // A file with problems may have lost its keys to one of them.
        if (problems.isEmpty()) {
            config.refusal().map(outcome::placed).ifPresent(problems::add);
        }
        return new CheckReport(problems, problems.isEmpty() ? summary(file, config) : List.of());
    }

    /** Whether it can be started. */
    public boolean isGood() {
        return problems.isEmpty();
    }

    /**
     * All of it, for a terminal: a line for each problem and how many there are, or the summary.
     */
    public String text() {
        List<String> lines = new ArrayList<>(summary);
        problems.forEach(problem -> lines.add(problem.sentence()));
        if (!isGood()) {
            lines.add(Wording.count(problems.size(), "problem"));
        }
        return String.join("\n", lines);
    }

    private static List<String> summary(Path file, Config config) {
        List<String> lines = new ArrayList<>();
        lines.add(file + " is good");
        lines.add(
                counted(
                        "provider",
                        config.providers().stream().map(ProviderConfig::name).toList()));
        lines.add(counted("route", config.routes().stream().map(RouteConfig::name).toList()));
        lines.add(counted("client key", config.keys().names()));
        lines.addAll(config.warnings());
        return lines;
    }

    private static String counted(String noun, List<String> names) {
        String count = Wording.count(names.size(), noun);
        return names.isEmpty() ? count : count + ": " + String.join(", ", names);
    }
}
