package dev.sluice.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;

/** One line of a terminal that says how far the reading of a model is, and is gone afterwards. */
final class ProgressLine implements AutoCloseable {
    private final PrintStream out;
    private final boolean terminal;
    private int width;

    ProgressLine(PrintStream out) {
        this(out, Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent());
    }

    /** Shows nothing that changes unless {@code terminal}. */
    ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Shows that {@code percent} of {@code model} was read. */
    synchronized void show(String model, int percent) {
        if (terminal) {
            print("reading " + model + ", " + percent + " %");
        }
    }

    private void print(String line) {
        out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        out.flush();
        width = line.length();
    }

    @Override
    public synchronized void close() {
        if (width > 0) {
            print("");
            out.print("\r");
            out.flush();
        }
    }
}
