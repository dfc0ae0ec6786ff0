package dev.sluice.cli;

import dev.sluice.client.Adapter;
import dev.sluice.core.provider.Provider;

import java.util.concurrent.Executor;
import java.util.function.Function;

/** Models of this process, asked through the Java library. */
final class InProcess implements Adapter {
    private final String name;
    private final Function<Executor, Provider> providers;
    private final Runnable onClose;

    InProcess(String name, Function<Executor, Provider> providers, Runnable onClose) {
        this.name = name;
        this.providers = providers;
        this.onClose = onClose;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Provider provider(Executor loop) {
        return providers.apply(loop);
    }

    /** A model's file knows best how its tokens are drawn. */
    @Override
    public boolean ownSampling() {
        return true;
    }

    @Override
    public void close() {
        onClose.run();
    }
}
