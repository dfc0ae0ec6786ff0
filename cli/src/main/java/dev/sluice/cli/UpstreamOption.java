package dev.sluice.cli;

import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ProviderConfig;

/** What {@code --upstream [NAME=]URL} says. */
final class UpstreamOption {
    private UpstreamOption() {}

    static ProviderConfig provider(String typed, Config config) {
        int equals = typed.indexOf('=');
        int colon = typed.indexOf(':');
        boolean named = equals > 0 && (colon < 0 || equals < colon);
        String url = named ? typed.substring(equals + 1) : typed;
        String wish = named ? typed.substring(0, equals) : nameFor(url);
        return ProviderConfig.at(named ? wish : free(wish, config), url);
    }

    private static String nameFor(String url) {
        String host = url.replaceFirst("^[a-zA-Z]+://", "").replaceFirst("[:/].*$", "");
        boolean local = host.equals("localhost") || host.startsWith("127.") || host.isEmpty();
        boolean address = host.matches("[0-9.]+") || host.startsWith("[");
        if (local || address) {
            return "local";
        }
        String[] labels = host.split("\\.", -1);
        return labels[labels.length > 1 ? labels.length - 2 : 0].replaceAll("[^A-Za-z0-9-]", "-");
    }

    private static String free(String wish, Config config) {
        String name = wish;
        for (int i = 2; config.provider(name).isPresent(); i++) {
            name = wish + i;
        }
        return name;
    }
}
