package dev.sluice.testkit;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Everything that this process says while it is open: System.out, System.err and java.util.logging
 * with stack traces. What is captured is still printed. It replaces the streams of the whole
 * process, so tests that use it must not run beside others; a log library that keeps its own copy
 * of System.out must be set up after the start of the capture.
 */
public final class LogCapture implements AutoCloseable {
    private static final int CONTEXT = 60;

    private final ByteArrayOutputStream captured = new ByteArrayOutputStream();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final Logger root = Logger.getLogger("");
    private final @Nullable Level rootLevel = root.getLevel();
    private final Handler handler = new Capturing();

    private LogCapture(@Nullable Level level) {
        System.setOut(new PrintStream(new Tee(out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new Tee(err), true, StandardCharsets.UTF_8));
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        if (level != null) {
            root.setLevel(level);
        }
    }

    /** Starts to capture what is logged at the levels that are on now. */
    public static LogCapture start() {
        return new LogCapture(null);
    }

    /**
     * Starts to capture with this level on everywhere: {@code Level.ALL} makes a canary sing in
     * debug lines too.
     */
    public static LogCapture start(Level level) {
        return new LogCapture(level);
    }

    /** All that was said so far. */
    public String text() {
        synchronized (captured) {
            return captured.toString(StandardCharsets.UTF_8);
        }
    }

    /** Forgets what was said so far. */
    public void clear() {
        synchronized (captured) {
            captured.reset();
        }
    }

    /** Fails when one of these secrets was said, with a few characters around it. */
    public void assertNever(String... secrets) {
        String text = text();
        for (String secret : secrets) {
            int at = text.indexOf(secret);
            if (at >= 0) {
                String before = text.substring(Math.max(0, at - CONTEXT), at);
                int end = at + secret.length();
                String after = text.substring(end, Math.min(text.length(), end + CONTEXT));
                throw new AssertionError(
                        "a secret leaked: …" + before + "<the secret>" + after + "…");
            }
        }
    }

    /** Puts the streams and the levels back. */
    @Override
    public void close() {
        System.setOut(out);
        System.setErr(err);
        root.removeHandler(handler);
        root.setLevel(rootLevel);
    }

    private void capture(byte[] bytes, int offset, int length) {
        synchronized (captured) {
            captured.write(bytes, offset, length);
        }
    }

    private final class Tee extends OutputStream {
        private final PrintStream shown;

        Tee(PrintStream shown) {
            this.shown = shown;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            capture(bytes, offset, length);
            shown.write(bytes, offset, length);
        }

        @Override
        public void flush() {
            shown.flush();
        }
    }

    private final class Capturing extends Handler {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            byte[] line = formatter.format(record).getBytes(StandardCharsets.UTF_8);
            capture(line, 0, line.length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
