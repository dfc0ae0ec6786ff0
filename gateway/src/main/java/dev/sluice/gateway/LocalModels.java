package dev.sluice.gateway;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.provider.Provider;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The models that this process reads from files: the provider {@code local}. */
public interface LocalModels {
    /** Those that can be asked for. */
    List<ModelCard> models();

    /** Why some or all of those that are wanted cannot be; empty if all can. */
    Optional<String> problem();

    /** The provider for one event loop, which {@code loop} runs tasks on, in their order. */
    Provider provider(Executor loop);
}
