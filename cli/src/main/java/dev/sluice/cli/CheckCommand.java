package dev.sluice.cli;

import dev.sluice.gateway.config.CheckReport;
import dev.sluice.gateway.config.ConfigFile;
import dev.sluice.gateway.config.Problem;
import dev.sluice.gateway.routing.Planner;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code sluice check FILE}: says what is wrong with a configuration, or what it is. Asks nobody
 * over the network.
 */
final class CheckCommand {
    private static final Options OPTIONS = new Options();
    private static final String USAGE = "sluice check FILE";

    private CheckCommand() {}

    static int run(List<String> args, Map<String, String> env, PrintStream out, PrintStream err) {
        Options.Typed typed = OPTIONS.read(args);
        if (Options.wantsHelp(typed)) {
            out.println(USAGE);
            return Main.OK;
        }
        if (typed.words().size() != 1) {
            throw new UsageException("check needs one file: " + USAGE);
        }
        Path file = Path.of(typed.words().getFirst());
        CheckReport report = CheckReport.of(file, env, ServeOptions.quirks());
        if (!report.isGood()) {
            err.println(report.text());
            return Main.USAGE;
        }
        List<Problem> problems =
                Planner.problems(ConfigFile.read(file, env, ServeOptions.quirks()));
        problems.forEach(problem -> err.println(file + ": " + problem.sentence()));
        if (!problems.isEmpty()) {
            return Main.USAGE;
        }
        out.println(report.text());
        return Main.OK;
    }
}
