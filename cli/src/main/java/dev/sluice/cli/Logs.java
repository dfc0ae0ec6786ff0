package dev.sluice.cli;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** How the gateway's own log looks: one line for each event, on standard error. */
final class Logs {
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    /**
     * The network library tells of every frame that comes after a cancel; held here, or they would
     * be forgotten.
     */
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("io.netty"), Logger.getLogger("io.vertx"));

    private Logs() {}

    /** Sets the log up; before anything is logged. What the user has set stays. */
    static void setUp() {
        if (System.getProperty(FORMAT) == null) {
            System.setProperty(FORMAT, "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n");
        }
        if (System.getProperty("java.util.logging.config.file") == null) {
            QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
        }
    }
}
