package dev.sluice.client;

import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderSource;

import java.util.Map;
import java.util.concurrent.Executor;

/** Models inside the process whose jar was found beside the library. */
record SourceAdapter(ProviderSource source, Map<String, String> environment) implements Adapter {
    @Override
    public String name() {
        return source.name();
    }

    @Override
    public Provider provider(Executor loop) {
        return source.provider(environment, loop);
    }

    /** A model's file knows best how its tokens are drawn. */
    @Override
    public boolean ownSampling() {
        return true;
    }

    @Override
    public void close() {
        source.close();
    }
}
