package dev.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * How many files and sockets this process holds open, as the kernel says (Linux: {@code
 * /proc/self/fd}).
 */
public final class OpenFiles {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenFiles() {}

    /** Whether this system can tell; tests assume it. */
    public static boolean areCountable() {
        return Files.isDirectory(DESCRIPTORS);
    }

    /** All open descriptors. */
    public static int all() {
        return count("");
    }

    /**
     * Open sockets, listening ones too; both ends of a loopback connection within this process
     * count.
     */
    public static int sockets() {
        return count("socket:");
    }

    /**
     * Waits until no more sockets are open than before; fails with both numbers after the limit.
     */
    public static void awaitSocketsAtMost(int base, Duration limit) {
        Eventually.passes(
                limit,
                () -> {
                    int now = sockets();
                    if (now > base) {
                        throw new AssertionError(
                                "open sockets: " + now + " (expected: <= " + base + ")");
                    }
                });
    }

    private static int count(String prefix) {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return (int) descriptors.filter(path -> targetOf(path).startsWith(prefix)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String targetOf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException _) {
            return "closed meanwhile";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
