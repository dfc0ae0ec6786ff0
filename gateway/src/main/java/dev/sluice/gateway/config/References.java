package dev.sluice.gateway.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether what one part of a configuration names exists in another. */
final class References {

    private References() {}

    /**
     * The targets of routes that nobody answers; {@code others} are providers that exist but are
     * not in it.
     */
    static List<Problem> dangling(Config config, Collection<String> others) {
        List<Problem> problems = new ArrayList<>();
        for (RouteConfig route : config.routes()) {
            for (int i = 0; i < route.targets().size(); i++) {
                String path = Node.join("routes", route.name()) + "[" + i + "]";
                dangling(config, others, route.targets().get(i), path).ifPresent(problems::add);
            }
        }
        return problems;
    }

    private static Optional<Problem> dangling(
            Config config, Collection<String> others, Target target, String path) {
        String name = target.provider();
        if (name.equals(ProviderConfig.SIMULATED)) {
            return config.simulated()
                    ? Optional.empty()
                    : Optional.of(
                            Problem.of(path, "the simulated model is switched off")
                                    .expecting("`simulated: true`"));
        }
        if (others.contains(name) || isLocal(config, name)) {
            return Optional.empty();
        }
        return config.provider(name)
                .map(provider -> withoutModel(provider, target, path))
                .orElseGet(() -> Optional.of(withoutProvider(known(config, others), name, path)));
    }

    private static boolean isLocal(Config config, String name) {
        return name.equals(ProviderConfig.LOCAL) && !config.local().models().isEmpty();
    }

    /** A provider under the name that local models are asked for by. */
    static List<Problem> namesakes(Config config) {
        return isLocal(config, ProviderConfig.LOCAL)
                        && config.provider(ProviderConfig.LOCAL).isPresent()
                ? List.of(
                        Problem.of(
                                        Node.join("providers", ProviderConfig.LOCAL),
                                        "has the name that local models are asked for by")
                                .expecting("another name, or no `models`"))
                : List.of();
    }

    private static Set<String> known(Config config, Collection<String> others) {
        Set<String> known = new LinkedHashSet<>();
        config.providers().forEach(provider -> known.add(provider.name()));
        known.addAll(others);
        if (config.simulated()) {
            known.add(ProviderConfig.SIMULATED);
        }
        return known;
    }

    private static Problem withoutProvider(Set<String> known, String name, String path) {
        Problem problem = Problem.of(path, "no provider " + Wording.quote(name));
        Optional<String> variable = ProvidersFromEnvironment.variableFor(name);
        if (variable.isPresent()) {
            return problem.expecting(
                    "one under `providers:`, or " + variable.get() + " in the environment");
        }
        Problem near = problem.near(NearestWord.of(name, known));
        return known.isEmpty()
                ? near.expecting("one under `providers:`")
                : near.expecting(Wording.either(known));
    }

    private static Optional<Problem> withoutModel(
            ProviderConfig provider, Target target, String path) {
        if (provider.models().isEmpty() || provider.models().contains(target.model())) {
            return Optional.empty();
        }
        String what =
                "%s lists no model %s"
                        .formatted(Wording.quote(provider.name()), Wording.quote(target.model()));
        return Optional.of(
                Problem.of(path, what)
                        .near(NearestWord.of(target.model(), provider.models()))
                        .expecting(Wording.either(provider.models())));
    }
}
