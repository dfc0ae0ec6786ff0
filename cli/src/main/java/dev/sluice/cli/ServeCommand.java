package dev.sluice.cli;

import dev.sluice.gateway.Gateway;
import dev.sluice.gateway.SluicePlan;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ConfigFile;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.observe.AccessLog;
import dev.sluice.gateway.routing.Planner;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * {@code sluice serve}: starts the gateway, says where it is and what to try, and runs until it is
 * told to stop.
 */
final class ServeCommand {
    static final Options OPTIONS =
            new Options(
                    new Options.Option("host", "HOST", "where to listen; 127.0.0.1 if not said"),
                    new Options.Option("port", "PORT", "8080 if not said; 0 takes any free one"),
                    new Options.Option(
                            "config", "FILE", "a configuration file; see docs/config.md"),
                    new Options.Option(
                            "upstream",
                            "[NAME=]URL",
                            "a model server; what it speaks is found by asking it; may be"
                                    + " repeated"),
                    new Options.Option("access-log", "FORM", "text, json or off"),
                    new Options.Option(
                            "strict", "", "a parameter that an upstream cannot take is an error"));

    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;

    ServeCommand(Map<String, String> env, PrintStream out, PrintStream err) {
        this.env = env;
        this.out = out;
        this.err = err;
    }

    int run(List<String> args) {
        Config config = config(OPTIONS.read(args));
        long begun = System.nanoTime();
        SluicePlan plan = SluicePlan.of(config);
        AccessLog log = log(config);
        Gateway gateway;
        try {
            gateway = Gateway.start(config, plan, log == null ? new Deaf() : log);
        } catch (RuntimeException failed) {
            return refused(config, failed);
        }
        out.print(
                new Banner(config, gateway.port(), plan, (System.nanoTime() - begun) / 1_000_000)
                        .text());
        out.flush();
        waitForTheEnd(gateway, plan, log);
        return Main.OK;
    }

    /** File, then command line, then environment. */
    private Config config(Options.Typed typed) {
        if (!typed.words().isEmpty()) {
            throw new UsageException(
                    "serve takes options only, and `" + typed.words().getFirst() + "` is none");
        }
        Config config =
                typed.last("config")
                        .map(
                                file ->
                                        ConfigFile.read(
                                                Path.of(file),
                                                env,
                                                Set.copyOf(Planner.quirkNames())))
                        .orElseGet(Config::defaults);
        if (typed.last("host").isPresent()) {
            config = config.withHost(typed.last("host").get());
        }
        if (typed.last("port").isPresent()) {
            config = config.withPort(port(typed.last("port").get()));
        }
        for (String upstream : typed.all("upstream")) {
            config = config.withProvider(UpstreamOption.provider(upstream, config));
        }
        if (typed.last("access-log").isPresent()) {
            config = config.toBuilder().accessLog(form(typed.last("access-log").get())).build();
        }
        if (typed.has("strict")) {
            config = config.toBuilder().strict(true).build();
        }
        return config.withEnvironment(env).checked();
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new UsageException("--port " + text + " is no number; a port is 0 to 65535");
        }
    }

    private static dev.sluice.gateway.config.AccessLog form(String text) {
        for (dev.sluice.gateway.config.AccessLog form :
                dev.sluice.gateway.config.AccessLog.values()) {
            if (form.word().equals(text)) {
                return form;
            }
        }
        throw UsageException.unknown("form of access log", text, List.of("text", "json", "off"));
    }

    private @Nullable AccessLog log(Config config) {
        return switch (config.accessLog()) {
            case OFF -> null;
            case TEXT -> new AccessLog(out, false, Clock.systemUTC());
            case JSON -> new AccessLog(out, true, Clock.systemUTC());
        };
    }

    private int refused(Config config, RuntimeException failed) {
        boolean taken = false;
        for (Throwable t = failed; t != null; t = t.getCause()) {
            taken |=
                    t instanceof BindException
                            || String.valueOf(t.getMessage()).contains("already in use");
        }
        err.println(
                taken
                        ? "sluice: port "
                                + config.listen().port()
                                + " is taken by another program; stop it, or choose another with"
                                + " --port"
                        : "sluice: cannot listen on "
                                + config.listen().host()
                                + ":"
                                + config.listen().port()
                                + " ("
                                + failed.getMessage()
                                + ")");
        return Main.FAILED;
    }

    /** Blocks until the process is told to stop; then streams may finish. */
    private void waitForTheEnd(Gateway gateway, SluicePlan plan, @Nullable AccessLog log) {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    int open = gateway.running();
                                    if (open > 0) {
                                        out.println("stopping; waiting for " + open + " streams");
                                    }
                                    gateway.stop();
                                    plan.close();
                                    if (log != null) {
                                        log.close();
                                    }
                                    stopped.countDown();
                                },
                                "stop"));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Deaf implements ExchangeListener {
        @Override
        public void onStarted() {}

        @Override
        public void onEnded(ExchangeRecord record) {}
    }
}
