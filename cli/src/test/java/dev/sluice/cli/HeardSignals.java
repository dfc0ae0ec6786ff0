package dev.sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Signals that a program must hear. Under nohup, and in the background of a shell, every child
 * ignores some, and a JVM keeps to that unless it is told otherwise.
 */
enum HeardSignals {
    HUP(1),
    INT(2);

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern IGNORED = Pattern.compile("SigIgn:\\s*(\\p{XDigit}+)");

    private final int number;

    HeardSignals(int number) {
        this.number = number;
    }

    /** What stands before a command so that it hears this signal; nothing if it does anyway. */
    List<String> prefix() throws IOException {
        return isIgnored() ? List.of("env", "--default-signal=" + name()) : List.of();
    }

    private boolean isIgnored() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return false;
        }
        Matcher mask = IGNORED.matcher(Files.readString(STATUS));
        return mask.find() && (Long.parseUnsignedLong(mask.group(1), 16) >>> (number - 1) & 1) == 1;
    }
}
