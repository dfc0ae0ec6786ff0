import java.io.File;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * java tools/Check.java ROOT [OPTION...]
 *
 * <p>Checks formatting, generated files, compilation and every test; quiet when all is well. The
 * last line sums up the tests of all modules in Surefire's words, and the exit status is Maven's,
 * or 1 when something else failed. Tests need a JDK of 25 or newer and nothing else; Maven comes
 * along when there is none.
 */
class Check {
    private static final String USAGE =
            """
            ./check              formatting, generated files, compilation, every test
            ./check --quick      without the tests tagged "slow"
            ./check -k PATTERN   only the tests of matching classes: -k 'Sse*', -k 'SseDecoderTest#keeps*'
            ./check --fix        formats the sources and rewrites the generated files
            """;
    private static final Pattern NOT_RUN = Pattern.compile("\\[INFO] Sluice (\\S+) \\.+ SKIPPED.*");

    /** Where a Chromium is looked for, here and by the tests of {@code web}. */
    private static final List<String> CHROMIUM =
            List.of(
                    "/usr/bin/chromium",
                    "/usr/bin/chromium-browser",
                    "/usr/bin/google-chrome",
                    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
                    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe");

    private final Path root;
    private final Maven maven;
    private final List<String> failed = new ArrayList<>();
    private final long start = System.nanoTime();

    private Check(Path root) {
        this.root = root;
        this.maven = new Maven(root, "check");
    }

    static void main(String[] args) throws Exception {
        var check = new Check(Path.of(args[0]).toAbsolutePath());
        boolean quick = false;
        boolean fix = false;
        String pattern = "";
        for (int i = 1; i < args.length; i++) {
            if (args[i].equals("--quick")) {
                quick = true;
            } else if (args[i].equals("--fix")) {
                fix = true;
            } else if (args[i].equals("-k") && i + 1 < args.length) {
                pattern = args[++i];
            } else {
                System.err.print(USAGE);
                System.exit(2);
            }
        }
        try (FileLock lock = check.maven.lock()) {
            if (fix) {
                check.sources("fix");
                System.exit(check.failed.isEmpty() ? 0 : 1);
            }
            if (pattern.isEmpty()) {
                check.sources("check");
            }
            check.npmPackages();
            System.exit(check.tests(quick, pattern));
        }
    }

    // mode: "check" or "fix"
    private void sources(String mode) throws IOException, InterruptedException {
        Path log = root.resolve("target/format.log");
        List<String> format = List.of("-q", "-N", "-Pformat", "-Dfmt=" + mode, "process-sources");
        if (maven.run(log, "formatting", format) != 0) {
            failed.add("formatting");
            List<String> lines =
                    Files.readAllLines(log).stream()
                            .takeWhile(line -> !line.startsWith("[ERROR]"))
                            .filter(line -> line.contains(".java"))
                            .toList();
            lines.forEach(System.err::println);
            if (lines.isEmpty()) {
                Maven.showErrors(log);
            }
            maven.say(
                    "not formatted (./check --fix repairs what it can); all that was said: " + log);
        }
        if (!new Requirements(root).run(mode)) {
            failed.add("generated files");
        }
    }

    // What tests of nodetests and web need, as their lock files say. Without it, or without Node,
    // these tests are skipped, and nothing else depends on it.
    private void npmPackages() throws IOException, InterruptedException {
        for (String module : List.of("nodetests", "web")) {
            if (!npmPackages(root.resolve(module), root.resolve("target/npm-" + module + ".log"))) {
                return;
            }
        }
        if (System.getenv("CHROMIUM") == null
                && CHROMIUM.stream().noneMatch(place -> Files.exists(Path.of(place)))) {
            maven.say(
                    "the tests in a browser are skipped: there is no Chromium (Debian: apt-get"
                            + " install chromium; elsewhere set CHROMIUM to its path)");
        }
    }

    // False when there is no npm at all.
    private boolean npmPackages(Path module, Path log) throws IOException, InterruptedException {
        Path locked = module.resolve("package-lock.json");
        Path installed = module.resolve("node_modules/.installed");
        if (Files.exists(installed) && Files.mismatch(installed, locked) < 0) {
            return true;
        }
        maven.show("npm packages");
        boolean windows = File.separatorChar == '\\';
        List<String> command =
                windows
                        ? List.of("cmd", "/c", "npm", "ci", "--ignore-scripts")
                        : List.of("npm", "ci", "--ignore-scripts");
        try {
            Process npm =
                    new ProcessBuilder(command)
                            .directory(module.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            if (npm.waitFor() == 0) {
                Files.copy(locked, installed);
            } else {
                maven.say(
                        "npm could not install what the tests of "
                                + module.getFileName()
                                + " need, so they are skipped; all that it said: "
                                + log);
            }
            return true;
        } catch (IOException none) {
            maven.say(
                    "the tests of npm clients, of the browser package and of the playground are"
                            + " skipped: there is no npm on the PATH (Debian: apt-get install"
                            + " nodejs npm; Node 20 or newer)");
            return false;
        }
    }

    private int tests(boolean quick, String pattern) throws Exception {
        maven.show("getting libllama");
        new Natives(root).get().ifPresent(problem -> maven.say("no local models: " + problem));
        List<Path> reports = reports();
        for (Path directory : reports) {
            clear(directory);
        }
        List<String> arguments = new ArrayList<>(List.of("--fail-at-end", "verify"));
        if (quick) {
            arguments.add("-DexcludedGroups=slow");
        }
        if (!pattern.isEmpty()) {
            arguments.add("-Dtest=" + pattern);
            arguments.add("-Dsurefire.failIfNoSpecifiedTests=false");
        }
        Path log = root.resolve("target/check.log");
        int status = maven.run(log, "starting Maven", arguments);
        var report = new TestReport();
        for (Path directory : reports) {
            report.read(directory);
        }
        report.printCauses();
        if (status != 0) {
            failed.add(explain(log));
        }
        if (!pattern.isEmpty() && report.run() == 0) {
            failed.add("no test matches " + pattern);
        }
        if (!failed.isEmpty()) {
            maven.say("FAILED: " + String.join(", ", failed));
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        maven.say(
                "%d min %d s on JDK %s; all that Maven said: %s"
                        .formatted(seconds / 60, seconds % 60, Runtime.version().feature(), log));
        System.err.flush();
        report.printTotals();
        if (status == 0 && !failed.isEmpty()) {
            return 1;
        }
        return status;
    }

    private List<Path> reports() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (Path module : modules) {
                if (Files.exists(module.resolve("pom.xml"))) {
                    found.add(module.resolve("target/surefire-reports"));
                }
            }
        }
        return found.stream().sorted().toList();
    }

    // What an earlier run reported must not count.
    private static void clear(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    Files.delete(file);
                }
            }
        }
    }

    // Says what failed. Tests have been shown with their traces; anything else stands in the log.
    private String explain(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        List<String> goals =
                lines.stream()
                        .filter(line -> line.startsWith("[ERROR] Failed to execute goal"))
                        .toList();
        boolean onlyTests =
                !goals.isEmpty()
                        && goals.stream()
                                .allMatch(line -> line.contains("There are test failures"));
        if (!onlyTests) {
            Maven.showErrors(log);
        }
        List<String> notRun =
                lines.stream()
                        .map(NOT_RUN::matcher)
                        .filter(Matcher::matches)
                        .map(matcher -> matcher.group(1))
                        .toList();
        if (!notRun.isEmpty()) {
            maven.say("not run, because what they need failed: " + String.join(", ", notRun));
        }
        return onlyTests ? "tests" : "the build";
    }
}
