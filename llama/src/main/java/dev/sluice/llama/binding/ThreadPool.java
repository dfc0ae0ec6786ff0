package dev.sluice.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.sluice.llama.binding.Libllama.Calls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The threads that compute the steps of a context beside the one that owns it. Without one the
 * library starts them anew for every step and waits until they are gone, which is more than a small
 * model's step takes.
 */
final class ThreadPool implements AutoCloseable {
    /** Offsets in the parameters: behind a mask of 512 processors, and the priority. */
    private static final long THREADS = 512;

    private static final long POLL = 520;

    /** How long a thread looks for work before it sleeps, if nobody says otherwise: 0.1 s. */
    private static final int USUAL_POLL = 50;

    /** Some milliseconds: the next step comes at once, and after the last one nothing spins. */
    private static final int SHORT_POLL = 1;

    private final MethodHandle free;
    private final MemorySegment pointer;

    private ThreadPool(MethodHandle free, MemorySegment pointer) {
        this.free = free;
        this.pointer = pointer;
    }

    /** A pool of {@code threads}, the owner's among them; empty if this library knows of none. */
    static Optional<ThreadPool> of(Calls calls, int threads) {
        Optional<MethodHandle> make = calls.ofCpu(Calls.POOL_NEW, "ggml_threadpool_new");
        Optional<MethodHandle> free = calls.ofCpu(Calls.POOL_FREE, "ggml_threadpool_free");
        if (make.isEmpty() || free.isEmpty()) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params =
                    (MemorySegment)
                            calls.poolDefaults.invokeExact((SegmentAllocator) arena, threads);
            if (params.get(JAVA_INT, THREADS) != threads
                    || params.get(JAVA_INT, POLL) != USUAL_POLL) {
                return Optional.empty();
            }
            params.set(JAVA_INT, POLL, SHORT_POLL);
            return Calls.notNull((MemorySegment) make.get().invokeExact(params))
                    .map(pointer -> new ThreadPool(free.get(), pointer));
        } catch (Throwable accident) {
            throw Calls.accident("ggml_threadpool_new", accident);
        }
    }

    MemorySegment pointer() {
        return pointer;
    }

    /** Ends its threads; no context may use it any more. */
    @Override
    public void close() {
        try {
            free.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Calls.accident("ggml_threadpool_free", accident);
        }
    }
}
