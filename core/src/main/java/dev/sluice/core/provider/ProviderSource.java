package dev.sluice.core.provider;

import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Models inside the process that a program gets by having their jar beside it: {@link
 * java.util.ServiceLoader} finds the source, and its name stands in front of the slash of a model's
 * name. Each client of the library has an instance of its own.
 */
public interface ProviderSource extends AutoCloseable {
    /** The name of its providers, without a slash. */
    String name();

    /**
     * A provider for one event loop. What it needs and cannot get is a failure of the streams that
     * ask for it, and none of this method.
     *
     * @param environment the variables that say where its models are
     * @param loop runs tasks on the event loop, in their order
     */
    Provider provider(Map<String, String> environment, Executor loop);

    /** Gives up what it holds, the streams that use it included. */
    @Override
    default void close() {}
}
