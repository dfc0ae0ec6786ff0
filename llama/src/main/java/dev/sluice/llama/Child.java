package dev.sluice.llama;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * One process of a model, as long as it lives. Its frames are read by one thread, which is the
 * thread of the model for all who listen. When it ends, everybody who still waited is told.
 */
final class Child {
    /** Somebody who waits for frames. */
    sealed interface Waiting {
        /** For a text. */
        record Text(JobListener listener, AtomicBoolean held, AtomicInteger taken)
                implements Waiting {
            Text(JobListener listener) {
                this(listener, new AtomicBoolean(), new AtomicInteger());
            }
        }

        /** For vectors. */
        record Vectors(Consumer<TextModel.Embedded> whenDone) implements Waiting {}

        /** For a count. */
        record Tally(Consumer<TextModel.Count> whenCounted) implements Waiting {}
    }

    /** Tokens that are acknowledged at once. */
    private static final int BUNDLE = 16;

    private final String name;
    private final Process process;
    private final Outbox out;
    private final Map<Integer, Waiting> waiting = new ConcurrentHashMap<>();
    private final CompletableFuture<TextModel.Facts> loaded = new CompletableFuture<>();
    private final IntConsumer percent;
    private final Runnable whenOver;
    private final Runnable whenEnded;
    private volatile boolean ended;

    /**
     * Starts a process that reads the model.
     *
     * @param whenOver is run at the end of everything that somebody waited for
     * @param whenEnded is run when the process has ended and everybody was told
     */
    Child(ModelSettings settings, IntConsumer percent, Runnable whenOver, Runnable whenEnded)
            throws IOException {
        this.name = settings.name();
        this.percent = percent;
        this.whenOver = whenOver;
        this.whenEnded = whenEnded;
        this.process =
                new ProcessBuilder(command())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        this.out = new Outbox(name + " frames", process.getOutputStream(), process::destroy);
        out.send(new Frame.Load(settings));
        Thread.ofPlatform().daemon().name(name + " process").start(this::read);
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-Xmx512m");
        // Frames go to standard output, and nothing else.
        command.add("-XX:+DisplayVMOutputToStderr");
        command.add("-XX:-CreateCoredumpOnCrash");
        command.add(
                "-XX:ErrorFile="
                        + Path.of(System.getProperty("java.io.tmpdir"), "sluice-model-%p.log"));
        command.add(
                "-D"
                        + dev.sluice.llama.binding.LibraryFolder.PROPERTY
                        + "="
                        + System.getProperty(dev.sluice.llama.binding.LibraryFolder.PROPERTY, ""));
        command.addAll(program());
        return command;
    }

