package dev.sluice.llama;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.llama.binding.Context;
import dev.sluice.llama.binding.Libllama;
import dev.sluice.llama.binding.LibraryUnusable;
import dev.sluice.llama.binding.Model;
import dev.sluice.llama.binding.Vocabulary;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * A model in this process. One thread turns prompts into tokens, so that a long one delays nobody's
 * next token; another, the decoder, owns the context and writes all texts. In front of them stands
 * a bounded crowd: those that are being written and those that wait.
 */
final class Engine implements TextModel {
    private static final System.Logger LOG = System.getLogger(Engine.class.getName());

    /** The tokenizer of the library is recursive on some texts. */
    private static final long STACK_BYTES = 64L << 20;

    /** A model that one core reads in a few milliseconds. */
    private static final long SMALL = 32L << 20;

    private final ModelSettings settings;
    private final Model model;
    private final Facts facts;
    private final Decoder decoder;
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final AtomicInteger crowd = new AtomicInteger();
    private final Thread reader;
    private final Thread writer;
    private volatile boolean closed;

    private Engine(ModelSettings settings, Model model, Context context) {
        this.settings = settings;
        this.model = model;
        this.facts = facts(model, context);
        this.decoder = new Decoder(settings, model, context, this::left);
        this.reader = new Thread(null, this::read, settings.name() + " tokenizer", STACK_BYTES);
        this.writer = new Thread(null, decoder::run, settings.name() + " decoder");
        reader.setDaemon(true);
        writer.setDaemon(true);
    }

    /**
     * Reads the model.
     *
     * @param percent is told how much was read
     * @throws LibraryUnusable if it cannot be read, with a sentence that says why
     */
    static Engine load(Libllama library, ModelSettings settings, IntConsumer percent) {
        Model model = Model.load(library, settings.file(), settings.gpuLayers(), percent);
        try {
            Engine engine = new Engine(settings, model, Context.of(model, shape(settings, model)));
            engine.reader.start();
            engine.writer.start();
            return engine;
        } catch (LibraryUnusable | ArithmeticException failed) {
            model.close();
            throw failed instanceof LibraryUnusable unusable
                    ? unusable
                    : new LibraryUnusable(
                            settings.parallel()
                                    + " answers at once with a context of "
                                    + settings.context()
                                    + " tokens are too many together");
        }
    }

    private static Context.Shape shape(ModelSettings settings, Model model) {
        int trained = model.trainedContext();
        int usual =
                trained > 0
                        ? Math.min(trained, ModelSettings.USUAL_CONTEXT)
                        : ModelSettings.USUAL_CONTEXT;
        int threads = settings.threads() > 0 ? settings.threads() : threads(model);
        return new Context.Shape(
                settings.parallel(),
                settings.context() > 0 ? settings.context() : usual,
                settings.batch(),
                threads,
                settings.batchThreads() > 0 ? settings.batchThreads() : threads);
    }

    /**
     * Threads of a step wait for each other many times by spinning: what that costs on a busy
     * machine is more than several of them gain with a small model. Two on one core of a CPU only
     * get in each other's way.
     */
    private static int threads(Model model) {
        if (model.bytes() < SMALL) {
            return 1;
        }
        int processors = Runtime.getRuntime().availableProcessors();
        return processors > 4 ? processors / 2 : processors;
    }

    private static Facts facts(Model model, Context context) {
        Vocabulary vocabulary = model.vocabulary();
        return new Facts(
                model.metadata("general.name").orElse(""),
                model.description(),
                model.template().orElse(""),
                vocabulary.name(vocabulary.begin()),
                vocabulary.name(vocabulary.end()),
                context.room(),
                model.bytes(),
                model.parameters(),
                UsualSampling.of(model::metadata));
    }

    @Override
    public Facts facts() {
        return facts;
    }

