package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Eventually;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

@Tag("R23")
class FileWatchTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration PACE = Duration.ofMillis(10);

    @TempDir Path folder;
    private final AtomicInteger told = new AtomicInteger();

    private void expect(int count) {
        Eventually.within(LIMIT, "it is told " + count + " times", () -> told.get() == count);
    }

    @Test
    void tellsOnceThatAFileWasWrittenReplacedRemovedAndMadeAgain() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "one");
        Thread watch = new FileWatch(file).start(PACE, told::incrementAndGet);
        try {
            Files.writeString(file, "three");
            expect(1);
            Path next = Files.writeString(folder.resolve("next"), "seven");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            expect(2);
            Files.delete(file);
            expect(3);
            Files.writeString(file, "back");
            expect(4);
            Eventually.stays(PACE.multipliedBy(10), "nothing more is told", () -> told.get() == 4);
        } finally {
            watch.interrupt();
        }
    }

    @Test
    void tellsOfAChangeBeforeItBeganToWatch() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "one");
        FileWatch looking = new FileWatch(file);
        Files.writeString(file, "three");
        Thread watch = looking.start(PACE, told::incrementAndGet);
        try {
            expect(1);
        } finally {
            watch.interrupt();
        }
    }

    @Test
    void seesThroughALinkThatIsPointedElsewhere() throws IOException {
        Path one = Files.writeString(folder.resolve("one"), "1");
        Path two = Files.writeString(folder.resolve("two"), "2");
        Path link = Files.createSymbolicLink(folder.resolve("link"), one);
        Thread watch = new FileWatch(link).start(PACE, told::incrementAndGet);
        try {
            Path other = Files.createSymbolicLink(folder.resolve("other"), two);
            Files.move(other, link, StandardCopyOption.ATOMIC_MOVE);
            expect(1);
            assertThat(Files.readString(link)).isEqualTo("2");
        } finally {
            watch.interrupt();
        }
    }
}
