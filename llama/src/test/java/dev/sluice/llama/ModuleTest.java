package dev.sluice.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.core.event.Event;
import dev.sluice.testkit.gguf.NativeLibrary;
import dev.sluice.testkit.gguf.TestModel;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A program that is a module of its own and has a model in it, or in a process beside it. */
class ModuleTest {
    private static final String MODULE =
            """
            module program {
                requires dev.sluice.llama;
            }
            """;

    private static final String PROGRAM =
            """
            package program;

            import dev.sluice.llama.LocalModel;
            import dev.sluice.llama.ModelSettings;
            import dev.sluice.llama.TextModels;

            import java.nio.file.Path;
            import java.util.Optional;

            public final class Program {
                public static void main(String[] args) {
                    ModelSettings settings =
                            ModelSettings.of("story", Path.of(args[0]))
                                    .withThreads(1)
                                    .withIsolation(ModelSettings.Isolation.valueOf(args[2]))
                                    .withLibrary(Optional.of(Path.of(args[1])));
                    try (LocalModel model = new TextModels().load(settings, _ -> {})) {
                        System.out.println(model.facts().title());
                    }
                }
            }
            """;

    @TempDir private Path folder;

    private static String modulePath() {
        return place(Event.class) + File.pathSeparator + place(LocalModel.class);
    }

    private static Path place(Class<?> one) {
        try {
            return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String compile() throws IOException {
        Path module = Files.writeString(folder.resolve("module-info.java"), MODULE);
        Path program = Files.writeString(folder.resolve("Program.java"), PROGRAM);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options =
                    List.of("-d", folder.toString(), "-p", modulePath(), "-Xlint:all", "-Werror");
            compiler.getTask(
                            said,
                            files,
                            null,
                            options,
                            null,
                            files.getJavaFileObjects(module, program))
                    .call();
        }
        return said.toString();
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new java.util.ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=dev.sluice.llama",
                                "-p",
                                modulePath() + File.pathSeparator + folder,
                                "-m",
                                "program/program.Program"));
        command.addAll(List.of(arguments));
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.waitFor()).as(said).isZero();
        return said;
    }

    @ParameterizedTest
    @EnumSource(ModelSettings.Isolation.class)
    void aModularProgramReadsAModel(ModelSettings.Isolation isolation)
            throws IOException, InterruptedException {
        Optional<Path> library = NativeLibrary.find();
        assumeTrue(library.isPresent(), "libllama cannot be had for this kind of machine");
        Path model = folder.resolve("story.gguf");
        TestModel.story(model, Models.words(5), -1, 512);
        assertThat(compile()).isEmpty();
        assertThat(run(model.toString(), library.get().toString(), isolation.name()))
                .isEqualToIgnoringNewLines("story");
    }
}