    /** The program that this one is, from where this one was started. */
    private static List<String> program() {
        Module module = ChildMain.class.getModule();
        String main = ChildMain.class.getName();
        return module.isNamed()
                ? List.of(
                        "--enable-native-access=" + module.getName(),
                        "-p",
                        System.getProperty("jdk.module.path"),
                        "-m",
                        module.getName() + "/" + main)
                : List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main);
    }

    /** What is to be known of the model, when it is read. */
    CompletableFuture<TextModel.Facts> loaded() {
        return loaded;
    }

    /** The number of the process. */
    long pid() {
        return process.pid();
    }

    /** Sends a frame to the process. */
    void send(Frame frame) {
        out.send(frame);
    }

    /** Sends the frame of a job that {@code who} waits for. */
    void send(int id, Frame frame, Waiting who) {
        waiting.put(id, who);
        out.send(frame);
        if (ended && waiting.remove(id) != null) {
            fail(who, gone());
        }
    }

    /** Nobody waits for the job any more. */
    void giveUp(int id) {
        if (waiting.remove(id) != null) {
            whenOver.run();
            out.send(new Frame.Cancel(id));
        }
    }

    /** Tells the process whether the listener of a job is ready, if that has changed. */
    void tellReady(int id) {
        if (waiting.get(id) instanceof Waiting.Text text) {
            boolean ready = text.listener().isReady();
            if (text.held().compareAndSet(ready, !ready)) {
                out.send(new Frame.Ready(id, ready));
            }
        }
    }

    private void read() {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
            while (true) {
                take(Frame.read(in));
            }
        } catch (IOException over) {
            process.destroyForcibly();
        }
        ended = true;
        out.close();
        loaded.completeExceptionally(
                new IllegalStateException("the process ended before the model was read"));
        for (Integer id : List.copyOf(waiting.keySet())) {
            Waiting who = waiting.remove(id);
            if (who != null) {
                fail(who, gone());
            }
        }
        whenEnded.run();
    }

    private Failure gone() {
        return Failure.of(
                FailureCode.UPSTREAM_ERROR,
                "the process of the model `"
                        + name
                        + "` ended while it wrote; it is started again, so send the request again");
    }

    private void take(Frame frame) {
        switch (frame) {
            case Frame.Progress(int done) -> percent.accept(done);
            case Frame.Loaded(TextModel.Facts facts) -> loaded.complete(facts);
            case Frame.Unusable(String sentence) ->
                    loaded.completeExceptionally(
                            new dev.sluice.llama.binding.LibraryUnusable(sentence));
            case Frame.Prompt(int id, int prompt, int cached) ->
                    with(id, listener -> listener.onPrompt(prompt, cached));
            case Frame.Token(int id, String text) -> {
                with(id, listener -> listener.onToken(text));
                tellReady(id);
                acknowledge(id);
            }
            case Frame.End(int id, JobListener.End end) -> over(id, text -> text.onEnd(end));
            case Frame.Failed(int id, FailureCode code, String message) -> {
                Waiting who = waiting.remove(id);
                if (who != null) {
                    fail(who, Failure.of(code, message));
                }
            }
            case Frame.Counted(int id, int tokens) -> {
                if (waiting.remove(id) instanceof Waiting.Tally(Consumer<TextModel.Count> then)) {
                    whenOver.run();
                    then.accept(new TextModel.Count.Tokens(tokens));
                }
            }
            case Frame.Embedded(int id, List<float[]> vectors, int tokens) -> {
                if (waiting.remove(id)
                        instanceof Waiting.Vectors(Consumer<TextModel.Embedded> then)) {
                    whenOver.run();
                    then.accept(new TextModel.Embedded.Vectors(vectors, tokens));
                }
            }
            case Frame.Pause(int id) -> with(id, Child::handOn);
            case Frame.Load _,
                    Frame.Start _,
                    Frame.Count _,
                    Frame.Embed _,
                    Frame.Ready _,
                    Frame.Taken _,
                    Frame.Cancel _ ->
                    throw new IllegalStateException(frame + " (expected: a frame of a model)");
        }
    }

    /** The process sends no more than is acknowledged in time. */
    private void acknowledge(int id) {
        if (waiting.get(id) instanceof Waiting.Text text
                && text.taken().incrementAndGet() % BUNDLE == 0) {
            out.send(new Frame.Taken(id, BUNDLE));
        }
    }

    private static void handOn(JobListener listener) {
        listener.onPause();
        listener.onFlush();
    }

    private void with(int id, Consumer<JobListener> what) {
        if (waiting.get(id) instanceof Waiting.Text text) {
            what.accept(text.listener());
        }
    }

    private void over(int id, Consumer<JobListener> what) {
        if (waiting.remove(id) instanceof Waiting.Text text) {
            whenOver.run();
            what.accept(text.listener());
            handOn(text.listener());
        }
    }

    private void fail(Waiting who, Failure failure) {
        whenOver.run();
        switch (who) {
            case Waiting.Text text -> text.listener().fail(failure);
            case Waiting.Tally(Consumer<TextModel.Count> then) ->
                    then.accept(new TextModel.Count.Failed(failure));
            case Waiting.Vectors(Consumer<TextModel.Embedded> then) ->
                    then.accept(new TextModel.Embedded.Failed(failure));
        }
    }

    /** Ends the process. */
    void close() {
        process.destroyForcibly();
    }
}
