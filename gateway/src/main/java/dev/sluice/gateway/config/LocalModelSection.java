package dev.sluice.gateway.config;

import java.nio.file.Path;

/** The keys of one of the {@code models} that this process reads from a file. */
final class LocalModelSection {
    private static final Key<Path> MODEL_FILE =
            Key.required("file", Single.ofFile(), "The model, a GGUF file.");
    private static final Key<Integer> CONTEXT =
            Key.optional(
                    "context",
                    Single.of(LocalModelConfig.CONTEXTS),
                    "as many as the model was made for, at most 8192",
                    "Tokens of prompt and answer together, for each answer; memory grows with it"
                            + " times `parallel`.");
    private static final Key<Integer> PARALLEL =
            Key.of(
                    "parallel",
                    Single.of(LocalModelConfig.PARALLEL),
                    LocalModelConfig.DEFAULT_PARALLEL,
                    "Answers that are written at once.");
    private static final Key<Integer> QUEUE =
            Key.of(
                    "queue",
                    Single.of(LocalModelConfig.QUEUES),
                    LocalModelConfig.DEFAULT_QUEUE,
                    "Requests that may wait beyond these; one more is refused as overload.");
    private static final Key<Integer> BATCH =
            Key.of(
                    "batch",
                    Single.of(LocalModelConfig.BATCHES),
                    LocalModelConfig.DEFAULT_BATCH,
                    "Most tokens of one step of the model.");
    private static final Key<Integer> GPU_LAYERS =
            Key.optional(
                    "gpu-layers",
                    Single.of(LocalModelConfig.LAYERS),
                    "as many as there is room for",
                    "Layers of the model to hold on a GPU.");
    private static final Key<Integer> THREADS =
            Key.optional(
                    "threads",
                    Single.of(LocalModelConfig.THREADS),
                    "one for each core, one alone for a small model",
                    "Threads that write.");
    private static final Key<Integer> PROMPT_THREADS =
            Key.optional(
                    "prompt-threads",
                    Single.of(LocalModelConfig.THREADS),
                    "as many as write",
                    "Threads that read prompts.");
    private static final Key<LocalModelConfig.Isolation> ISOLATION =
            Key.of(
                    "isolation",
                    Single.of(LocalModelConfig.Isolation.class),
                    LocalModelConfig.Isolation.NONE,
                    "With `process` the model runs in a process of its own: should libllama crash,"
                            + " the answers that it was writing fail and the model starts again.");

    static final Section<LocalModelConfig> MODEL =
            Section.of(
                    v ->
                            new LocalModelConfig(
                                    v.name(),
                                    v.get(MODEL_FILE),
                                    v.find(CONTEXT).orElse(0),
                                    v.get(PARALLEL),
                                    v.get(QUEUE),
                                    v.get(BATCH),
                                    v.find(GPU_LAYERS).orElse(-1),
                                    v.find(THREADS).orElse(0),
                                    v.find(PROMPT_THREADS).orElse(0),
                                    v.get(ISOLATION)),
                    MODEL_FILE,
                    CONTEXT,
                    PARALLEL,
                    QUEUE,
                    BATCH,
                    GPU_LAYERS,
                    THREADS,
                    PROMPT_THREADS,
                    ISOLATION);

    private LocalModelSection() {}
}
