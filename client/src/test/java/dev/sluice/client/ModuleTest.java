package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.core.event.Event;
import dev.sluice.dialect.Dialects;
import dev.sluice.llama.LocalSource;
import dev.sluice.testkit.gguf.NativeLibrary;
import dev.sluice.testkit.gguf.TestModel;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A program that is a module of its own, compiled and run with nothing but what it requires. */
class ModuleTest {
    private static final String MODULE =
            """
            module program {
                requires dev.sluice.client;
            }
            """;

    private static final String ASKING =
            """
            package program;

            import dev.sluice.client.Sluice;
            import dev.sluice.client.SluiceClient;
            import dev.sluice.client.TokenStream;
            import dev.sluice.core.event.Event;

            import java.net.URI;

            public final class Program {
                public static void main(String[] args) {
                    try (SluiceClient client =
                                    Sluice.builder().baseUrl("sluice", URI.create(args[0])).build();
                            TokenStream stream = client.stream("sluice/any", "Hi.")) {
                        for (Event event : stream.events()) {
                            if (event instanceof Event.Delta delta) {
                                System.out.print(delta.text());
                            }
                        }
                    }
                    System.out.println();
                    ModuleLayer.boot().modules().stream()
                            .map(Module::getName)
                            .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk."))
                            .sorted()
                            .forEach(System.out::println);
                }
            }
            """;

    private static final String ASKING_A_MODEL =
            """
            package program;

            import dev.sluice.client.Sluice;
            import dev.sluice.client.SluiceException;
            import dev.sluice.client.TokenStream;

            import java.util.concurrent.CountDownLatch;

            public final class Program {
                public static void main(String[] args) throws InterruptedException {
                    if (args[0].equals("leave")) {
                        TokenStream stream = Sluice.stream("local/endless", "Hello!");
                        CountDownLatch first = new CountDownLatch(1);
                        Thread.startVirtualThread(() -> stream.forEach(_ -> first.countDown()));
                        first.await();
                        System.out.println("left");
                        return;
                    }
                    try (TokenStream stream = Sluice.stream(args[0], "Hello!")) {
                        String text = stream.text();
                        System.out.println(stream.stopReason().orElseThrow() + " " + text);
                    } catch (SluiceException failed) {
                        System.out.println(failed.getMessage());
                    }
                    ModuleLayer.boot().findModule("dev.sluice.llama").ifPresent(System.out::println);
                }
            }
            """;

    private static final String PRYING =
            """
            package program;

            final class Prying {
                Object dialect() {
                    return new dev.sluice.dialect.ollama.OllamaDialect();
                }
            }
            """;

    @TempDir private Path folder;

    private static String modulePath() {
        return places(Event.class, Dialects.class, Sluice.class);
    }

    /** The same with models of files. */
    private static String withModels() {
        return places(Event.class, Dialects.class, Sluice.class, LocalSource.class);
    }

