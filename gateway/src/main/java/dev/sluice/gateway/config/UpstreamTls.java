package dev.sluice.gateway.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a provider's certificate is judged.
 *
 * @param verify whether it is judged at all
 * @param ca the PEM file of the authorities to trust; absent means those of the Java platform
 */
public record UpstreamTls(boolean verify, Optional<Path> ca) {

    /** Verified against the authorities of the Java platform. */
    public static final UpstreamTls DEFAULT = new UpstreamTls(true, Optional.empty());

    /** Refuses an authority that nobody would ask. */
    public UpstreamTls {
        if (!verify && ca.isPresent()) {
            throw InvalidValue.of("ca", "is never asked with `verify: false`", "one of the two");
        }
    }
}
