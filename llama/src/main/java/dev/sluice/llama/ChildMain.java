package dev.sluice.llama;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureException;
import dev.sluice.llama.binding.LibraryUnusable;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The process of a model. It reads frames from its standard input and writes frames to its standard
 * output, and ends when nobody is at the other side any more.
 */
public final class ChildMain {
    /** Tokens of a text that may be on their way to the other side. */
    private static final int MOST = 64;

    private final Outbox out;
    private final TextModel model;
    private final Map<Integer, Remote> jobs = new ConcurrentHashMap<>();
    private final Map<Integer, TextModel.Work> embeddings = new ConcurrentHashMap<>();

    private ChildMain(Outbox out, TextModel model) {
        this.out = out;
        this.model = model;
    }

    /** Runs until standard input ends. */
    public static void main(String[] args) throws IOException {
        Outbox out =
                new Outbox("frames", new FileOutputStream(FileDescriptor.out), ChildMain::leave);
        // What anybody prints must not get between the frames.
        System.setOut(System.err);
        DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        try {
            if (Frame.read(in) instanceof Frame.Load(ModelSettings settings)) {
                TextModel loaded =
                        new TextModels()
                                .inProcess(
                                        settings, percent -> out.send(new Frame.Progress(percent)));
                out.send(new Frame.Loaded(loaded.facts()));
                new ChildMain(out, loaded).serve(in);
            }
        } catch (LibraryUnusable unusable) {
            out.send(new Frame.Unusable(String.valueOf(unusable.getMessage())));
            // The other side reads it and lets go.
            in.readAllBytes();
        } catch (EOFException left) {
            leave();
        }
        leave();
    }

    /** Nobody waits for memory to be given back. */
    private static void leave() {
        Runtime.getRuntime().halt(0);
    }

    private void serve(DataInputStream in) throws IOException {
        while (true) {
            take(Frame.read(in));
        }
    }

    private void take(Frame frame) {
        switch (frame) {
            case Frame.Start(int id, Job job) -> start(id, job);
            case Frame.Count(int id, String prompt) -> count(id, prompt);
            case Frame.Ready(int id, boolean ready) -> with(id, remote -> remote.ready(ready));
            case Frame.Taken(int id, int tokens) -> with(id, remote -> remote.taken(tokens));
            case Frame.Cancel(int id) -> {
                with(id, Remote::cancel);
                TextModel.Work work = embeddings.remove(id);
                if (work != null) {
                    work.cancel();
                }
            }
            case Frame.Embed(int id, List<String> texts) -> embed(id, texts);
            case Frame.Load _,
                    Frame.Progress _,
                    Frame.Loaded _,
                    Frame.Unusable _,
                    Frame.Prompt _,
                    Frame.Token _,
                    Frame.End _,
                    Frame.Failed _,
                    Frame.Counted _,
                    Frame.Embedded _,
                    Frame.Pause _ ->
                    throw new IllegalStateException(frame + " (expected: a frame for a model)");
        }
    }

    private void with(int id, java.util.function.Consumer<Remote> what) {
        Remote remote = jobs.get(id);
        if (remote != null) {
            what.accept(remote);
        }
    }

    private void start(int id, Job job) {
        Remote remote = new Remote(id);
        jobs.put(id, remote);
        try {
            remote.work = model.start(job, remote);
        } catch (FailureException refused) {
            remote.fail(refused.failure());
        }
    }

    private void count(int id, String prompt) {
        try {
            model.count(
                    prompt,
                    counted ->
                            out.send(
                                    switch (counted) {
                                        case TextModel.Count.Tokens(int tokens) ->
                                                new Frame.Counted(id, tokens);
                                        case TextModel.Count.Failed(Failure failure) ->
                                                failed(id, failure);
                                    }));
        } catch (FailureException refused) {
            out.send(failed(id, refused.failure()));
        }
    }

    private void embed(int id, List<String> texts) {
        AtomicBoolean over = new AtomicBoolean();
        try {
            TextModel.Work work =
                    model.embed(
                            texts,
                            done -> {
                                over.set(true);
                                embeddings.remove(id);
                                out.send(
                                        switch (done) {
                                            case TextModel.Embedded.Vectors(
                                                            List<float[]> vectors,
                                                            int tokens) ->
                                                    new Frame.Embedded(id, vectors, tokens);
                                            case TextModel.Embedded.Failed(Failure failure) ->
                                                    failed(id, failure);
                                        });
                            });
            embeddings.put(id, work);
            if (over.get()) {
                embeddings.remove(id);
            }
        } catch (FailureException refused) {
            out.send(failed(id, refused.failure()));
        }
    }

    private static Frame failed(int id, Failure failure) {
        return new Frame.Failed(id, failure.code(), failure.message());
    }

    /** A listener in the other process. */
    private final class Remote implements JobListener {
        private final int id;
        private final AtomicInteger onTheWay = new AtomicInteger();
        private volatile boolean ready = true;
        private volatile TextModel.@org.jspecify.annotations.Nullable Work work;

        Remote(int id) {
            this.id = id;
        }

        void ready(boolean now) {
            ready = now;
            TextModel.Work running = work;
            if (now && running != null) {
                running.wake();
            }
        }

        void taken(int tokens) {
            onTheWay.addAndGet(-tokens);
            ready(ready);
        }

        void cancel() {
            jobs.remove(id);
            TextModel.Work running = work;
            if (running != null) {
                running.cancel();
            }
        }

        @Override
        public boolean isReady() {
            return ready && onTheWay.get() < MOST;
        }

        @Override
        public void onPrompt(int prompt, int cached) {
            out.put(new Frame.Prompt(id, prompt, cached));
        }

        @Override
        public void onToken(String text) {
            onTheWay.incrementAndGet();
            out.put(new Frame.Token(id, text));
        }

        @Override
        public void onEnd(End end) {
            jobs.remove(id);
            out.put(new Frame.End(id, end));
        }

        @Override
        public void onFailure(Failure failure) {
            jobs.remove(id);
            out.put(failed(id, failure));
        }

        @Override
        public void onPause() {
            out.put(new Frame.Pause(id));
        }

        @Override
        public void onFlush() {
            out.flush();
        }
    }
}
