package dev.sluice.gateway.config;

import java.nio.file.Path;

/**
 * A model that this process reads from a file and answers with itself.
 *
 * @param name its name, behind the slash of {@code local/model}
 * @param file the GGUF file
 * @param context tokens of prompt and answer together, for each answer; 0 means as many as the
 *     model was made for, up to a bound
 * @param parallel answers that are written at once
 * @param queue requests that may wait beyond these
 * @param batch most tokens of one step
 * @param gpuLayers layers to hold on a GPU; -1 means as many as there is room for
 * @param threads threads that write; 0 means one for each core, and one alone for a small model
 * @param promptThreads threads that read prompts; 0 means as many as write
 * @param isolation where it runs
 */
public record LocalModelConfig(
        String name,
        Path file,
        int context,
        int parallel,
        int queue,
        int batch,
        int gpuLayers,
        int threads,
        int promptThreads,
        Isolation isolation) {
    /** Where a model runs. */
    public enum Isolation implements Word {
        /** In this process. */
        NONE("none"),
        /** In a process of its own. */
        PROCESS("process");

        private final String word;

        Isolation(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    static final Range<Integer> CONTEXTS = Range.ofNumbers(0, 16_777_216);
    static final Range<Integer> PARALLEL = Range.ofNumbers(1, 256);
    static final Range<Integer> QUEUES = Range.ofNumbers(0, 100_000);
    static final Range<Integer> BATCHES = Range.ofNumbers(256, 65_536);
    static final Range<Integer> LAYERS = Range.ofNumbers(-1, 10_000);
    static final Range<Integer> THREADS = Range.ofNumbers(0, 1_024);
    static final int DEFAULT_PARALLEL = 4;
    static final int DEFAULT_QUEUE = 64;
    static final int DEFAULT_BATCH = 512;

    /** Refuses what no model can be. */
    public LocalModelConfig {
        Names.MODEL.check("models", name);
        CONTEXTS.check("context", context);
        PARALLEL.check("parallel", parallel);
        QUEUES.check("queue", queue);
        BATCHES.check("batch", batch);
        LAYERS.check("gpu-layers", gpuLayers);
        THREADS.check("threads", threads);
        THREADS.check("prompt-threads", promptThreads);
    }

    /** The model in {@code file}, named after it, with everything else by default. */
    public static LocalModelConfig of(Path file) {
        String name = file.getFileName().toString();
        return of(name.endsWith(".gguf") ? name.substring(0, name.length() - 5) : name, file);
    }

    /** The model in {@code file} with everything else by default. */
    public static LocalModelConfig of(String name, Path file) {
        return new LocalModelConfig(
                name,
                file,
                0,
                DEFAULT_PARALLEL,
                DEFAULT_QUEUE,
                DEFAULT_BATCH,
                -1,
                0,
                0,
                Isolation.NONE);
    }
}
