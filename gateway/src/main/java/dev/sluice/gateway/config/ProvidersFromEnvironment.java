package dev.sluice.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Providers that come into being because the environment holds a key for them. */
public final class ProvidersFromEnvironment {

    /** A vendor, and the variables that its own SDK reads. */
    private record Vendor(
            String name,
            List<String> keyVariables,
            String urlVariable,
            String url,
            DialectKind dialect,
            ServerKind server) {
        /** The first of the variables that holds a key; the first of all if none does. */
        String keyVariable(Map<String, String> env) {
            return keyVariables.stream()
                    .filter(variable -> !said(env, variable).isEmpty())
                    .findFirst()
                    .orElse(keyVariables.getFirst());
        }
    }

    private static final List<Vendor> VENDORS =
            List.of(
                    new Vendor(
                            "openai",
                            List.of("OPENAI_API_KEY"),
                            "OPENAI_BASE_URL",
                            "https://api.openai.com/v1",
                            DialectKind.OPENAI_CHAT,
                            ServerKind.OPENAI),
                    new Vendor(
                            "anthropic",
                            List.of("ANTHROPIC_API_KEY"),
                            "ANTHROPIC_BASE_URL",
                            "https://api.anthropic.com",
                            DialectKind.ANTHROPIC,
                            ServerKind.ANTHROPIC),
                    new Vendor(
                            "gemini",
                            List.of("GEMINI_API_KEY", "GOOGLE_API_KEY"),
                            "GOOGLE_GEMINI_BASE_URL",
                            "https://generativelanguage.googleapis.com",
                            DialectKind.GEMINI,
                            ServerKind.GOOGLE));

    private ProvidersFromEnvironment() {}

    /**
     * The providers of this environment; throws {@link ConfigException} for a key or a URL that
     * cannot be used.
     */
    public static List<ProviderConfig> of(Map<String, String> env) {
        List<ProviderConfig> found = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Vendor vendor : VENDORS) {
            if (!said(env, vendor.keyVariable(env)).isEmpty()) {
                url(vendor, env, problems)
                        .flatMap(url -> provider(vendor, url, env, problems))
                        .ifPresent(found::add);
            }
        }
        AwsEnvironment.provider(env, problems).ifPresent(found::add);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return found;
    }

    /** The names of those whose key is in this environment, whether it can be used or not. */
    static List<String> names(Map<String, String> env) {
        List<String> names = new ArrayList<>();
        VENDORS.stream()
                .filter(vendor -> !said(env, vendor.keyVariable(env)).isEmpty())
                .map(Vendor::name)
                .forEach(names::add);
        if (AwsEnvironment.isSaid(env)) {
            names.add(AwsEnvironment.PROVIDER);
        }
        return names;
    }

    /** The variable whose key would bring {@code provider} into being. */
    static Optional<String> variableFor(String provider) {
        if (provider.equals(AwsEnvironment.PROVIDER)) {
            return Optional.of(AwsEnvironment.BEARER);
        }
        return VENDORS.stream()
                .filter(vendor -> vendor.name.equals(provider))
                .map(vendor -> vendor.keyVariables.getFirst())
                .findFirst();
    }

    private static Optional<ProviderUrl> url(
            Vendor vendor, Map<String, String> env, List<Problem> problems) {
        String said = said(env, vendor.urlVariable);
        try {
            return Optional.of(ProviderUrl.of(said.isEmpty() ? vendor.url : said));
        } catch (InvalidValue invalid) {
            problems.add(invalid.problem().under(vendor.urlVariable));
            return Optional.empty();
        }
    }

    private static Optional<ProviderConfig> provider(
            Vendor vendor, ProviderUrl url, Map<String, String> env, List<Problem> problems) {
        // A base URL of one's own is often another program that speaks the vendor's dialect: its
        // answers tell which.
        boolean itself = url.equals(ProviderUrl.of(vendor.url));
        String variable = vendor.keyVariable(env);
        ProviderBuilder builder =
                new ProviderBuilder(vendor.name, url)
                        .dialect(vendor.dialect)
                        .key(Secret.of(said(env, variable)));
        try {
            return Optional.of((itself ? builder.server(vendor.server) : builder).build());
        } catch (InvalidValue key) {
            Problem problem = Problem.of(variable, key.problem().what());
            problems.add(key.problem().expected().map(problem::expecting).orElse(problem));
            return Optional.empty();
        }
    }

    private static String said(Map<String, String> env, String variable) {
        return env.getOrDefault(variable, "").strip();
    }
}
