package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An upstream of which a test says every word: it keeps the receivers of all its tries. */
final class ScriptedProvider implements Provider {
    private final String name;
    private final Optional<Dialect> dialect;
    private final List<Try> tries = new ArrayList<>();

    private ScriptedProvider(String name, Optional<Dialect> dialect) {
        this.name = name;
        this.dialect = dialect;
    }

    /** One that hands over events. */
    static ScriptedProvider ofEvents(String name) {
        return new ScriptedProvider(name, Optional.empty());
    }

    /** One that sends bytes. */
    static ScriptedProvider of(String name, Dialect dialect) {
        return new ScriptedProvider(name, Optional.of(dialect));
    }

    /** This one as a candidate that is tried {@code retries} times more. */
    Candidate candidate(int retries) {
        return new Candidate(
                this, new Target("m", quirks(), 1024, true), Timeouts.DEFAULT, retries);
    }

    /** The n-th time that it was asked, counted from 1. */
    Try attempt(int number) {
        return tries.get(number - 1);
    }

    int attempts() {
        return tries.size();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Dialect> dialect() {
        return dialect;
    }

    @Override
    public Quirks quirks() {
        return Quirks.vendor(name);
    }

    @Override
    public Stream open(ProviderCall call, Receiver receiver) {
        Try opened = new Try(receiver);
        tries.add(opened);
        return opened;
    }

    /** One time that it was asked. */
    static final class Try implements Stream {
        private final Receiver receiver;
        private boolean paused;
        private boolean cancelled;

        private Try(Receiver receiver) {
            this.receiver = receiver;
        }

        Receiver says() {
            return receiver;
        }

        boolean isPaused() {
            return paused;
        }

        boolean isCancelled() {
            return cancelled;
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
