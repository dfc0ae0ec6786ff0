package dev.sluice.cli;

import dev.sluice.gateway.config.Config;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * {@code sluice serve}: starts the gateway, says where it is and what to try, and runs until it is
 * told to stop.
 */
final class ServeCommand {
    private static final Duration WATCH_PACE = Duration.ofSeconds(1);

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
        ServeOptions.checkWatch(typed);
        Optional<FileWatch> watch = watch(typed);
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
        typed.last("config").ifPresent(file -> followChanges(Path.of(file), typed, served, watch));
        runUntilStopped(served);
        return Main.OK;
    }

    /** From now on the file is read again when somebody asks for it, or when it has changed. */
    private void followChanges(
            Path file, Options.Typed typed, Served served, Optional<FileWatch> watch) {
        Reload reload = new Reload(file, () -> ServeOptions.config(typed, env), served);
        Hangup.handle(reload::run, () -> System.exit(Main.OK));
        watch.ifPresent(looking -> looking.start(WATCH_PACE, reload::run));
    }

    private static Optional<FileWatch> watch(Options.Typed typed) {
        return typed.has("watch")
                ? typed.last("config").map(file -> new FileWatch(Path.of(file)))
                : Optional.empty();
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