    @Override
    public Work start(Job job, JobListener listener) {
        enter();
        Writing writing = new Writing(this, job, listener);
        add(() -> read(writing));
        return writing;
    }

    @Override
    public void count(String prompt, Consumer<Count> whenCounted) {
        enter();
        add(
                () -> {
                    left();
                    whenCounted.accept(counted(prompt));
                });
    }

    private Count counted(String prompt) {
        return closed
                ? new Count.Failed(Decoder.closing(settings.name()))
                : new Count.Tokens(tokens(prompt).length);
    }

    private void enter() {
        int most = settings.parallel() + settings.queue();
        if (crowd.incrementAndGet() > most) {
            left();
            throw full(settings).asException();
        }
    }

    /** There are as many as there may be. */
    static Failure full(ModelSettings settings) {
        return Failure.of(
                        FailureCode.OVERLOADED,
                        "the model `"
                                + settings.name()
                                + "` writes "
                                + settings.parallel()
                                + " answers at once, and "
                                + settings.queue()
                                + " more wait already; ask again in a moment, or set `parallel` or"
                                + " `queue` of the model higher")
                .withRetryAfter(Duration.ofSeconds(1));
    }

    private void left() {
        crowd.decrementAndGet();
    }

    /** Texts that are being written or wait. */
    int crowd() {
        return crowd.get();
    }

    void wake() {
        decoder.wake();
    }

    private void read() {
        try {
            while (!closed) {
                guarded(tasks.take());
            }
            // What comes now fails, and is told so.
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                guarded(task);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException accident) {
            LOG.log(System.Logger.Level.ERROR, "cannot read a prompt", accident);
        }
    }

    private void add(Runnable task) {
        tasks.add(task);
        if (closed && tasks.remove(task)) {
            task.run();
        }
    }

    private void read(Writing writing) {
        if (writing.isCancelled()) {
            left();
            return;
        }
        if (closed) {
            fail(writing, Decoder.closing(settings.name()));
            return;
        }
        try {
            int[] tokens = tokens(writing.job().prompt());
            writing.prompt(tokens);
            if (tokens.length == 0) {
                fail(writing, Failure.invalid("messages", "the prompt is empty"));
            } else if (tokens.length >= facts.room()) {
                fail(writing, tooLong(tokens.length));
            } else {
                decoder.add(writing);
            }
        } catch (IllegalArgumentException refused) {
            fail(writing, Failure.invalid("messages", String.valueOf(refused.getMessage())));
        } catch (RuntimeException accident) {
            LOG.log(System.Logger.Level.ERROR, "cannot read a prompt", accident);
            fail(
                    writing,
                    Failure.of(
                            FailureCode.UPSTREAM_ERROR,
                            "the model `" + settings.name() + "` cannot read the prompt"));
        }
    }

    /** The tokens of a prompt; a template that begins a text itself does not begin it twice. */
    private int[] tokens(String prompt) {
        Vocabulary vocabulary = model.vocabulary();
        boolean begun = !facts.begin().isEmpty() && prompt.startsWith(facts.begin());
        return vocabulary.tokenize(prompt, !begun, true);
    }

    private Failure tooLong(int tokens) {
        return Failure.of(
                FailureCode.CONTEXT_TOO_LONG,
                "the prompt has "
                        + tokens
                        + " tokens, and the context of the model `"
                        + settings.name()
                        + "` has room for "
                        + facts.room()
                        + ", the answer included; shorten the prompt, or set `context` of the model"
                        + " higher");
    }

    private void fail(Writing writing, Failure failure) {
        left();
        writing.listener().onFailure(failure);
        writing.listener().onPause();
    }

    @Override
    public void close() {
        closed = true;
        tasks.add(() -> {});
        try {
            reader.join();
            decoder.close();
            writer.join();
        } catch (InterruptedException interrupted) {
            // The memory stays until the process ends: a thread may still be using it.
            Thread.currentThread().interrupt();
            return;
        }
        model.close();
    }
}
