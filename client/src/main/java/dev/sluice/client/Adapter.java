package dev.sluice.client;

import dev.sluice.core.dialect.Target;
import dev.sluice.core.provider.Provider;

import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Answers to all model names that begin with its own name: {@code local} to {@code
 * local/llama-3.2-1b}. What is behind it is a {@link Provider}, over the network or in this
 * process.
 *
 * <p>Adapters are given to {@link SluiceClient.Builder#adapter}, or found by {@link
 * java.util.ServiceLoader}. Of two that have one name the given one holds, then the found one, then
 * one that a {@link dev.sluice.core.provider.ProviderSource} brings, then the one that this library
 * has.
 */
public interface Adapter extends AutoCloseable {
    /**
     * An adapter called {@code name} whose providers {@code providers} makes, each for its loop.
     */
    static Adapter of(String name, Function<Executor, Provider> providers) {
        return new Adapter() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Provider provider(Executor loop) {
                return providers.apply(loop);
            }
        };
    }

    /** The first part of the model names that it answers to, without a slash. */
    String name();

    /**
     * A provider for one stream.
     *
     * @param loop where the provider lives: it is called on this executor alone, and calls its
     *     receiver on this executor alone, one call at a time. It has no thread of its own, so
     *     nothing that lasts may be done on it; what computes hands its events over by {@code
     *     loop.execute}.
     * @throws dev.sluice.core.failure.FailureException when it cannot answer, such as for want of a
     *     key
     */
    Provider provider(Executor loop);

    /** What a request for {@code model} is written for. */
    default Target target(String model, Provider provider) {
        return new Target(model, provider.quirks(), StreamConfig.DEFAULT.maxTokens(), true);
    }

    /** Whether the model's server chooses sampling parameters that nobody set by itself. */
    default boolean ownSampling() {
        return false;
    }

    /** Frees what it holds; the client that it was given to calls this when it is closed. */
    @Override
    default void close() {}
}
