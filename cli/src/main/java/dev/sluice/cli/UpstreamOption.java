package dev.sluice.cli;

import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.ProviderUrl;

import java.util.Optional;

/** What {@code --upstream [NAME=]URL} says. */
final class UpstreamOption {
    private static final String LOCAL = "local";

    private UpstreamOption() {}

    /**
     * {@code config} with the provider that {@code typed} means. One without a name gets one from
     * its host; if a provider at this URL is there already, that one is meant, with its key.
     */
    static Config added(String typed, Config config) {
        int equals = typed.indexOf('=');
        int colon = typed.indexOf(':');
        if (equals > 0 && (colon < 0 || equals < colon)) {
            return config.withProvider(
                    ProviderConfig.at(typed.substring(0, equals), typed.substring(equals + 1)));
        }
        ProviderUrl url = ProviderUrl.of(typed);
        return find(url, config).isPresent()
                ? config
                : config.withProvider(ProviderConfig.at(free(nameFor(url), config), typed));
    }

    private static Optional<ProviderConfig> find(ProviderUrl url, Config config) {
        return config.providers().stream()
                .filter(provider -> root(provider.url()).equals(root(url)))
                .findFirst();
    }

    /** With {@code /v1} or without, the same server is meant. */
    private static String root(ProviderUrl url) {
        return url.toString().replaceFirst("/v1$", "");
    }

    /**
     * {@code local} for a number, the host's name for one of this network, the vendor's part for
     * one with a domain.
     */
    private static String nameFor(ProviderUrl url) {
        String host = url.host();
        if (host.equals("localhost") || host.contains(":") || host.matches("[0-9.]+")) {
            return LOCAL;
        }
        String[] labels = host.split("\\.", -1);
        String label = labels[Math.max(0, labels.length - 2)].replaceAll("[^a-z0-9-]", "-");
        return label.matches("[a-z0-9].*") ? label : LOCAL;
    }

    private static String free(String wish, Config config) {
        String name = wish;
        for (int i = 2; isTaken(name, config); i++) {
            name = wish + i;
        }
        return name;
    }

    private static boolean isTaken(String name, Config config) {
        return name.equals(ProviderConfig.SIMULATED) || config.provider(name).isPresent();
    }
}
