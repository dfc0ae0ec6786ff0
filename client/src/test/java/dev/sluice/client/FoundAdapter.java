package dev.sluice.client;

import dev.sluice.core.provider.Provider;

import java.util.concurrent.Executor;

/** An adapter that is found, as one in another jar would be. */
public final class FoundAdapter implements Adapter {
    private final TellingAdapter told =
            new TellingAdapter("found").story("m", Told.message("found"));

    /** For the service loader. */
    public FoundAdapter() {}

    @Override
    public String name() {
        return "found";
    }

    @Override
    public Provider provider(Executor loop) {
        return told.provider(loop);
    }
}
