package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.terminal.Vt;
import dev.sluice.testkit.Eventually;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program on a pseudo-terminal of its own. */
final class TerminalProgram implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final String PROMPT = "› ";

    private final Process process;
    private final ProgramOutput output;
    private final int columns;
    private final int rows;
    private int drawnOf = -1;
    private String drawn = "";

    /** Whether there is what makes a pseudo-terminal. */
    static boolean isPossible() {
        return Files.isExecutable(SCRIPT) && Files.isDirectory(Path.of("/proc/self"));
    }

    /** Starts it with these arguments, and with what {@code environment} sets. */
    TerminalProgram(int columns, int rows, String environment, String... args) throws IOException {
        this.columns = columns;
        this.rows = rows;
        String java =
                System.getProperty("java.home")
                        + "/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
                        + " --enable-native-access=ALL-UNNAMED dev.sluice.cli.Main";
        String shell =
                "stty cols %d rows %d; exec env TERM=xterm-256color LC_ALL=C.UTF-8 %s %s %s"
                        .formatted(
                                columns,
                                rows,
                                environment,
                                java,
                                String.join(
                                        " ", List.of(args).stream().map(Shell::quoted).toList()));
        ProcessBuilder builder =
                new ProcessBuilder(SCRIPT.toString(), "-qefc", shell, "/dev/null")
                        .redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("SHELL", "/bin/sh");
        builder.environment()
                .keySet()
                .removeAll(List.of("SLUICE_API_KEY", "SLUICE_BASE_URL", "NO_COLOR"));
        process = builder.start();
        output = new ProgramOutput(process);
    }

    /** All that was written to the terminal. */
    String said() {
        return output.said();
    }

    /** What the terminal shows and has shown. */
    String screen() {
        String now = said();
        if (now.length() != drawnOf) {
            drawn = new Vt(columns, rows).write(now).all();
            drawnOf = now.length();
        }
        return drawn;
    }

    /** The same with its styles. */
    String styled() {
        return new Vt(columns, rows).write(said()).styled();
    }

    /** Types keys. */
    TerminalProgram type(String keys) throws IOException {
        process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return this;
    }

    /** Waits until {@code text} was shown. */
    TerminalProgram shows(String text) {
        Eventually.passes(LIMIT, () -> assertThat(screen()).contains(text));
        return this;
    }

    /** Waits until it waits for a line. */
    TerminalProgram prompts() {
        Eventually.passes(
                LIMIT, () -> assertThat(screen().stripTrailing()).endsWith(PROMPT.strip()));
        return this;
    }

    /** Waits for its end by itself. */
    int ends() throws InterruptedException {
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
