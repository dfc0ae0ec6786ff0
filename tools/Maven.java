import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Maven as the launcher and the checks run it: the system's when it is good enough, else the
 * wrapper; all that it says goes to a log, and where it is goes to stderr, as one changing line on
 * a terminal and as a line for each module elsewhere.
 */
final class Maven {
    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final boolean TERMINAL =
            Boolean.getBoolean("terminal")
                    || WINDOWS && System.console() != null && System.console().isTerminal();
    private static final Pattern MODULE =
            Pattern.compile("\\[INFO] Building Sluice(?: (\\p{Lower}\\S*))? .*\\[(\\d+)/(\\d+)]");
    private static final Pattern ADVICE =
            Pattern.compile(
                    "\\[ERROR] *(\tat .*|\\[Help \\d.*|-> \\[Help.*|To see the full stack.*|Re-run"
                            + " Maven.*|For more information.*|After correcting.*|mvn <args>.*)?");
    private static final Pattern COMPILER_WARNING =
            Pattern.compile("\\[WARNING] (.*\\.java:)?\\[.*");
    private static final int MOST_ERRORS = 40;

    private final Path root;
    private final String name;
    private final long started = System.nanoTime();
    private volatile String where = "starting Maven";
    private int files; // downloaded
    private int width;
    private String module = "";

    /** Maven for the repository at {@code root}; {@code name} is who speaks on stderr. */
    Maven(Path root, String name) {
        this.root = root;
        this.name = name;
    }

    /**
     * Takes the lock of this working tree, or waits for it; it ends with this process, however that
     * ends.
     */
    FileLock lock() throws IOException {
        Path file = root.resolve("target/build.lock");
        Files.createDirectories(file.getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            say("waiting for another build to end");
            lock = channel.lock();
        }
        return lock;
    }

    /**
     * Runs Maven and returns its exit status. Nothing is shown in its first moments but {@code
     * step}.
     */
    int run(Path log, String step, List<String> arguments)
            throws IOException, InterruptedException {
        where = step;
        files = 0;
        List<String> command = command();
        command.addAll(List.of("-B", "-Dstyle.color=never"));
        command.addAll(arguments);
        var builder =
                new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        // Old Mavens use what new JDKs warn about.
        environment.merge(
                "MAVEN_OPTS",
                "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow",
                (theirs, ours) -> theirs + " " + ours);
        if (!WINDOWS) {
            // The wrapper checks its download only with an unzip: ours stands last on the path.
            environment.merge(
                    "PATH",
                    root.resolve("tools/fallback").toString(),
                    (theirs, ours) -> theirs + File.pathSeparator + ours);
        }
        Process process = endWithUs(builder.start());
        process.getOutputStream().close();
        Thread reader = Thread.ofVirtual().start(() -> read(process, log));
        while (!process.waitFor(Duration.ofMillis(200))) {
            showWhere();
        }
        reader.join();
        clear();
        return process.exitValue();
    }

    /** Who stops us stops it too. */
    static Process endWithUs(Process process) {
        Runnable stop =
                () -> {
                    process.descendants().forEach(ProcessHandle::destroy);
                    process.destroy();
                };
        Runtime.getRuntime().addShutdownHook(new Thread(stop));
        return process;
    }

    private List<String> command() throws IOException, InterruptedException {
        for (Path maven : OnPath.programs(WINDOWS ? "mvn.cmd" : "mvn")) {
            if (newEnough(maven)) {
                return new ArrayList<>(List.of(maven.toString()));
            }
        }
        return WINDOWS
                ? new ArrayList<>(List.of(root.resolve("mvnw.cmd").toString()))
                : new ArrayList<>(List.of("sh", root.resolve("mvnw").toString()));
    }

    // 3.8 and the newer ones of 3.
    private static boolean newEnough(Path maven) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(maven.toString(), "--version").redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes());
        Matcher version = Pattern.compile("Apache Maven 3\\.(\\d+)").matcher(said);
        return process.waitFor() == 0 && version.find() && Integer.parseInt(version.group(1)) >= 8;
    }

    private void read(Process process, Path log) {
        try (BufferedReader in = process.inputReader();
                Writer out = Files.newBufferedWriter(log)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                // The mvn of some systems resets colours whatever one says.
                String plain = line.replaceAll("\u001b\\[[0-9;]*m", "");
                out.write(plain);
                out.write('\n');
                out.flush();
                follow(plain);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void follow(String line) {
        Matcher building = MODULE.matcher(line);
        if (building.matches()) {
            String which = building.group(1) == null ? "the parent" : building.group(1);
            module = which + " (" + building.group(2) + " of " + building.group(3) + ")";
            where = module;
            if (!TERMINAL) {
                showLine(module);
            }
        } else if (line.startsWith("[INFO] Downloaded")) {
            files++;
            where = "downloading (" + files + " files)";
            if (!TERMINAL && files == 1) {
                showLine("downloading");
            }
        } else if (line.startsWith("[INFO] Running ")) {
            where = module + " " + line.substring(line.lastIndexOf('.') + 1);
        } else if (line.startsWith("[INFO] ---") && !module.isEmpty()) {
            where = module;
        }
    }

    private long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
    }

    private void showLine(String what) {
        System.err.println(name + ": " + what + ", " + seconds() + " s");
    }

    /** Shows what is being done, where a line can change. */
    void show(String what) {
        where = what;
        if (TERMINAL) {
            showWhere();
        } else {
            showLine(what);
        }
    }

    private void showWhere() {
        if (!TERMINAL) {
            return;
        }
        String line = name + ": " + where + ", " + seconds() + " s";
        System.err.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        System.err.flush();
        width = line.length();
    }

    /** Removes the line that changes. */
    void clear() {
        if (TERMINAL && width > 0) {
            System.err.print("\r" + " ".repeat(width) + "\r");
            System.err.flush();
            width = 0;
        }
    }

    /** Says a line that stays. */
    void say(String line) {
        clear();
        System.err.println(name + ": " + line);
    }

    /**
     * Shows why Maven failed: its errors without its advice about itself, or the end of the log
     * when there are none.
     */
    static void showErrors(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        boolean warningsFail = lines.stream().anyMatch(line -> line.endsWith("-Werror specified"));
        Set<String> errors = new LinkedHashSet<>();
        for (String line : lines) {
            boolean error = line.startsWith("[ERROR]") && !ADVICE.matcher(line).matches();
            boolean warning = warningsFail && COMPILER_WARNING.matcher(line).matches();
            if (error || warning) {
                errors.add(line);
            }
        }
        if (errors.isEmpty()) {
            errors.addAll(lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        }
        errors.stream().limit(MOST_ERRORS).forEach(System.err::println);
    }
}
