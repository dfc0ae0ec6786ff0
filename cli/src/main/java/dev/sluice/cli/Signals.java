package dev.sluice.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * What is done when the system sends a signal.
 *
 * <p>The Java platform has signals in a class alone that the compiler always warns of, so it is
 * called by name.
 */
final class Signals {
    private static final System.Logger LOG = System.getLogger(Signals.class.getName());

    private Signals() {}

    /** A signal that is handled until this is closed. */
    interface Handled extends AutoCloseable {
        /** What was done before is done again. */
        @Override
        void close();
    }

    /**
     * Runs {@code task} at every signal {@code name}, such as {@code HUP}, on a thread of its own.
     * Nothing happens where the signal is ignored from the start, as nohup has it, nor where there
     * is none.
     */
    static Handled handle(String name, Runnable task) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object told =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(),
                            new Class<?>[] {handler},
                            (_, method, _) -> {
                                if (method.getName().equals("handle")) {
                                    task.run();
                                }
                                return null;
                            });
            Object signal = type.getConstructor(String.class).newInstance(name);
            Method handle = type.getMethod("handle", type, handler);
            Object before = handle.invoke(null, signal, told);
            return () -> giveBack(handle, signal, before);
        } catch (ReflectiveOperationException absent) {
            LOG.log(System.Logger.Level.DEBUG, "there is no SIG" + name + " here", absent);
            return () -> {};
        }
    }

    private static void giveBack(Method handle, Object signal, Object before) {
        try {
            handle.invoke(null, signal, before);
        } catch (ReflectiveOperationException absent) {
            throw new IllegalStateException("a signal that was handled cannot be", absent);
        }
    }
}
