package dev.sluice.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The functions of libllama that are used here.
 *
 * <p>Its parameter structs grow and are rearranged from release to release, while their first
 * members stay. So they are declared larger than any release made them, filled by the library's own
 * defaults, and of them only the stable first members are written; the rest is set by functions. A
 * callee reads its own size of what it is given, and no more.
 *
 * <p>A release that is not known is refused: a struct that is not as expected would not fail, it
 * would do something.
 */
public final class Libllama {
    /** The releases whose interface was compared with what is declared here. */
    private static final List<String> KNOWN = List.of("0.4.", "0.5.");

    private static final StructLayout MODEL_PARAMS = larger(32);
    private static final StructLayout CONTEXT_PARAMS = larger(64);
    private static final StructLayout CHAIN_PARAMS = MemoryLayout.structLayout(JAVA_BOOLEAN);

    /** Offset of {@code n_gpu_layers}. */
    private static final long GPU_LAYERS = 16;

    /** Offsets of {@code n_ctx}, {@code n_batch}, {@code n_ubatch} and {@code n_seq_max}. */
    private static final long CONTEXT = 0;

    private static final long BATCH = 4;
    private static final long PIECE = 8;
    private static final long SEQUENCES = 12;

    static final StructLayout TOKENS =
            MemoryLayout.structLayout(
                    JAVA_INT,
                    MemoryLayout.paddingLayout(4),
                    ADDRESS,
                    ADDRESS,
                    ADDRESS,
                    ADDRESS,
                    ADDRESS,
                    ADDRESS);

    private static final ValueLayout.OfLong SIZE = JAVA_LONG;

    private final Calls calls;
    private final String version;
    private final int devices;
    private final Log log;

    private Libllama(Calls calls, Log log, String version, int devices) {
        this.calls = calls;
        this.log = log;
        this.version = version;
        this.devices = devices;
    }

    private static StructLayout larger(int words) {
        return MemoryLayout.structLayout(MemoryLayout.sequenceLayout(words, JAVA_LONG));
    }

    /**
     * Opens libllama, starts its backends and silences it: what it says goes to {@code log}. It
     * stays open for the life of the process.
     *
     * @throws LibraryUnusable if it cannot be opened, or is of a release that is not known
     */
    public static Libllama open(LibraryFolder place, Log log) {
        Symbols symbols = new Symbols(place.inOrder());
        String version = version(symbols, place.llama());
        Calls calls = new Calls(symbols);
        Libllama library = new Libllama(calls, log, version, 0);
        try (Arena arena = Arena.ofConfined()) {
            calls.run("llama_log_set", calls.logSet, log.upcall(), MemorySegment.NULL);
            calls.backendInit.invokeExact();
            calls.loadBackends.invokeExact(arena.allocateFrom(place.folder().toString()));
            if ((long) calls.deviceCount.invokeExact() == 0) {
                calls.loadAllBackends.invokeExact();
            }
            library.refuseUnknownDefaults(arena, place.llama());
            long devices = (long) calls.deviceCount.invokeExact();
            if (devices == 0) {
                throw new LibraryUnusable(
                        "libllama found no backend beside it in "
                                + place.folder()
                                + " (expected: libggml-cpu for this kind of machine)");
            }
            return new Libllama(calls, log, version, (int) devices);
        } catch (LibraryUnusable refused) {
            throw refused;
        } catch (Throwable accident) {
            throw Calls.accident("opening libllama", accident);
        }
    }

    private static String version(Symbols symbols, Path file) {
        Optional<MethodHandle> told = symbols.find(FunctionDescriptor.of(ADDRESS), "llama_version");
        if (told.isEmpty()) {
            throw new LibraryUnusable(
                    file + " does not tell its release: it is too old or too new" + expected());
        }
        try {
            MemorySegment text = (MemorySegment) told.get().invokeExact();
            return known(Calls.string(text).orElse(""), file);
        } catch (LibraryUnusable refused) {
            throw refused;
        } catch (Throwable accident) {
            throw Calls.accident("llama_version", accident);
        }
    }

    private static String expected() {
        return " (expected: " + String.join("x or ", KNOWN) + "x)";
    }

    /**
     * The release that the library in {@code file} tells, without its letter; one that is known.
     */
    static String known(String release, Path file) {
        String plain = release.startsWith("v") ? release.substring(1) : release;
        if (KNOWN.stream().noneMatch(plain::startsWith)) {
            throw new LibraryUnusable(
                    file + " is of the release " + release + ", which is not known" + expected());
        }
        return plain;
    }

