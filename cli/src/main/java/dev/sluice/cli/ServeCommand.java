package dev.sluice.cli;

import dev.sluice.gateway.config.Config;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * {@code sluice serve}: starts the gateway, says where it is and what to try, and runs until it is
 * told to stop.
 */
final class ServeCommand {
    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;

    ServeCommand(Map<String, String> env, PrintStream out, PrintStream err) {
        this.env = env;
        this.out = out;
        this.err = err;
    }

    int run(List<String> args) {
        Options.Typed typed = ServeOptions.OPTIONS.read(args);
        if (Options.wantsHelp(typed)) {
            out.print("sluice serve [options]\n\n" + ServeOptions.OPTIONS.help());
            return Main.OK;
        }
        Config config = ServeOptions.config(typed, env);
        Served served;
        try {
            served = Served.start(config, out);
        } catch (CannotListen refused) {
            err.println("sluice: " + refused.getMessage());
            return Main.FAILED;
        }
        out.print(served.banner(Ink.of(env)));
        out.flush();
        runUntilStopped(served);
        return Main.OK;
    }

    /**
     * Blocks until the process is told to stop. The hook ends the process itself: an orderly stop
     * is a success, and the JVM alone would report the signal.
     */
    private void runUntilStopped(Served served) {
        Thread hook =
                new Thread(
                        () -> {
                            served.stop();
                            Runtime.getRuntime().halt(Main.OK);
                        },
                        "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            Runtime.getRuntime().removeShutdownHook(hook);
            served.stop();
            Thread.currentThread().interrupt();
        }
    }
}
