package dev.sluice.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.IntConsumer;

/**
 * Takes what libllama says. Errors are kept, for the sentence that explains why something failed;
 * the dots that it prints while it reads a model, one for each hundredth, are its progress.
 *
 * <p>It may be called on threads of the library, and nothing may be thrown into it.
 */
@SuppressWarnings("restricted") // This package is the border to native code.
public final class Log {
    private static final System.Logger LOG = System.getLogger(Log.class.getName());
    private static final int WARNING = 3;
    private static final int ERROR = 4;
    private static final int LONGEST = 400;

    private volatile String complaint = "";
    private volatile IntConsumer progress = _ -> {};
    private int dots;

    /** Calls {@code percent} with every hundredth of a model that is read from now on. */
    synchronized void onProgress(IntConsumer percent) {
        dots = 0;
        progress = percent;
    }

    /** The last error that was told; empty if there was none since it was asked for. */
    String complaint() {
        String last = complaint;
        complaint = "";
        return last;
    }

    MemorySegment upcall() {
        try {
            return Linker.nativeLinker()
                    .upcallStub(
                            MethodHandles.lookup()
                                    .bind(
                                            this,
                                            "said",
                                            MethodType.methodType(
                                                    void.class,
                                                    int.class,
                                                    MemorySegment.class,
                                                    MemorySegment.class)),
                            FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS),
                            Arena.global());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Called by the library. */
    @SuppressWarnings("unused")
    void said(int level, MemorySegment text, MemorySegment nothing) {
        try {
            take(level, Libllama.Calls.string(text).orElse(""));
        } catch (RuntimeException accident) {
            LOG.log(System.Logger.Level.ERROR, "cannot take what libllama says", accident);
        }
    }

    private void take(int level, String text) {
        if (text.equals(".")) {
            dot();
            return;
        }
        String line = text.strip();
        if (level == ERROR && !line.isEmpty()) {
            complaint = line.length() > LONGEST ? line.substring(0, LONGEST) : line;
        }
        if (level >= WARNING && level <= ERROR) {
            LOG.log(System.Logger.Level.DEBUG, line);
        }
    }

    private synchronized void dot() {
        dots = Math.min(100, dots + 1);
        progress.accept(dots);
    }
}
