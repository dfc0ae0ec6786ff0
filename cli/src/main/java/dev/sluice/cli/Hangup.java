package dev.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The signal SIGHUP, which asks a server to read its configuration again and tells a program that
 * its terminal is gone. Those that have a terminal look whether it is still there.
 *
 * <p>The Java platform has signals in a class alone that the compiler always warns of, so it is
 * called by name.
 */
final class Hangup {
    private static final System.Logger LOG = System.getLogger(Hangup.class.getName());
    private static final Path TERMINAL = Path.of("/dev/tty");

    private Hangup() {}

    /**
     * Runs {@code reload} at every SIGHUP, on a thread of its own, and {@code stop} when the
     * terminal is gone. Nothing happens where the signal is ignored from the start, as nohup has
     * it, nor where there is none.
     */
    static void handle(Runnable reload, Runnable stop) {
        boolean begunOnTerminal = hasTerminal();
        install(() -> (begunOnTerminal && !hasTerminal() ? stop : reload).run());
    }

    private static void install(Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object told =
                    Proxy.newProxyInstance(
                            Hangup.class.getClassLoader(),
                            new Class<?>[] {handler},
                            (_, method, _) -> {
                                if (method.getName().equals("handle")) {
                                    task.run();
                                }
                                return null;
                            });
            Object hangup = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hangup, told);
        } catch (ReflectiveOperationException absent) {
            LOG.log(System.Logger.Level.DEBUG, "there is no SIGHUP here", absent);
        }
    }

    private static boolean hasTerminal() {
        try (InputStream terminal = Files.newInputStream(TERMINAL)) {
            return terminal != null;
        } catch (IOException none) {
            return false;
        }
    }
}
