package dev.sluice.cli;

import dev.sluice.core.failure.Redactor;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.Secret;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * How the gateway's own log looks: one line for each event, on standard error, and no key in it
 * whoever logs.
 */
final class Logs {
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    /**
     * The network library tells of every frame that comes after a cancel; held here, or they would
     * be forgotten.
     */
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("io.netty"), Logger.getLogger("io.vertx"));

    private Logs() {}

    /** From now on no line shows the secrets of {@code configs}. */
    static void hideSecretsOf(Config... configs) {
        RedactedFormatter.redactBy(
                Redactor.of(
                        Stream.of(configs)
                                .flatMap(config -> config.secrets().stream())
                                .map(Secret::reveal)
                                .toList()));
    }

    /** Sets the log up; before anything is logged. What the user has set stays. */
    static void setUp() {
        if (System.getProperty(FORMAT) == null) {
            System.setProperty(FORMAT, "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n");
        }
        if (System.getProperty("java.util.logging.config.file") == null) {
            QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
        }
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler.getFormatter() != null) {
                handler.setFormatter(new RedactedFormatter(handler.getFormatter()));
            }
        }
    }
}
