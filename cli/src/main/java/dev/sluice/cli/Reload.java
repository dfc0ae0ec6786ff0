package dev.sluice.cli;

import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ConfigChange;
import dev.sluice.gateway.config.ConfigException;
import dev.sluice.gateway.config.InvalidValue;
import dev.sluice.gateway.config.Problem;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads the configuration again while the gateway runs, and tells the log what came of it. With a
 * problem in it everything stays as it was.
 */
final class Reload {
    private static final System.Logger LOG = System.getLogger(Reload.class.getName());

    private final Path file;
    private final Supplier<Config> read;
    private final Served served;

    /** A reload of {@code file}, which {@code read} reads with all that is added to it. */
    Reload(Path file, Supplier<Config> read, Served served) {
        this.file = file;
        this.read = read;
        this.served = served;
    }

    /** Once, now; one after the other. */
    synchronized void run() {
        try {
            ConfigChange change = served.reload(read.get());
            LOG.log(System.Logger.Level.INFO, file + " was read again, " + change.sentence());
            change.config().warnings().forEach(line -> LOG.log(System.Logger.Level.WARNING, line));
        } catch (ConfigException wrong) {
            refused(wrong.problems().stream().map(Problem::sentence).toList());
        } catch (InvalidValue | UsageException wrong) {
            refused(List.of(String.valueOf(wrong.getMessage())));
        } catch (RuntimeException accident) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    file + " could not be read again; it is not known which part of it is in force",
                    accident);
        }
    }

    private void refused(List<String> problems) {
        problems.forEach(problem -> LOG.log(System.Logger.Level.WARNING, problem));
        LOG.log(
                System.Logger.Level.WARNING,
                file + " was read again, and nothing of it is taken: what was in force stays");
    }
}
