package dev.sluice.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.llama.binding.LibraryUnusable;
import dev.sluice.llama.binding.Sampler;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.gguf.NativeLibrary;
import dev.sluice.testkit.gguf.TestModel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A model in a process of its own, which may die. */
class ChildModelTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> WORDS = Models.words(30);
    private static final Sampler.Settings COLD =
            new Sampler.Settings(0, 0, 1, 0, 1, 0, 0, 1, Map.of(), "");

    @TempDir private Path folder;
    private ModelSettings settings = ModelSettings.of("none", Path.of("none"));
    private Optional<ChildModel> running = Optional.empty();

    @BeforeEach
    void write() {
        Optional<Path> library = NativeLibrary.find();
        assumeTrue(library.isPresent(), "libllama cannot be had for this kind of machine");
        Path file = folder.resolve("story.gguf");
        TestModel.story(file, WORDS, 0, 4096);
        settings =
                ModelSettings.of("story", file)
                        .withParallel(2, 2)
                        .withThreads(1)
                        .withIsolation(ModelSettings.Isolation.PROCESS)
                        .withLibrary(library);
    }

    @AfterEach
    void close() {
        running.ifPresent(ChildModel::close);
    }

    private ChildModel start() {
        ChildModel model = ChildModel.start(settings, _ -> {});
        running = Optional.of(model);
        return model;
    }

    private static Job job(long most) {
        return new Job("hello", COLD, most, false);
    }

    @Test
    void answersAndCountsAsAModelInThisProcess() {
        ChildModel model = start();
        assertThat(model.facts().room()).isEqualTo(4096);
        assertThat(model.facts().title()).isEqualTo("story");
        Heard heard = new Heard();
        model.start(job(40), heard);
        assertThat(heard.end()).isEqualTo("MOST");
        assertThat(heard.text()).startsWith(String.join("", WORDS) + " w0 w1");
        assertThat(heard.prompt()).isEqualTo(6);
        CompletableFuture<TextModel.Count> counted = new CompletableFuture<>();
        model.count("hello", counted::complete);
        assertThat(counted.orTimeout(20, TimeUnit.SECONDS).join())
                .isEqualTo(new TextModel.Count.Tokens(6));
        assertThat(model.crowd()).isZero();
    }

    @Test
    void makesEmbeddings() {
        ChildModel model = start();
        CompletableFuture<TextModel.Embedded> done = new CompletableFuture<>();
        model.embed(List.of("hello", "world!"), done::complete);
        assertThat(done.orTimeout(60, TimeUnit.SECONDS).join())
                .isInstanceOfSatisfying(
                        TextModel.Embedded.Vectors.class,
                        made -> {
                            assertThat(made.vectors()).hasSize(2);
                            assertThat(made.tokens()).isEqualTo(6 + 7);
                        });
        assertThat(model.crowd()).isZero();
    }

    @Test
    @Tag("R22")
    void whenTheProcessDiesItsTextsFailAndAnotherOneStarts() {
        ChildModel model = start();
        long first = model.pid();
        Heard heard = new Heard();
        model.start(job(1_000_000), heard);
        Eventually.within(LIMIT, "it writes", () -> heard.tokens() > 10);
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        assertThat(heard.end())
                .startsWith("UPSTREAM_ERROR")
                .contains("ended while it wrote")
                .contains("send the request again");
        Eventually.within(LIMIT, "another process", () -> model.pid() != first);
        Heard again = new Heard();
        model.start(job(3), again);
        assertThat(again.end()).isEqualTo("MOST");
        assertThat(model.crowd()).isZero();
    }

    @Test
    @Tag("R16")
    void cancelReachesTheProcess() {
        settings = settings.withParallel(1, 0);
        ChildModel model = start();
        Heard heard = new Heard();
        TextModel.Work work = model.start(job(1_000_000), heard);
        Eventually.within(LIMIT, "it writes", () -> heard.tokens() > 10);
        work.cancel();
        Heard next = new Heard();
        model.start(job(3), next);
        assertThat(next.end()).isEqualTo("MOST");
        assertThat(heard.hasEnded()).isFalse();
    }

    @Test
    @Tag("R24")
    void oneWhoIsNotReadyIsNotWrittenFor() {
        ChildModel model = start();
        Heard slow = new Heard().until(5);
        TextModel.Work work = model.start(job(1000), slow);
        Eventually.within(LIMIT, "it is full", () -> slow.tokens() >= 5);
        Heard quick = new Heard();
        model.start(job(1000), quick);
        assertThat(quick.end()).isEqualTo("MOST");
        // What was on its way when it was told arrives all the same.
        assertThat(slow.tokens()).isLessThan(100);
        slow.until(Integer.MAX_VALUE);
        work.wake();
        assertThat(slow.end()).isEqualTo("MOST");
        assertThat(slow.text()).isEqualTo(quick.text());
    }

    @Test
    void aModelThatCannotBeReadIsSaidToBeSo() throws IOException {
        Path file = folder.resolve("broken.gguf");
        Files.writeString(file, "no model at all");
        settings =
                ModelSettings.of("broken", file)
                        .withIsolation(ModelSettings.Isolation.PROCESS)
                        .withLibrary(settings.library());
        assertThatThrownBy(this::start)
                .isInstanceOf(LibraryUnusable.class)
                .hasMessageContaining("cannot read the model " + file);
    }

    @Test
    void vectorsAreReadAsTheyWereWritten() throws IOException {
        float[] vector = {0.1f, -3f};
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new Frame.Embedded(1, List.of(vector, new float[0]), 9).write(new DataOutputStream(bytes));
        Frame read = Frame.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertThat(read)
                .isInstanceOfSatisfying(
                        Frame.Embedded.class,
                        frame -> {
                            assertThat(frame.id()).isEqualTo(1);
                            assertThat(frame.tokens()).isEqualTo(9);
                            assertThat(frame.vectors().get(0)).isEqualTo(vector);
                            assertThat(frame.vectors().get(1)).isEmpty();
                        });
    }

    @Test
    void everyFrameIsReadAsItWasWritten() throws IOException {
        Job job =
                new Job(
                        "pr\u00f6mpt",
                        new Sampler.Settings(
                                0.5f, 3, 0.9f, 0.1f, 1.1f, 0.2f, 0.3f, 9, Map.of(4, -1f), "root"),
                        77,
                        true);
        List<Frame> frames =
                List.of(
                        new Frame.Load(
                                ModelSettings.of("name", Path.of("/a/file"))
                                        .withLibrary(Optional.of(Path.of("/lib")))),
                        new Frame.Start(1, job),
                        new Frame.Count(2, "text"),
                        new Frame.Ready(3, true),
                        new Frame.Cancel(4),
                        new Frame.Progress(5),
                        new Frame.Loaded(
                                new TextModel.Facts(
                                        "a",
                                        "b",
                                        "c",
                                        "d",
                                        "e",
                                        1,
                                        2,
                                        3,
                                        new UsualSampling(0.1, 2, 0.3, 0.4, 1.5))),
                        new Frame.Unusable("why"),
                        new Frame.Prompt(6, 7, 8),
                        new Frame.Token(9, "\ud83d\ude00"),
                        new Frame.End(10, JobListener.End.ROOM),
                        new Frame.Failed(
                                11, dev.sluice.core.failure.FailureCode.OVERLOADED, "full"),
                        new Frame.Counted(12, 13),
                        new Frame.Pause(14),
                        new Frame.Taken(15, 16),
                        new Frame.Embed(17, List.of("a", "\u00e4")));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Frame frame : frames) {
            frame.write(out);
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        for (Frame frame : frames) {
            assertThat(Frame.read(in)).isEqualTo(frame);
        }
        assertThat(in.available()).isZero();
    }
}
