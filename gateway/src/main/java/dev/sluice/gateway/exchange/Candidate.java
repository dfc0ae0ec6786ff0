package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Target;
import dev.sluice.core.provider.Provider;

/**
 * One upstream that may answer.
 *
 * @param target the model and how the server differs
 * @param retries how often to try it again after a failure that may pass
 */
public record Candidate(Provider provider, Target target, Timeouts timeouts, int retries) {
    /** Whether its provider speaks {@code dialect}. */
    boolean speaks(String dialect) {
        return provider.dialect().filter(spoken -> spoken.name().equals(dialect)).isPresent();
    }

    /** As {@code provider/model}. */
    public String label() {
        return provider.name() + "/" + target.model();
    }
}
