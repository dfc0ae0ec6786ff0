package dev.sluice.llama.binding;

import dev.sluice.llama.binding.Libllama.Calls;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * What a model knows of some sequences of tokens that it is reading and writing, each with the same
 * room. One thread owns it; nobody else may touch it.
 */
@SuppressWarnings("restricted") // This package is the border to native code.
public final class Context implements AutoCloseable {
    /**
     * How large a context is.
     *
     * @param sequences how many sequences there may be
     * @param room tokens of each sequence
     * @param batch most tokens of one step
     * @param threads threads of a step that adds a token to each sequence
     * @param batchThreads threads of a step that reads a prompt
     */
    public record Shape(int sequences, int room, int batch, int threads, int batchThreads) {}

    /** How a step ended. */
    public enum Step {
        DONE,
        /** There is no room for its tokens; nothing has changed. */
        NO_ROOM,
        /** It failed; what the context knows of its sequences is not certain. */
        FAILED
    }

    /** Most tokens that are computed at once; a larger batch is cut into such pieces. */
    private static final int PIECE = 512;

    private final Model model;
    private final Calls calls;
    private final MemorySegment pointer;
    private final MemorySegment memory;
    private final int room;
    private final Optional<ThreadPool> threads;

    private Context(Model model, MemorySegment pointer, Shape shape) {
        this.model = model;
        this.calls = model.library().calls();
        this.pointer = pointer;
        try {
            this.memory = (MemorySegment) calls.memory.invokeExact(pointer);
            calls.setThreads.invokeExact(pointer, shape.threads(), shape.batchThreads());
            this.threads = pool(Math.max(shape.threads(), shape.batchThreads()));
            this.room = (int) calls.contextSequence.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Calls.accident("llama_get_memory", accident);
        }
    }

    /**
     * A context for {@code model}; empty if it keeps no memory of what it has read, as models that
     * make embeddings and write nothing.
     *
     * @throws LibraryUnusable if there is not enough memory for it
     */
    public static Optional<Context> of(Model model, Shape shape) {
        Libllama library = model.library();
        library.complaint();
        Optional<MemorySegment> made =
                library.newContext(
                        model.pointer(),
                        Math.multiplyExact(shape.room(), shape.sequences()),
                        shape.batch(),
                        Math.min(shape.batch(), PIECE),
                        shape.sequences());
        Context context =
                new Context(
                        model,
                        made.orElseThrow(
                                () ->
                                        new LibraryUnusable(
                                                "there is no memory for "
                                                        + shape.sequences()
                                                        + " sequences of "
                                                        + shape.room()
                                                        + " tokens"
                                                        + Model.because(library.complaint())
                                                        + "; take a smaller context or fewer"
                                                        + " streams at once")),
                        shape);
        if (context.memory.address() == 0) {
            context.close();
            return Optional.empty();
        }
        return Optional.of(context);
    }

    private Optional<ThreadPool> pool(int count) throws Throwable {
        if (count == 1) {
            return Optional.empty();
        }
        Optional<ThreadPool> made = ThreadPool.of(calls, count);
        if (made.isPresent()) {
            calls.attachPool.invokeExact(pointer, made.get().pointer(), made.get().pointer());
        }
        return made;
    }

    Model model() {
        return model;
    }

    MemorySegment pointer() {
        return pointer;
    }

    /** Tokens that each sequence has room for; perhaps more than was asked for. */
    public int room() {
        return room;
    }

    /** Reads the tokens of {@code batch}. */
    public Step decode(TokenBatch batch) {
        try {
            int result = (int) calls.decode.invokeExact(pointer, batch.struct());
            return switch (result) {
                case 0 -> Step.DONE;
                case 1 -> Step.NO_ROOM;
                default -> Step.FAILED;
            };
        } catch (Throwable accident) {
            throw Calls.accident("llama_decode", accident);
        }
    }

    /** The logits that the token at {@code index} of the last batch led to. */
    MemorySegment logits(int index) {
        try {
            MemorySegment row = (MemorySegment) calls.logits.invokeExact(pointer, index);
            return Calls.notNull(row)
                    .orElseThrow(
                            () ->
                                    new IllegalStateException(
                                            "token " + index + " of the batch has no logits"))
                    .reinterpret(4L * model.vocabulary().size());
        } catch (IllegalStateException none) {
            throw none;
        } catch (Throwable accident) {
            throw Calls.accident("llama_get_logits_ith", accident);
        }
    }

    /**
     * Forgets what {@code sequence} has from {@code from} on. False if the model cannot forget a
     * part; then it has forgotten nothing.
     */
    public boolean forget(int sequence, int from) {
        try {
            return (boolean) calls.memoryRemove.invokeExact(memory, sequence, from, -1);
        } catch (Throwable accident) {
            throw Calls.accident("llama_memory_seq_rm", accident);
        }
    }

    /** Forgets all sequences. */
    public void forgetAll() {
        try {
            calls.memoryClear.invokeExact(memory, true);
        } catch (Throwable accident) {
            throw Calls.accident("llama_memory_clear", accident);
        }
    }

    /** Gives its memory back. */
    @Override
    public void close() {
        try {
            calls.contextFree.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Calls.accident("llama_free", accident);
        }
        threads.ifPresent(ThreadPool::close);
    }
}
