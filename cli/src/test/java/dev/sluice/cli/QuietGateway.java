package dev.sluice.cli;

import dev.sluice.gateway.config.Config;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A real gateway for tests, of which nobody reads what it prints. */
final class QuietGateway {
    private QuietGateway() {}

    /** Starts one as it is by itself, on a free port. */
    static Served start() {
        return start(Config.defaults().withPort(0));
    }

    /** Starts one by {@code config}. */
    static Served start(Config config) {
        return Served.start(
                config,
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }
}
