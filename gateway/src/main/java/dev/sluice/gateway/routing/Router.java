package dev.sluice.gateway.routing;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.NearestWord;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.RouteConfig;
import dev.sluice.gateway.config.Target;
import dev.sluice.gateway.exchange.Timeouts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds who answers to a model's name, in this order: a route of the configuration; {@code provider/model}; a model that one provider lists; with a single upstream
 * and an unknown name, that upstream. Several answers to one name are an error that lists them. The simulated model answers under its own name alone.
 */
public final class Router {
    private final Config config;
    private final Catalog catalog;
    private final Runnable unknownName;
    private final Map<String, RouteConfig> routes = new LinkedHashMap<>();

    /**
     * A router.
     *
     * @param unknownName is run when a name is asked for that nobody lists, so that the lists may be asked for again; it must not block
     */
    public Router(Config config, Catalog catalog, Runnable unknownName) {
        this.config = config;
        this.catalog = catalog;
        this.unknownName = unknownName;
        config.routes().forEach(route -> routes.put(route.name(), route));
    }

    /**
     * Who answers to {@code model}, in the order in which they are asked; not empty.
     *
     * @throws dev.sluice.core.failure.FailureException when nobody does, or several do
     */
    public List<Hop> resolve(String model) {
        RouteConfig route = routes.get(model);
        if (route != null) {
            return along(route);
        }
        int slash = model.indexOf('/');
        if (slash > 0) {
            Optional<Catalog.Entry> named = catalog.find(model.substring(0, slash));
            if (named.isPresent() && slash + 1 < model.length()) {
                return List.of(hop(named.get(), model.substring(slash + 1)));
            }
        }
        List<Catalog.Entry> listing =
                upstreams().stream().filter(entry -> entry.lists(model)).toList();
        if (listing.size() == 1) {
            return List.of(hop(listing.getFirst(), model));
        }
        if (listing.size() > 1) {
            throw ambiguous(model, listing).asException();
        }
        unknownName.run();
        if (upstreams().size() == 1) {
            return List.of(hop(upstreams().getFirst(), model));
        }
        throw unknown(model).asException();
    }

    private List<Hop> along(RouteConfig route) {
        List<Hop> hops = new ArrayList<>();
        Failure last = null;
        for (Target target : route.targets()) {
            Optional<Catalog.Entry> entry = catalog.find(target.provider());
            if (entry.isEmpty()) {
                continue;
            }
            if (entry.get().isUsable()) {
                hops.add(hop(entry.get(), target.model(), Optional.of(route)));
            } else {
                last = unusable(entry.get());
            }
        }
        if (hops.isEmpty()) {
            throw (last == null ? unknown(route.name()) : last).asException();
        }
        return hops;
    }

    private List<Catalog.Entry> upstreams() {
        return catalog.all().stream()
                .filter(entry -> !entry.name().equals(ProviderConfig.SIMULATED))
                .toList();
    }

    private Hop hop(Catalog.Entry entry, String model) {
        return hop(entry, model, Optional.empty());
    }

    private Hop hop(Catalog.Entry entry, String model, Optional<RouteConfig> route) {
        if (!entry.isUsable()) {
            unknownName.run();
            throw unusable(entry).asException();
        }
        return new Hop(entry.name(), model, entry.upstream(), timeouts(entry.name(), route));
    }

    private Timeouts timeouts(String provider, Optional<RouteConfig> route) {
        dev.sluice.gateway.config.Timeouts told =
                config.provider(provider)
                        .map(
                                known ->
                                        route.map(r -> config.timeouts(r, known))
                                                .orElseGet(() -> config.timeouts(known)))
                        .orElse(config.timeouts());
        return new Timeouts(told.connect(), told.firstToken(), told.interToken(), told.total());
    }

    private static Failure unusable(Catalog.Entry entry) {
        return Failure.of(
                FailureCode.UPSTREAM_UNREACHABLE,
                "provider `" + entry.name() + "` cannot be used: " + entry.problem().orElse(""));
    }

    private static Failure ambiguous(String model, List<Catalog.Entry> listing) {
        String names =
                String.join(
                        ", ",
                        listing.stream()
                                .map(entry -> "`" + entry.name() + "/" + shown(model) + "`")
                                .toList());
        return Failure.invalid(
                "model",
                "several providers have the model `"
                        + shown(model)
                        + "`; ask for one of "
                        + names);
    }

    private Failure unknown(String model) {
        List<String> all = models().stream().map(ModelCard::id).toList();
        String near =
                NearestWord.of(model, all).map(word -> "; did you mean `" + word + "`?").orElse("");
        return new Failure(
                FailureCode.NOT_FOUND,
                "there is no model `"
                        + shown(model)
                        + "`"
                        + (near.isEmpty() ? "; GET /v1/models lists those that there are" : near),
                "model",
                null,
                null,
                0);
    }

    private static String shown(String model) {
        String clean = model.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() <= 100 ? clean : clean.substring(0, 100) + "…";
    }

    /** All names that can be asked for: routes, then models; one that several providers list comes with the provider's name before it. */
    public List<ModelCard> models() {
        Map<String, ModelCard> cards = new LinkedHashMap<>();
        routes.keySet().forEach(name -> cards.put(name, new ModelCard(name, "route", 0)));
        for (Catalog.Entry entry : catalog.all()) {
            boolean simulated = entry.name().equals(ProviderConfig.SIMULATED);
            for (ModelCard model : entry.models()) {
                String id =
                        simulated || isShared(model.id()) || cards.containsKey(model.id())
                                ? qualified(entry.name(), model.id())
                                : model.id();
                cards.putIfAbsent(id, new ModelCard(id, entry.name(), model.created()));
            }
        }
        return List.copyOf(cards.values());
    }

    private static String qualified(String provider, String model) {
        return model.startsWith(provider + "/") ? model : provider + "/" + model;
    }

    private boolean isShared(String model) {
        return upstreams().stream().filter(entry -> entry.lists(model)).count() > 1;
    }
}
