package dev.sluice.cli;

import dev.sluice.gateway.config.CheckReport;
import dev.sluice.gateway.routing.Planner;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code sluice check FILE}: says what is wrong with a configuration, or what it is. Asks nobody
 * over the network.
 */
final class CheckCommand {
    private CheckCommand() {}

    static int run(List<String> args, Map<String, String> env, PrintStream out, PrintStream err) {
        List<String> words = new Options().read(args).words();
        if (words.size() != 1) {
            throw new UsageException("check needs one file: sluice check FILE");
        }
        CheckReport report =
                CheckReport.of(Path.of(words.getFirst()), env, Set.copyOf(Planner.quirkNames()));
        (report.isGood() ? out : err).println(report.text());
        return report.isGood() ? Main.OK : Main.USAGE;
    }
}
