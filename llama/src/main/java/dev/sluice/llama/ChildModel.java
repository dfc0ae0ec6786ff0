package dev.sluice.llama;

import dev.sluice.llama.binding.LibraryUnusable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * A model in a process of its own. Should libllama crash, the texts that were being written fail,
 * and another process is started; requests that come meanwhile wait for it.
 */
final class ChildModel implements TextModel {
    private static final System.Logger LOG = System.getLogger(ChildModel.class.getName());

    /** A process that lived so long did not fail for how it was started. */
    private static final long LONG_LIFE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LONGEST_WAIT_MILLIS = 30_000;

    private final ModelSettings settings;
    private final AtomicInteger crowd = new AtomicInteger();
    private final AtomicInteger ids = new AtomicInteger();
    private final Facts facts;
    private volatile Child child;
    private volatile boolean closed;
    private volatile long started = System.nanoTime();
    private int failures;

    private ChildModel(ModelSettings settings, IntConsumer percent) {
        this.settings = settings;
        this.child = newChild(percent);
        this.facts = loaded(child);
    }

    /**
     * Starts a process and waits until it has read the model.
     *
     * @throws LibraryUnusable if it cannot
     */
    static ChildModel start(ModelSettings settings, IntConsumer percent) {
        return new ChildModel(settings, percent);
    }

    private Child newChild(IntConsumer percent) {
        try {
            return new Child(
                    settings.withParallel(settings.parallel(), Integer.MAX_VALUE / 2),
                    percent,
                    crowd::decrementAndGet,
                    this::ended);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Facts loaded(Child first) {
        try {
            return first.loaded().join();
        } catch (CompletionException failed) {
            closed = true;
            first.close();
            String why =
                    failed.getCause() instanceof LibraryUnusable unusable
                            ? String.valueOf(unusable.getMessage())
                            : "the process of the model "
                                    + settings.file()
                                    + " ended while it read the model";
            throw new LibraryUnusable(why);
        }
    }

    /** Starts another process in the place of one that ended, at once or after a while. */
    private void ended() {
        if (closed) {
            return;
        }
        boolean wasFine = System.nanoTime() - started > LONG_LIFE_NANOS;
        failures = wasFine ? 0 : failures + 1;
        long wait =
                failures <= 1 ? 0 : Math.min(LONGEST_WAIT_MILLIS, 250L << Math.min(10, failures));
        LOG.log(
                System.Logger.Level.WARNING,
                "the process of the model {0} ended; another one starts in {1} ms",
                settings.name(),
                wait);
        Thread.ofVirtual().name(settings.name() + " restart").start(() -> restart(wait));
    }

    private void restart(long waitMillis) {
        try {
            Thread.sleep(Duration.ofMillis(waitMillis));
            synchronized (this) {
                if (!closed) {
                    started = System.nanoTime();
                    child = newChild(_ -> {});
                }
            }
        } catch (UncheckedIOException failed) {
            LOG.log(System.Logger.Level.ERROR, "cannot start a process for a model", failed);
            ended();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** The number of the process. */
    long pid() {
        return child.pid();
    }

    /** Texts that are being written or wait. */
    int crowd() {
        return crowd.get();
    }

    @Override
    public Facts facts() {
        return facts;
    }

    @Override
    public Work start(Job job, JobListener listener) {
        enter();
        int id = ids.incrementAndGet();
        Child writing = child;
        writing.send(id, new Frame.Start(id, job), new Child.Waiting.Text(listener));
        return new Work() {
            @Override
            public void wake() {
                writing.tellReady(id);
            }

            @Override
            public void cancel() {
                writing.giveUp(id);
            }
        };
    }

    @Override
    public void count(String prompt, Consumer<Count> whenCounted) {
        enter();
        int id = ids.incrementAndGet();
        child.send(id, new Frame.Count(id, prompt), new Child.Waiting.Tally(whenCounted));
    }

    @Override
    public Work embed(List<String> texts, Consumer<Embedded> whenDone) {
        enter();
        int id = ids.incrementAndGet();
        Child asked = child;
        asked.send(id, new Frame.Embed(id, texts), new Child.Waiting.Vectors(whenDone));
        return new Work() {
            @Override
            public void wake() {}

            @Override
            public void cancel() {
                asked.giveUp(id);
            }
        };
    }

    private void enter() {
        if (crowd.incrementAndGet() > settings.parallel() + settings.queue()) {
            crowd.decrementAndGet();
            throw Engine.full(settings).asException();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        child.close();
    }
}
