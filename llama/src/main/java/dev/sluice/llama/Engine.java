package dev.sluice.llama;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.llama.binding.Context;
import dev.sluice.llama.binding.Libllama;
import dev.sluice.llama.binding.LibraryUnusable;
import dev.sluice.llama.binding.Model;
import dev.sluice.llama.binding.Vocabulary;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    static final long STACK_BYTES = 64L << 20;

    /** A model that one core reads in a few milliseconds. */
    private static final long SMALL = 32L << 20;

    /** What is computed at once takes memory, and more of it with every token. */
    private static final int AT_ONCE = 2048;

    private final ModelSettings settings;
    private final Model model;
    private final Facts facts;
    private final Optional<Decoder> decoder;
    private final Embedder embedder;
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final AtomicInteger crowd = new AtomicInteger();
    private final Thread reader;
    private final Optional<Thread> writer;
    private volatile boolean closed;

    private Engine(ModelSettings settings, Model model, Optional<Context> context, int threads) {
        int embeddable = embeddable(settings, model);
        this.settings = settings;
        this.model = model;
        this.facts = facts(model, context.map(Context::room).orElse(embeddable));
        this.decoder = context.map(made -> new Decoder(settings, model, made, this::left));
        this.embedder = new Embedder(settings.name(), model, embeddable, threads, this::left);
        this.reader = new Thread(null, this::read, settings.name() + " tokenizer", STACK_BYTES);
        this.writer = decoder.map(d -> new Thread(null, d::run, settings.name() + " decoder"));
        reader.setDaemon(true);
        writer.ifPresent(thread -> thread.setDaemon(true));
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
            Context.Shape shape = shape(settings, model);
            Optional<Context> context = Context.of(model, shape);
            Engine engine = new Engine(settings, model, context, shape.batchThreads());
            engine.reader.start();
            engine.writer.ifPresent(Thread::start);
            engine.embedder.start();
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

    /** Tokens of a text that is to become a vector. */
    private static int embeddable(ModelSettings settings, Model model) {
        int told = settings.context();
        if (model.readsAtOnce()) {
            // Some of these know no place in a text beyond, and end the process there.
            return usual(model, told > 0 ? told : AT_ONCE);
        }
        return told > 0 ? told : usual(model, ModelSettings.USUAL_CONTEXT);
    }

    private static int usual(Model model, int most) {
        int trained = model.trainedContext();
        return trained > 0 ? Math.min(trained, most) : most;
    }

    private static Context.Shape shape(ModelSettings settings, Model model) {
        int usual = usual(model, ModelSettings.USUAL_CONTEXT);
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

    private static Facts facts(Model model, int room) {
        Vocabulary vocabulary = model.vocabulary();
        return new Facts(
                model.metadata("general.name").orElse(""),
                model.description(),
                model.template().orElse(""),
                vocabulary.name(vocabulary.begin()),
                vocabulary.name(vocabulary.end()),
                room,
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
        if (decoder.isEmpty()) {
            throw Failure.unsupported(
                            "model",
                            "the model `"
                                    + settings.name()
                                    + "` makes embeddings and writes no text")
                    .asException();
        }
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

    @Override
    public Work embed(List<String> texts, Consumer<Embedded> whenDone) {
        enter();
        return embedder.add(texts, whenDone);
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
        decoder.ifPresent(Decoder::wake);
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
                decoder.orElseThrow().add(writing);
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
        writing.listener().fail(failure);
    }

    @Override
    public void close() {
        closed = true;
        tasks.add(() -> {});
        try {
            reader.join();
            decoder.ifPresent(Decoder::close);
            if (writer.isPresent()) {
                writer.get().join();
            }
            embedder.close();
        } catch (InterruptedException interrupted) {
            // The memory stays until the process ends: a thread may still be using it.
            Thread.currentThread().interrupt();
            return;
        }
        model.close();
    }
}