    /** The defaults of the members that are written here have not changed in years. */
    private void refuseUnknownDefaults(Arena arena, Path file) throws Throwable {
        MemorySegment defaults =
                (MemorySegment) calls.contextDefaults.invokeExact((SegmentAllocator) arena);
        if (defaults.get(JAVA_INT, BATCH) != 2048
                || defaults.get(JAVA_INT, PIECE) != 512
                || defaults.get(JAVA_INT, SEQUENCES) != 1) {
            throw new LibraryUnusable(
                    file
                            + " has other parameters than its release "
                            + version
                            + " should have; take one that was not altered");
        }
    }

    /** The release, such as {@code 0.5.0}. */
    public String version() {
        return version;
    }

    /** How many devices, of CPU and GPU, it can use. */
    public int devices() {
        return devices;
    }

    Calls calls() {
        return calls;
    }

    /**
     * Reads a model; empty if it cannot.
     *
     * @param gpuLayers layers to hold on a GPU; negative means as the library likes
     */
    Optional<MemorySegment> loadModel(Path file, int gpuLayers) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params =
                    (MemorySegment) calls.modelDefaults.invokeExact((SegmentAllocator) arena);
            if (gpuLayers >= 0) {
                params.set(JAVA_INT, GPU_LAYERS, gpuLayers);
            }
            return Calls.notNull(
                    (MemorySegment)
                            calls.modelLoad.invokeExact(
                                    arena.allocateFrom(file.toString()), params));
        } catch (Throwable accident) {
            throw Calls.accident("llama_model_load_from_file", accident);
        }
    }

    /** Makes a context for some sequences; empty if it cannot. */
    Optional<MemorySegment> newContext(
            MemorySegment model, int context, int batch, int piece, int sequences) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params =
                    (MemorySegment) calls.contextDefaults.invokeExact((SegmentAllocator) arena);
            params.set(JAVA_INT, CONTEXT, context);
            params.set(JAVA_INT, BATCH, batch);
            params.set(JAVA_INT, PIECE, piece);
            params.set(JAVA_INT, SEQUENCES, sequences);
            return Calls.notNull((MemorySegment) calls.contextNew.invokeExact(model, params));
        } catch (Throwable accident) {
            throw Calls.accident("llama_init_from_model", accident);
        }
    }

    /** What the library said last of what it could not do; empty if it said nothing. */
    public String complaint() {
        return log.complaint();
    }

    Log log() {
        return log;
    }

    /** The functions, each as it is declared in C. */
    @SuppressWarnings("restricted") // This package is the border to native code.
    static final class Calls {
        static final FunctionDescriptor POOL_NEW = FunctionDescriptor.of(ADDRESS, ADDRESS);
        static final FunctionDescriptor POOL_FREE = FunctionDescriptor.ofVoid(ADDRESS);
        private static final StructLayout CHAIN = CHAIN_PARAMS;
        private static final StructLayout POOL_PARAMS = larger(128);

        /** The kind of device that a CPU is. */
        private static final int CPU = 0;

        final MethodHandle logSet;
        final MethodHandle backendInit;
        final MethodHandle loadBackends;
        final MethodHandle loadAllBackends;
        final MethodHandle deviceCount;
        final MethodHandle modelDefaults;
        final MethodHandle contextDefaults;
        final MethodHandle modelLoad;
        final MethodHandle modelFree;
        final MethodHandle modelVocab;
        final MethodHandle modelTrained;
        final MethodHandle modelSize;
        final MethodHandle modelParameters;
        final MethodHandle modelDescription;
        final MethodHandle modelTemplate;
        final MethodHandle modelMetadata;
        final MethodHandle modelHasEncoder;
        final MethodHandle contextNew;
        final MethodHandle contextFree;
        final MethodHandle contextSequence;
        final MethodHandle setThreads;
        final MethodHandle memory;
        final MethodHandle memoryRemove;
        final MethodHandle memoryClear;
        final MethodHandle decode;
        final MethodHandle logits;
        final MethodHandle vocabSize;
        final MethodHandle isEnd;
        final MethodHandle isControl;
        final MethodHandle beginToken;
        final MethodHandle endToken;
        final MethodHandle tokenText;
        final MethodHandle tokenize;
        final MethodHandle piece;
        final MethodHandle chainNew;
        final MethodHandle chainAdd;
        final MethodHandle sample;
        final MethodHandle accept;
        final MethodHandle apply;
        final MethodHandle samplerFree;
        final MethodHandle greedy;
        final MethodHandle dist;
        final MethodHandle topK;
        final MethodHandle topP;
        final MethodHandle minP;
        final MethodHandle temperature;
        final MethodHandle penalties;
        final MethodHandle bias;
        final MethodHandle grammar;
        final MethodHandle modelWidth;
        final MethodHandle setEmbeddings;
        final MethodHandle poolingType;
        final MethodHandle embeddingOfToken;
        final MethodHandle embeddingOfSequence;
        final MethodHandle poolDefaults;
        final MethodHandle attachPool;
        private final MethodHandle deviceOfKind;
        private final MethodHandle deviceBackend;
        private final MethodHandle backendFunction;
        private final Symbols symbols;

        private Calls(Symbols s) {
            symbols = s;
            logSet = s.function(FunctionDescriptor.ofVoid(ADDRESS, ADDRESS), "llama_log_set");
            backendInit = s.function(FunctionDescriptor.ofVoid(), "llama_backend_init");
            loadBackends =
                    s.function(
                            FunctionDescriptor.ofVoid(ADDRESS), "ggml_backend_load_all_from_path");
            loadAllBackends = s.function(FunctionDescriptor.ofVoid(), "ggml_backend_load_all");
            deviceCount = s.function(FunctionDescriptor.of(SIZE), "ggml_backend_dev_count");
            modelDefaults =
                    s.function(FunctionDescriptor.of(MODEL_PARAMS), "llama_model_default_params");
            contextDefaults =
                    s.function(
                            FunctionDescriptor.of(CONTEXT_PARAMS), "llama_context_default_params");
            modelLoad =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, ADDRESS, MODEL_PARAMS),
                            "llama_model_load_from_file",
                            "llama_load_model_from_file");
            modelFree =
                    s.function(
                            FunctionDescriptor.ofVoid(ADDRESS),
                            "llama_model_free",
                            "llama_free_model");
            modelVocab =
                    s.function(FunctionDescriptor.of(ADDRESS, ADDRESS), "llama_model_get_vocab");
            modelTrained =
                    s.function(
                            FunctionDescriptor.of(JAVA_INT, ADDRESS),
                            "llama_model_n_ctx_train",
                            "llama_n_ctx_train");
            modelSize = s.function(FunctionDescriptor.of(JAVA_LONG, ADDRESS), "llama_model_size");
            modelParameters =
                    s.function(FunctionDescriptor.of(JAVA_LONG, ADDRESS), "llama_model_n_params");
            modelDescription =
                    s.function(
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, SIZE),
                            "llama_model_desc");
            modelTemplate =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS),
                            "llama_model_chat_template");
            modelMetadata =
                    s.function(
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, SIZE),
                            "llama_model_meta_val_str");
            modelHasEncoder =
                    s.function(
                            FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS),
                            "llama_model_has_encoder");
            contextNew =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, ADDRESS, CONTEXT_PARAMS),
                            "llama_init_from_model",
                            "llama_new_context_with_model");
            contextFree = s.function(FunctionDescriptor.ofVoid(ADDRESS), "llama_free");
            contextSequence =
                    s.function(FunctionDescriptor.of(JAVA_INT, ADDRESS), "llama_n_ctx_seq");
            setThreads =
                    s.function(
                            FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT),
                            "llama_set_n_threads");
            memory =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, ADDRESS),
                            "llama_get_memory",
                            "llama_get_kv_self");
            memoryRemove =
                    s.function(
                            FunctionDescriptor.of(
                                    JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT),
                            "llama_memory_seq_rm",
                            "llama_kv_self_seq_rm");
            memoryClear =
                    s.function(
                            FunctionDescriptor.ofVoid(ADDRESS, JAVA_BOOLEAN), "llama_memory_clear");
            decode = s.function(FunctionDescriptor.of(JAVA_INT, ADDRESS, TOKENS), "llama_decode");
            logits =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT),
                            "llama_get_logits_ith");
            vocabSize =
                    s.function(
                            FunctionDescriptor.of(JAVA_INT, ADDRESS),
                            "llama_vocab_n_tokens",
                            "llama_n_vocab");
            FunctionDescriptor ofToken = FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, JAVA_INT);
            isEnd = s.function(ofToken, "llama_vocab_is_eog", "llama_token_is_eog");
            isControl = s.function(ofToken, "llama_vocab_is_control", "llama_token_is_control");
            FunctionDescriptor special = FunctionDescriptor.of(JAVA_INT, ADDRESS);
            beginToken = s.function(special, "llama_vocab_bos", "llama_token_bos");
            endToken = s.function(special, "llama_vocab_eos", "llama_token_eos");
            tokenText =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT),
                            "llama_vocab_get_text",
                            "llama_token_get_text");
            tokenize =
                    s.function(
                            FunctionDescriptor.of(
                                    JAVA_INT,
                                    ADDRESS,
                                    ADDRESS,
                                    JAVA_INT,
                                    ADDRESS,
                                    JAVA_INT,
                                    JAVA_BOOLEAN,
                                    JAVA_BOOLEAN),
                            "llama_tokenize");
            piece =
                    s.function(
                            FunctionDescriptor.of(
                                    JAVA_INT,
                                    ADDRESS,
                                    JAVA_INT,
                                    ADDRESS,
                                    JAVA_INT,
                                    JAVA_INT,
                                    JAVA_BOOLEAN),
                            "llama_token_to_piece");
            chainNew =
                    s.function(FunctionDescriptor.of(ADDRESS, CHAIN), "llama_sampler_chain_init");
            chainAdd =
                    s.function(
                            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS), "llama_sampler_chain_add");
            sample =
                    s.function(
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT),
                            "llama_sampler_sample");
            accept =
                    s.function(
                            FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT), "llama_sampler_accept");
            apply = s.function(FunctionDescriptor.ofVoid(ADDRESS, ADDRESS), "llama_sampler_apply");
            samplerFree = s.function(FunctionDescriptor.ofVoid(ADDRESS), "llama_sampler_free");
            greedy = s.function(FunctionDescriptor.of(ADDRESS), "llama_sampler_init_greedy");
            dist = s.function(FunctionDescriptor.of(ADDRESS, JAVA_INT), "llama_sampler_init_dist");
            topK = s.function(FunctionDescriptor.of(ADDRESS, JAVA_INT), "llama_sampler_init_top_k");
            topP =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, JAVA_FLOAT, SIZE),
                            "llama_sampler_init_top_p");
            minP =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, JAVA_FLOAT, SIZE),
                            "llama_sampler_init_min_p");
            temperature =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, JAVA_FLOAT), "llama_sampler_init_temp");
            penalties =
                    s.function(
                            FunctionDescriptor.of(
                                    ADDRESS,
                                    JAVA_INT,
                                    JAVA_INT,
                                    JAVA_FLOAT,
                                    JAVA_FLOAT,
                                    JAVA_FLOAT),
                            "llama_sampler_init_penalties");
            bias =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT, ADDRESS),
                            "llama_sampler_init_logit_bias");
            grammar =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS),
                            "llama_sampler_init_grammar");
            modelWidth =
                    s.function(
                            FunctionDescriptor.of(JAVA_INT, ADDRESS),
                            "llama_model_n_embd_out",
                            "llama_model_n_embd",
                            "llama_n_embd");
            setEmbeddings =
                    s.function(
                            FunctionDescriptor.ofVoid(ADDRESS, JAVA_BOOLEAN),
                            "llama_set_embeddings");
            poolingType =
                    s.function(FunctionDescriptor.of(JAVA_INT, ADDRESS), "llama_pooling_type");
            FunctionDescriptor row = FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT);
            embeddingOfToken = s.function(row, "llama_get_embeddings_ith");
            embeddingOfSequence = s.function(row, "llama_get_embeddings_seq");
            poolDefaults =
                    s.function(
                            FunctionDescriptor.of(POOL_PARAMS, JAVA_INT),
                            "ggml_threadpool_params_default");
            attachPool =
                    s.function(
                            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS),
                            "llama_attach_threadpool");
            deviceOfKind =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, JAVA_INT), "ggml_backend_dev_by_type");
            deviceBackend =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, ADDRESS),
                            "ggml_backend_dev_backend_reg");
            backendFunction =
                    s.function(
                            FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS),
                            "ggml_backend_reg_get_proc_address");
        }

        /** A function of the backend that computes on the CPU, which is chosen at the start. */
        Optional<MethodHandle> ofCpu(FunctionDescriptor descriptor, String name) {
            try (Arena arena = Arena.ofConfined()) {
                Optional<MemorySegment> cpu =
                        notNull((MemorySegment) deviceOfKind.invokeExact(CPU));
                if (cpu.isEmpty()) {
                    return Optional.empty();
                }
                MemorySegment backend = (MemorySegment) deviceBackend.invokeExact(cpu.get());
                MemorySegment address =
                        (MemorySegment)
                                backendFunction.invokeExact(backend, arena.allocateFrom(name));
                return notNull(address).map(found -> symbols.function(found, descriptor));
            } catch (Throwable accident) {
                throw accident("ggml_backend_reg_get_proc_address", accident);
            }
        }

        /** Calls a function of two addresses that returns nothing. */
        void run(String name, MethodHandle function, MemorySegment first, MemorySegment second) {
            try {
                function.invokeExact(first, second);
            } catch (Throwable accident) {
                throw accident(name, accident);
            }
        }

        /** A pointer that was returned, if it points somewhere. */
        static Optional<MemorySegment> notNull(MemorySegment pointer) {
            return pointer.address() == 0 ? Optional.empty() : Optional.of(pointer);
        }

        /** The text that a returned pointer points to, if it points somewhere. */
        static Optional<String> string(MemorySegment pointer) {
            return notNull(pointer)
                    .map(
                            text ->
                                    text.reinterpret(Long.MAX_VALUE)
                                            .getString(0, StandardCharsets.UTF_8));
        }

        /** A call that failed on this side of the border, which it cannot. */
        static IllegalStateException accident(String name, Throwable cause) {
            return new IllegalStateException(name + " could not be called", cause);
        }
    }
}
