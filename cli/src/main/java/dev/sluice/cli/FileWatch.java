package dev.sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Notices that a file has changed by looking at it now and then, which works on every file system,
 * and for files that are replaced or reached by a link. A change is told once the file has stayed
 * the same from one look to the next: who writes it should be done.
 */
final class FileWatch {
    /** What is seen of a file without reading it. */
    private record Look(FileTime modified, long size, String key) {}

    private final Path file;
    private Optional<Look> told;
    private Optional<Look> last;

    /** Looks at {@code file}, which is to be read only after that: every later change is told. */
    FileWatch(Path file) {
        this.file = file;
        this.told = look();
        this.last = told;
    }

    /** Looks again at each {@code pace}, in the background; interrupt the thread to end it. */
    Thread start(Duration pace, Runnable changed) {
        return Thread.ofVirtual().name("watches " + file).start(() -> run(pace, changed));
    }

    private void run(Duration pace, Runnable changed) {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(pace.toNanos());
                Optional<Look> now = look();
                if (now.equals(last) && !now.equals(told)) {
                    told = now;
                    changed.run();
                }
                last = now;
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Look> look() {
        try {
            BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(
                    new Look(seen.lastModifiedTime(), seen.size(), String.valueOf(seen.fileKey())));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
