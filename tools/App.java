import java.io.File;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * java tools/App.java ROOT KEY
 *
 * <p>Builds the program when a source is newer than the last build. Each build gets a folder of its
 * own in target/run, so that a running server never sees its jars change; the file "current" names
 * the newest. Then one short run of the program makes the ahead-of-time cache that shortens later
 * starts. KEY is what the cache depends on, the JDK above all; another KEY makes another cache.
 */
class App {
    private static final Set<String> NEVER_SHIPPED = Set.of("testkit", "benchmarks");
    private static final long TRAINING_LIMIT_S = 60;

    private final Path root;
    private final Path runs;
    private final String key;
    private final Maven maven;

    private App(Path root, String key) {
        this.root = root;
        this.runs = root.resolve("target/run");
        this.key = key;
        this.maven = new Maven(root, "sluice");
    }

    static void main(String[] args) throws Exception {
        var app = new App(Path.of(args[0]).toAbsolutePath(), args[1]);
        try {
            System.exit(app.run());
        } catch (IOException e) {
            app.maven.say("cannot build in " + app.root + ": " + e);
            System.exit(1);
        }
    }

    private int run() throws Exception {
        try (FileLock lock = maven.lock()) {
            natives();
            // Whoever had the lock may have done all of it.
            if (stale()) {
                return build();
            }
            Path app = current();
            if (!key.equals(read(app.resolve("cache.key")))) {
                train(app);
            }
            return 0;
        }
    }

    /** Nothing but local models depends on them: what is wrong is said where somebody wants one. */
    private void natives() throws IOException, InterruptedException {
        var natives = new Natives(root);
        if (natives.wanted()) {
            maven.show("getting libllama");
            natives.get().ifPresent(problem -> maven.say("no local models: " + problem));
        }
    }

    private Path current() throws IOException {
        return runs.resolve(read(runs.resolve("current")));
    }

    private boolean stale() throws IOException {
        if (read(runs.resolve("current")).isEmpty()
                || !Files.exists(current().resolve("sluice.jar"))) {
            return true;
        }
        FileTime built = Files.getLastModifiedTime(current().resolve("built"));
        List<Path> sources =
                new ArrayList<>(
                        List.of(
                                root.resolve("pom.xml"),
                                root.resolve("web/static"),
                                root.resolve("tools/App.java"),
                                root.resolve("tools/jvm.options")));
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (Path module : modules) {
                Path pom = module.resolve("pom.xml");
                if (Files.exists(pom) && !NEVER_SHIPPED.contains(module.getFileName().toString())) {
                    sources.add(pom);
                    sources.add(module.resolve("src/main"));
                }
            }
        }
        for (Path source : sources) {
            if (Files.exists(source) && newer(source, built)) {
                return true;
            }
        }
        return false;
    }

    // A folder counts too: removing a file changes only that.
    private static boolean newer(Path source, FileTime built) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.getLastModifiedTime(file).compareTo(built) > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private int build() throws Exception {
        Files.createDirectories(runs);
        // As old as the start of the build: what is saved while it runs is for the next one.
        Path starting = runs.resolve("starting");
        Files.deleteIfExists(starting);
        Files.createFile(starting);
        Path made = root.resolve("cli/target/app");
        delete(made);
        Path log = root.resolve("target/build.log");
        long start = System.nanoTime();
        int status =
                maven.run(
                        log,
                        "starting Maven",
                        List.of("-Dmaven.test.skip=true", "-pl", "cli", "-am", "package"));
        if (status != 0) {
            Maven.showErrors(log);
            maven.say("the build failed; all that Maven said: " + log);
            return 1;
        }
        String id =
                DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(LocalDateTime.now())
                        + "-"
                        + ProcessHandle.current().pid();
        Path app = runs.resolve(id);
        copy(made, app);
        Files.createDirectories(app.resolve("users"));
        Files.move(starting, app.resolve("built"));
        train(app);
        String before = read(runs.resolve("current"));
        Path next = runs.resolve("next");
        Files.writeString(next, id + System.lineSeparator());
        Files.move(next, runs.resolve("current"), StandardCopyOption.REPLACE_EXISTING);
        removeOld(Set.of(id, before));
        maven.say("built in " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + " s");
        return 0;
    }

    /**
     * Nothing depends on the cache, so a training that fails is only written down, and not tried
     * again.
     */
    private void train(Path app) throws Exception {
        maven.show("preparing quick starts");
        Path cache = app.resolve("sluice.aot");
        Path log = app.resolve("training.log");
        Files.deleteIfExists(cache);
        Files.deleteIfExists(log);
        for (String command : List.of("--aot-training", "--version")) {
            var builder =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "@" + root.resolve("tools/jvm.options"),
                                    "-XX:AOTCacheOutput=" + cache,
                                    "-cp",
                                    app.resolve("sluice.jar").toString(),
                                    "dev.sluice.cli.Main",
                                    command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            Process training = Maven.endWithUs(builder.start());
            training.getOutputStream().close();
            if (!training.waitFor(TRAINING_LIMIT_S, TimeUnit.SECONDS)) {
                training.descendants().forEach(ProcessHandle::destroyForcibly);
                training.destroyForcibly().waitFor();
            }
            if (training.exitValue() == 0 && Files.exists(cache)) {
                break;
            }
            Files.deleteIfExists(cache);
        }
        Files.writeString(app.resolve("cache.key"), key + System.lineSeparator());
        maven.clear();
    }

    /**
     * Keeps this build, the one before (somebody may be about to start it) and those that a live
     * process runs from.
     */
    private void removeOld(Set<String> kept) throws IOException {
        try (DirectoryStream<Path> builds = Files.newDirectoryStream(runs, "*-*")) {
            for (Path build : builds) {
                if (!kept.contains(build.getFileName().toString()) && !used(build)) {
                    delete(build);
                }
            }
        }
    }

    private static boolean used(Path build) throws IOException {
        if (File.separatorChar == '\\') {
            // There nobody writes its number down, but a folder with an open file cannot be
            // renamed.
            Path other = build.resolveSibling(build.getFileName() + ".old");
            return !build.toFile().renameTo(other.toFile())
                    || !other.toFile().renameTo(build.toFile());
        }
        try (DirectoryStream<Path> users = Files.newDirectoryStream(build.resolve("users"))) {
            for (Path user : users) {
                long number = Long.parseLong(user.getFileName().toString());
                if (ProcessHandle.of(number).isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String read(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.toList().reversed();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
