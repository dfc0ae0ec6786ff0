package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Event;
import dev.sluice.dialect.Dialects;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;

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
import java.util.List;
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

    /** Where the modules are that the class files of these come from, directories or jars. */
    private static String modulePath() {
        return Stream.of(Event.class, Dialects.class, Sluice.class)
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
        Process program =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-p",
                                modulePath() + File.pathSeparator + folder,
                                "-m",
                                "program/program.Program",
                                address)
                        .redirectErrorStream(true)
                        .start();
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