    /** Where the modules are that the class files of these come from, directories or jars. */
    private static String places(Class<?>... ofEach) {
        return Stream.of(ofEach)
                .map(ModuleTest::place)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path place(Class<?> one) {
        try {
            return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What the compiler complains of; nothing if it is content. */
    private String compile(String... sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> paths = new ArrayList<>();
            for (int i = 0; i < sources.length; i += 2) {
                Path file = folder.resolve(sources[i]);
                Files.writeString(file, sources[i + 1]);
                paths.add(file);
            }
            List<String> options =
                    List.of("-d", folder.toString(), "-p", modulePath(), "-Xlint:all", "-Werror");
            boolean content =
                    compiler.getTask(
                                    said,
                                    files,
                                    null,
                                    options,
                                    null,
                                    files.getJavaFileObjectsFromPaths(paths))
                            .call();
            assertThat(content).isEqualTo(said.toString().isEmpty());
        }
        return said.toString();
    }

    private String run(String address) throws IOException, InterruptedException {
        return run(
                Map.of(),
                "-p",
                modulePath() + File.pathSeparator + folder,
                "-m",
                "program/program.Program",
                address);
    }

    private static String run(Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        ProcessBuilder starting = new ProcessBuilder(command).redirectErrorStream(true);
        starting.environment().putAll(environment);
        Process program = starting.start();
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void aModularProgramRequiresTheClientAndGetsNothingElseThanCoreAndDialects()
            throws IOException, InterruptedException {
        assertThat(compile("module-info.java", MODULE, "Program.java", ASKING)).isEmpty();
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.on(Remote.CHAT, Script.stream().send(Remote.CHAT_EVENTS.answer("Hello.")));
            assertThat(run(upstream.uri() + "/v1").lines())
                    .containsExactly(
                            "Hello.",
                            "dev.sluice.client",
                            "dev.sluice.core",
                            "dev.sluice.dialect",
                            "program");
        }
    }

    /** What a program needs to find the demo model, as its environment says it. */
    private Map<String, String> models() throws IOException {
        Optional<Path> library = NativeLibrary.find();
        assumeTrue(library.isPresent(), "libllama cannot be had for this kind of machine");
        assertThat(compile("module-info.java", MODULE, "Program.java", ASKING_A_MODEL)).isEmpty();
        return Map.of(
                "SLUICE_MODELS",
                Path.of("../demo-model").toAbsolutePath().toString(),
                "SLUICE_LLAMA_LIB",
                library.get().toString());
    }

    private String runModular(Map<String, String> models, String more, String argument)
            throws IOException, InterruptedException {
        return run(
                models,
                more,
                "-p",
                withModels() + File.pathSeparator + folder,
                "-m",
                "program/program.Program",
                argument);
    }

    @Test
    void aModularProgramAsksTheDemoModelWithNothingButItsModuleBeside()
            throws IOException, InterruptedException {
        String said =
                runModular(
                        models(), "--enable-native-access=dev.sluice.llama", "local/sluice-demo");
        assertThat(said).matches("(?s)END_TURN .+\\Rmodule dev.sluice.llama\\R");
    }

    @Test
    void aProgramOfTheClassPathAsksTheDemoModelWithNothingButItsJarBeside()
            throws IOException, InterruptedException {
        String said =
                run(
                        models(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        withModels() + File.pathSeparator + folder,
                        "program.Program",
                        "local/sluice-demo");
        assertThat(said).startsWith("END_TURN ").doesNotContain("Exception", "module");
    }

    @Test
    void withoutTheModuleOfModelsTheFailureSaysWhatToAdd()
            throws IOException, InterruptedException {
        assertThat(compile("module-info.java", MODULE, "Program.java", ASKING_A_MODEL)).isEmpty();
        assertThat(run("local/sluice-demo"))
                .isEqualToIgnoringNewLines(
                        "`local` answers where sluice-llama (the module dev.sluice.llama) is beside"
                                + " the library, and it is not: put it on the class path or the"
                                + " module path");
    }

    @Test
    void whereNativeCodeIsForbiddenTheFailureSaysHowToAllowIt()
            throws IOException, InterruptedException {
        assertThat(runModular(models(), "--illegal-native-access=deny", "local/sluice-demo"))
                .startsWith(
                        "this JVM may not call libllama; start it with"
                                + " --enable-native-access=dev.sluice.llama");
    }

    @Test
    @Tag("R16")
    void aProgramMayEndWhileAModelWrites() throws IOException, InterruptedException {
        Map<String, String> models = new HashMap<>(models());
        models.put("SLUICE_MODELS", folder.toString());
        TestModel.story(folder.resolve("endless.gguf"), List.of("a", "b"), 0, 8192);
        assertThat(runModular(models, "--enable-native-access=dev.sluice.llama", "leave"))
                .isEqualToIgnoringNewLines("left");
    }

    @Test
    void everyPackageOfCoreIsForPrograms() {
        ModuleDescriptor core =
                ModuleFinder.of(place(Event.class))
                        .find("dev.sluice.core")
                        .orElseThrow()
                        .descriptor();
        assertThat(core.exports().stream().map(ModuleDescriptor.Exports::source))
                .as("what module-info.java exports")
                .containsExactlyInAnyOrderElementsOf(core.packages());
    }

    @Test
    void howADialectIsSpokenIsNotForPrograms() throws IOException {
        String prying = MODULE.replace("client;", "client; requires dev.sluice.dialect;");
        assertThat(compile("module-info.java", prying, "Prying.java", PRYING))
                .contains("package dev.sluice.dialect.ollama is not visible");
    }
}
