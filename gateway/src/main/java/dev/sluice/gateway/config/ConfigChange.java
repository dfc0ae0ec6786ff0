package dev.sluice.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * What becomes of a running gateway when it is told another configuration.
 *
 * @param config what it goes by from now on: the other configuration, but for what a start decides
 * @param changed what is different from now on, by name; no secret is in it
 * @param postponed what the other configuration says in vain until the next start, by name
 */
public record ConfigChange(Config config, List<String> changed, List<String> postponed) {

    /** Copies the lists. */
    public ConfigChange {
        changed = List.copyOf(changed);
        postponed = List.copyOf(postponed);
    }

    /** The change from {@code before}, by which a gateway was started, to {@code after}. */
    public static ConfigChange of(Config before, Config after) {
        List<String> postponed = new ArrayList<>();
        note(postponed, "listen", before, after, Config::listen);
        note(postponed, "models", before, after, config -> config.local().models());
        note(postponed, "llama-lib", before, after, config -> config.local().library());
        note(postponed, "limits.header", before, after, config -> config.limits().header());
        note(postponed, "access-log", before, after, Config::accessLog);
        note(postponed, "workers", before, after, Config::workers);
        note(postponed, "responses", before, after, Config::responses);
        note(postponed, "resume", before, after, Config::resume);
        Config config =
                after.toBuilder()
                        .listen(before.listen())
                        .local(before.local())
                        .limits(after.limits().withHeader(before.limits().header()))
                        .accessLog(before.accessLog())
                        .workers(before.workers())
                        .responses(before.responses())
                        .resume(before.resume())
                        .build();
        return new ConfigChange(config, changed(before, config), postponed);
    }

    private static List<String> changed(Config before, Config after) {
        List<String> changed = new ArrayList<>();
        note(changed, "keys", before.keys().byName(), after.keys().byName());
        note(
                changed,
                "providers",
                byName(before.providers(), ProviderConfig::name),
                byName(after.providers(), ProviderConfig::name));
        note(
                changed,
                "routes",
                byName(before.routes(), RouteConfig::name),
                byName(after.routes(), RouteConfig::name));
        note(changed, "timeouts", before, after, Config::timeouts);
        note(changed, "limits", before, after, Config::limits);
        note(changed, "cors", before, after, Config::cors);
        note(changed, "keepalive", before, after, Config::keepalive);
        note(changed, "shutdown", before, after, Config::shutdown);
        note(changed, "strict", before, after, Config::strict);
        note(changed, "simulated", before, after, Config::simulated);
        return changed;
    }

    private static void note(
            List<String> names,
            String name,
            Config before,
            Config after,
            Function<Config, Object> part) {
        if (!Objects.equals(part.apply(before), part.apply(after))) {
            names.add(name);
        }
    }

    private static <T> void note(
            List<String> names, String section, Map<String, T> before, Map<String, T> after) {
        List<String> parts = new ArrayList<>();
        part(
                parts,
                "new",
                after.keySet().stream().filter(name -> !before.containsKey(name)).toList());
        part(
                parts,
                "changed",
                after.keySet().stream()
                        .filter(before::containsKey)
                        .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                        .toList());
        part(
                parts,
                "gone",
                before.keySet().stream().filter(name -> !after.containsKey(name)).toList());
        if (!parts.isEmpty()) {
            names.add(section + " (" + String.join("; ", parts) + ")");
        }
    }

    private static void part(List<String> parts, String word, List<String> names) {
        if (!names.isEmpty()) {
            parts.add(word + ": " + String.join(", ", names));
        }
    }

    private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
        Map<String, T> map = new LinkedHashMap<>();
        all.forEach(one -> map.put(name.apply(one), one));
        return map;
    }

    /** All of it on one line, for a person. */
    public String sentence() {
        String now =
                changed.isEmpty() ? "nothing changes" : "changed: " + String.join(", ", changed);
        return postponed.isEmpty()
                ? now
                : now + "; not before the next start: " + String.join(", ", postponed);
    }
}
