package dev.sluice.llama.binding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * A model that was read from a file. Its weights are mapped, not copied, where that is possible.
 */
public final class Model implements AutoCloseable {
    private static final int DESCRIPTION = 256;

    private final Libllama library;
    private final MemorySegment pointer;
    private final Vocabulary vocabulary;

    private Model(Libllama library, MemorySegment pointer) {
        this.library = library;
        this.pointer = pointer;
        try {
            this.vocabulary =
                    new Vocabulary(
                            library.calls(),
                            (MemorySegment) library.calls().modelVocab.invokeExact(pointer));
        } catch (Throwable accident) {
            throw Libllama.Calls.accident("llama_model_get_vocab", accident);
        }
    }

    /**
     * Reads a model.
     *
     * @param gpuLayers layers to hold on a GPU; negative means as many as there is room for
     * @param percent is told how much was read
     * @throws LibraryUnusable if the file is none that the library can read
     */
    public static Model load(Libllama library, Path file, int gpuLayers, IntConsumer percent) {
        if (!Files.isReadable(file)) {
            throw new LibraryUnusable("there is no file " + file + " that can be read");
        }
        library.log().onProgress(percent);
        library.complaint();
        Optional<MemorySegment> loaded = library.loadModel(file, gpuLayers);
        library.log().onProgress(_ -> {});
        MemorySegment pointer =
                loaded.orElseThrow(
                        () ->
                                new LibraryUnusable(
                                        "libllama "
                                                + library.version()
                                                + " cannot read the model "
                                                + file
                                                + because(library.complaint())));
        // A model of few tensors is told of in few dots.
        percent.accept(100);
        Model model = new Model(library, pointer);
        if (model.hasEncoder()) {
            model.close();
            throw new LibraryUnusable(
                    file + " is a model that encodes (expected: one that writes text)");
        }
        return model;
    }

    static String because(String complaint) {
        return complaint.isEmpty() ? "" : ": " + complaint;
    }

    Libllama library() {
        return library;
    }

    MemorySegment pointer() {
        return pointer;
    }

    /** Its tokens. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** The longest text that it was trained on, in tokens. */
    public int trainedContext() {
        try {
            return (int) library.calls().modelTrained.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Libllama.Calls.accident("llama_model_n_ctx_train", accident);
        }
    }

    /** Bytes of its weights. */
    public long bytes() {
        try {
            return (long) library.calls().modelSize.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Libllama.Calls.accident("llama_model_size", accident);
        }
    }

    /** How many parameters it has. */
    public long parameters() {
        try {
            return (long) library.calls().modelParameters.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Libllama.Calls.accident("llama_model_n_params", accident);
        }
    }

    /** How many numbers a vector of it has. */
    int width() {
        try {
            return (int) library.calls().modelWidth.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Libllama.Calls.accident("llama_model_n_embd", accident);
        }
    }

    /**
     * Whether it looks at a text as a whole: puts the vectors of tokens together, or lets tokens
     * see what comes behind them.
     */
    public boolean readsAtOnce() {
        String kind = metadata("general.architecture").orElse("");
        String pooling = metadata(kind + ".pooling_type").orElse("0");
        String causal = metadata(kind + ".attention.causal").orElse("true");
        return !pooling.equals("0") || causal.equals("false");
    }

    private boolean hasEncoder() {
        try {
            return (boolean) library.calls().modelHasEncoder.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Libllama.Calls.accident("llama_model_has_encoder", accident);
        }
    }

    /** What kind of model it is, such as {@code llama 1B Q4_K - Medium}. */
    public String description() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(DESCRIPTION);
            int length =
                    (int)
                            library.calls()
                                    .modelDescription
                                    .invokeExact(pointer, text, (long) DESCRIPTION);
            return length <= 0 ? "" : text.getString(0, StandardCharsets.UTF_8);
        } catch (Throwable accident) {
            throw Libllama.Calls.accident("llama_model_desc", accident);
        }
    }

    /** The chat template that it brings along, in the language of its makers. */
    public Optional<String> template() {
        try {
            return Libllama.Calls.string(
                    (MemorySegment)
                            library.calls().modelTemplate.invokeExact(pointer, MemorySegment.NULL));
        } catch (Throwable accident) {
            throw Libllama.Calls.accident("llama_model_chat_template", accident);
        }
    }

    /** What the file says under {@code key}. */
    public Optional<String> metadata(String key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(key);
            int length =
                    (int)
                            library.calls()
                                    .modelMetadata
                                    .invokeExact(pointer, name, MemorySegment.NULL, 0L);
            if (length < 0) {
                return Optional.empty();
            }
            MemorySegment text = arena.allocate(length + 1L);
            int again =
                    (int)
                            library.calls()
                                    .modelMetadata
                                    .invokeExact(pointer, name, text, text.byteSize());
            return again < 0 ? Optional.empty() : Optional.of(text.getString(0));
        } catch (Throwable accident) {
            throw Libllama.Calls.accident("llama_model_meta_val_str", accident);
        }
    }

    /** Gives its memory back; nothing may use it any more. */
    @Override
    public void close() {
        try {
            library.calls().modelFree.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Libllama.Calls.accident("llama_model_free", accident);
        }
    }
}
