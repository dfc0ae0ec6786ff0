package dev.sluice.cli;

import dev.sluice.gateway.Gateway;
import dev.sluice.gateway.SluicePlan;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ConfigChange;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.gateway.observe.AccessLog;
import dev.sluice.gateway.observe.Counters;
import dev.sluice.gateway.observe.Listeners;

import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A gateway that runs, with all that belongs to it. */
final class Served implements AutoCloseable {
    private final Optional<Locals> locals;
    private final Gateway gateway;
    private final Optional<AccessLog> log;
    private final Counters counters;
    private final PrintStream out;
    private final long startMillis;
    private volatile Config config;
    private volatile SluicePlan plan;

    private Served(
            Config config,
            Optional<Locals> locals,
            SluicePlan plan,
            Gateway gateway,
            Optional<AccessLog> log,
            Counters counters,
            PrintStream out,
            long startMillis) {
        this.config = config;
        this.locals = locals;
        this.plan = plan;
        this.gateway = gateway;
        this.log = log;
        this.counters = counters;
        this.out = out;
        this.startMillis = startMillis;
    }

    /**
     * Asks the providers of {@code config} what they are and opens the port.
     *
     * @param out where access lines go
     * @throws CannotListen when the port cannot be had
     */
    static Served start(Config config, PrintStream out) {
        long begun = System.nanoTime();
        Logs.hideSecretsOf(config);
        Optional<Locals> locals = locals(config, out);
        SluicePlan plan =
                locals.map(models -> SluicePlan.of(config, models))
                        .orElseGet(() -> SluicePlan.of(config));
        Optional<AccessLog> log = accessLog(config, out);
        Counters counters = new Counters();
        List<ExchangeListener> listeners = new ArrayList<>(List.of(counters));
        log.ifPresent(listeners::add);
        try {
            Gateway gateway = Gateway.start(config, plan, new Listeners(listeners));
            long millis = (System.nanoTime() - begun) / 1_000_000;
            return new Served(config, locals, plan, gateway, log, counters, out, millis);
        } catch (RuntimeException failed) {
            plan.close();
            locals.ifPresent(Locals::close);
            log.ifPresent(AccessLog::close);
            throw CannotListen.of(config.listen(), failed);
        }
    }

    private static Optional<Locals> locals(Config config, PrintStream out) {
        if (config.local().models().isEmpty()) {
            return Optional.empty();
        }
        try (ProgressLine line = new ProgressLine(out)) {
            return Optional.of(Locals.load(config.local(), line::show));
        }
    }

    private static Optional<AccessLog> accessLog(Config config, PrintStream out) {
        return switch (config.accessLog()) {
            case OFF -> Optional.empty();
            case TEXT -> Optional.of(new AccessLog(out, false, Clock.systemUTC()));
            case JSON -> Optional.of(new AccessLog(out, true, Clock.systemUTC()));
        };
    }

    /** The open port. */
    int port() {
        return gateway.port();
    }

    /** Exchanges that have not ended. */
    int running() {
        return gateway.running();
    }

    /** What is said at the start. */
    String banner(Ink ink) {
        return new Banner(config, port(), plan, startMillis, ink).text();
    }

    /**
     * Lets new requests go by {@code next}, as far as that is possible without a start, and says
     * what that changes. Takes a few seconds when providers are to be asked.
     *
     * @throws dev.sluice.gateway.config.ConfigException when it must not be; then everything stays
     */
    synchronized ConfigChange reload(Config next) {
        ConfigChange change = ConfigChange.of(config, next);
        // The keys of the new configuration with the address of the old one: that may be too open.
        Config taken = change.config().checked();
        SluicePlan before = plan;
        // Streams of before may go on for long.
        Logs.hideSecretsOf(config, taken);
        SluicePlan after = SluicePlan.after(before, taken);
        gateway.changeOver(taken, after);
        config = taken;
        plan = after;
        before.close();
        return change;
    }

    /**
     * Takes no new work, lets streams finish for as long as the configuration says, and says what
     * there was.
     */
    void stop() {
        int open = gateway.running();
        if (open > 0) {
            out.println(
                    "stopping: "
                            + count(open, "stream")
                            + " may go on for "
                            + config.shutdown().toSeconds()
                            + " s");
            out.flush();
        }
        gateway.stop();
        close();
        out.println(
                "stopped after "
                        + count(counters.started(), "exchange")
                        + ": "
                        + counters.ended(Outcome.COMPLETE)
                        + " complete, "
                        + counters.ended(Outcome.FAILED)
                        + " failed, "
                        + counters.ended(Outcome.CANCELLED)
                        + " cancelled"
                        + guessed(counters.estimated()));
        out.flush();
    }

    private static String guessed(long exchanges) {
        return exchanges == 0 ? "" : "; tokens of " + exchanges + " are a guess";
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** Ends at once. */
    @Override
    public void close() {
        plan.close();
        gateway.close();
        locals.ifPresent(Locals::close);
        log.ifPresent(AccessLog::close);
    }
}
