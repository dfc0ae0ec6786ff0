package dev.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The signal SIGHUP, which asks a server to read its configuration again and tells a program that
 * its terminal is gone. Those that have a terminal look whether it is still there.
 */
final class Hangup {
    private static final Path TERMINAL = Path.of("/dev/tty");

    private Hangup() {}

    /**
     * Runs {@code reload} at every SIGHUP, on a thread of its own, and {@code stop} when the
     * terminal is gone. Nothing happens where the signal is ignored from the start, as nohup has
     * it, nor where there is none.
     */
    static void handle(Runnable reload, Runnable stop) {
        boolean begunOnTerminal = hasTerminal();
        Signals.handle("HUP", () -> (begunOnTerminal && !hasTerminal() ? stop : reload).run());
    }

    private static boolean hasTerminal() {
        try (InputStream terminal = Files.newInputStream(TERMINAL)) {
            return terminal != null;
        } catch (IOException none) {
            return false;
        }
    }
}
