package dev.sluice.llama;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which model is read, and how it works.
 *
 * @param name what it is asked for by
 * @param context tokens of prompt and answer together, for each answer; 0 means as many as the
 *     model was made for, but no more than {@link #USUAL_CONTEXT}
 * @param parallel answers that are written at once
 * @param queue requests that may wait beyond these
 * @param batch most tokens of one step
 * @param gpuLayers layers to hold on a GPU; negative means as many as there is room for
 * @param threads threads that write; 0 means one for each core, and one alone for a small model
 * @param batchThreads threads that read prompts; 0 means as many as write
 * @param isolation where it runs
 * @param library the folder of libllama, if not the one that is found
 */
public record ModelSettings(
        String name,
        Path file,
        int context,
        int parallel,
        int queue,
        int batch,
        int gpuLayers,
        int threads,
        int batchThreads,
        Isolation isolation,
        Optional<Path> library) {
    /** Where a model runs. */
    public enum Isolation {
        /** In this process: the fastest; a crash of libllama ends the gateway. */
        NONE,
        /**
         * In a process of its own: a crash ends the answers that it was writing, and it starts
         * again.
         */
        PROCESS
    }

    /** The longest context that a model gets if nobody says otherwise. */
    public static final int USUAL_CONTEXT = 8192;

    /** Answers at once if nobody says otherwise. */
    public static final int USUAL_PARALLEL = 4;

    /** Requests that wait if nobody says otherwise. */
    public static final int USUAL_QUEUE = 64;

    /** Tokens of a step if nobody says otherwise. */
    public static final int USUAL_BATCH = 512;

    /** Checks the numbers. */
    public ModelSettings {
        expect("context", context, 0);
        expect("parallel", parallel, 1);
        expect("queue", queue, 0);
        expect("batch", batch, parallel);
        expect("threads", threads, 0);
        expect("batchThreads", batchThreads, 0);
    }

    private static void expect(String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    what + ": " + value + " (expected: at least " + least + ")");
        }
    }

    /** The model in {@code file} with all else as usual. */
    public static ModelSettings of(String name, Path file) {
        return new ModelSettings(
                name,
                file,
                0,
                USUAL_PARALLEL,
                USUAL_QUEUE,
                USUAL_BATCH,
                -1,
                0,
                0,
                Isolation.NONE,
                Optional.empty());
    }

    /** These settings for another number of answers at once. */
    public ModelSettings withParallel(int answers, int waiting) {
        return new ModelSettings(
                name,
                file,
                context,
                answers,
                waiting,
                batch,
                gpuLayers,
                threads,
                batchThreads,
                isolation,
                library);
    }

    /** These settings with another context. */
    public ModelSettings withContext(int tokens) {
        return new ModelSettings(
                name,
                file,
                tokens,
                parallel,
                queue,
                batch,
                gpuLayers,
                threads,
                batchThreads,
                isolation,
                library);
    }

    /** These settings with another number of threads. */
    public ModelSettings withThreads(int count) {
        return new ModelSettings(
                name, file, context, parallel, queue, batch, gpuLayers, count, count, isolation,
                library);
    }

    /** These settings with the model elsewhere. */
    public ModelSettings withIsolation(Isolation where) {
        return new ModelSettings(
                name,
                file,
                context,
                parallel,
                queue,
                batch,
                gpuLayers,
                threads,
                batchThreads,
                where,
                library);
    }

    /** These settings with another libllama. */
    public ModelSettings withLibrary(Optional<Path> folder) {
        return new ModelSettings(
                name,
                file,
                context,
                parallel,
                queue,
                batch,
                gpuLayers,
                threads,
                batchThreads,
                isolation,
                folder);
    }
}
