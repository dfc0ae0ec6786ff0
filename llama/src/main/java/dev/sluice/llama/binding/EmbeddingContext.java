package dev.sluice.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.sluice.llama.binding.Libllama.Calls;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Turns texts into vectors, one after the other. What a text's vector is made of says the model: of
 * its first token, its last, or all of them; where it says nothing, which is so with models that
 * write, of all. One thread owns it.
 */
@SuppressWarnings("restricted") // This package is the border to native code.
public final class EmbeddingContext implements AutoCloseable {
    /** How a model says that it puts no vectors of tokens together. */
    private static final int NO_POOLING = 0;

    /** How a model says that it tells how well two texts fit, and makes no vectors. */
    private static final int RANKING = 4;

    /** Most tokens that are computed at once where a text may be read piece by piece. */
    private static final int PIECE = 512;

    private final Model model;
    private final Calls calls;
    private final MemorySegment pointer;
    private final MemorySegment memory;
    private final TokenBatch batch;
    private final int pooling;
    private final int piece;

    private EmbeddingContext(Model model, MemorySegment pointer, int piece, int threads) {
        this.model = model;
        this.calls = model.library().calls();
        this.pointer = pointer;
        this.piece = piece;
        this.batch = new TokenBatch(piece, 1);
        try {
            this.memory = (MemorySegment) calls.memory.invokeExact(pointer);
            this.pooling = (int) calls.poolingType.invokeExact(pointer);
            calls.setThreads.invokeExact(pointer, threads, threads);
            calls.setEmbeddings.invokeExact(pointer, true);
        } catch (Throwable accident) {
            throw Calls.accident("llama_set_embeddings", accident);
        }
    }

    /**
     * A context for {@code model}.
     *
     * @param room tokens that a text may have
     * @throws LibraryUnusable if there is not enough memory for it, or the model makes no vectors
     */
    public static EmbeddingContext of(Model model, int room, int threads) {
        Libllama library = model.library();
        library.complaint();
        // A text whose tokens are put together, or see what comes behind them, is computed at once.
        int piece = model.readsAtOnce() ? room : Math.min(room, PIECE);
        Optional<MemorySegment> made = library.newContext(model.pointer(), room, piece, piece, 1);
        EmbeddingContext context =
                new EmbeddingContext(
                        model,
                        made.orElseThrow(
                                () ->
                                        new LibraryUnusable(
                                                "there is no memory for the embeddings of texts of "
                                                        + room
                                                        + " tokens"
                                                        + Model.because(library.complaint())
                                                        + "; take a smaller context")),
                        piece,
                        threads);
        if (context.pooling == RANKING) {
            context.close();
            throw new LibraryUnusable("the model ranks texts and makes no embeddings");
        }
        return context;
    }

    /** The vector of a text, of length 1; empty if it cannot be computed. */
    public Optional<float[]> embed(int[] tokens) {
        double[] sum = new double[model.width()];
        try {
            if (memory.address() != 0) {
                calls.memoryClear.invokeExact(memory, false);
            }
            for (int from = 0; from < tokens.length; from += piece) {
                if (!read(tokens, from) || !gather(sum)) {
                    return Optional.empty();
                }
            }
            return Optional.of(normal(sum));
        } catch (Throwable accident) {
            throw Calls.accident("llama_decode", accident);
        }
    }

    private boolean read(int[] tokens, int from) throws Throwable {
        batch.clear();
        for (int i = from; i < Math.min(tokens.length, from + piece); i++) {
            batch.add(tokens[i], i, 0, true);
        }
        return (int) calls.decode.invokeExact(pointer, batch.struct()) == 0;
    }

    private boolean gather(double[] sum) throws Throwable {
        if (pooling > NO_POOLING) {
            return add((MemorySegment) calls.embeddingOfSequence.invokeExact(pointer, 0), sum);
        }
        for (int i = 0; i < batch.size(); i++) {
            if (!add((MemorySegment) calls.embeddingOfToken.invokeExact(pointer, i), sum)) {
                return false;
            }
        }
        return true;
    }

    private static boolean add(MemorySegment row, double[] sum) {
        if (row.address() == 0) {
            return false;
        }
        MemorySegment numbers = row.reinterpret((long) Float.BYTES * sum.length);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += numbers.getAtIndex(JAVA_FLOAT, i);
        }
        return true;
    }

    /** The vector of the same direction whose length is 1; one of length 0 stays. */
    private static float[] normal(double[] vector) {
        double squares = 0;
        for (double number : vector) {
            squares += number * number;
        }
        double length = squares == 0 ? 1 : Math.sqrt(squares);
        float[] normal = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            normal[i] = (float) (vector[i] / length);
        }
        return normal;
    }

    /** Gives its memory back. */
    @Override
    public void close() {
        try {
            calls.contextFree.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Calls.accident("llama_free", accident);
        }
    }
}
