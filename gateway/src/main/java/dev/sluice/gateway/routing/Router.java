package dev.sluice.gateway.routing;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.Disconnect;
import dev.sluice.gateway.config.NearestWord;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.RouteConfig;
import dev.sluice.gateway.config.Target;
import dev.sluice.gateway.config.Timeouts;
import dev.sluice.gateway.exchange.Departure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds who answers to a model's name, in this order: a route of the configuration; {@code
 * provider/model}; a model that one provider lists; with a single upstream and an unknown name,
 * that upstream. Several answers to one name are an error that lists them. The simulated model
 * answers under its own name alone.
 */
public final class Router {
    private static final String ROUTE_OWNER = "route";
    private static final int LONGEST_NAME = 100;
    private static final int NAMES = 5;

    private final Config config;
    private final Catalog catalog;
    private final Runnable unknownName;
    private final Map<String, RouteConfig> routes = new LinkedHashMap<>();

    /**
     * A router.
     *
     * @param unknownName is run when a name is asked for that nobody lists, so that the lists may
     *     be asked for again; it must not block
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
        if (slash > 0 && slash + 1 < model.length()) {
            Optional<Catalog.Entry> named = catalog.find(model.substring(0, slash));
            if (named.isPresent()) {
                return List.of(hop(named.get(), model.substring(slash + 1)));
            }
        }
        Catalog.Listing listing = catalog.listing(model);
        return switch (listing.entries().size()) {
            case 1 -> List.of(hop(listing.entries().getFirst(), listing.model()));
            case 0 -> List.of(unlisted(model));
            default -> throw ambiguous(listing).asException();
        };
    }

    private Hop unlisted(String model) {
        unknownName.run();
        List<Catalog.Entry> upstreams = upstreams();
        if (upstreams.size() == 1) {
            return hop(upstreams.getFirst(), model);
        }
        throw unknown(model).asException();
    }

    /** A target whose provider cannot be asked yet is left out while there is another. */
    private List<Hop> along(RouteConfig route) {
        List<Hop> hops = new ArrayList<>();
        Failure problem = unknown(route.name());
        for (Target target : route.targets()) {
            Optional<Catalog.Entry> entry = catalog.find(target.provider());
            if (entry.isEmpty()) {
                continue;
            }
            if (entry.get().isUsable()) {
                hops.add(hop(entry.get(), target.model(), Optional.of(route)));
            } else {
                problem = unusable(entry.get());
            }
        }
        if (hops.isEmpty()) {
            unknownName.run();
            throw problem.asException();
        }
        return hops;
    }

    private List<Catalog.Entry> upstreams() {
        return catalog.all().stream().filter(entry -> !entry.inProcess()).toList();
    }

    private Hop hop(Catalog.Entry entry, String model) {
        return hop(entry, model, Optional.empty());
    }

    private Hop hop(Catalog.Entry entry, String model, Optional<RouteConfig> route) {
        if (!entry.isUsable()) {
            unknownName.run();
            throw unusable(entry).asException();
        }
        return new Hop(
                entry.name(),
                model,
                entry.upstream(),
                Planner.exchangeTimeouts(timeouts(entry.name(), route)));
    }

    private Timeouts timeouts(String name, Optional<RouteConfig> route) {
        Optional<ProviderConfig> provider = config.provider(name);
        Timeouts own = provider.map(config::timeouts).orElseGet(config::timeouts);
        return route.map(way -> way.timeouts().over(own)).orElse(own);
    }

    private static Failure unusable(Catalog.Entry entry) {
        return Failure.of(
                FailureCode.UPSTREAM_UNREACHABLE,
                "provider `"
                        + entry.name()
                        + "` cannot be asked yet: "
                        + entry.problem().orElse("nothing is known of it"));
    }

    private static Failure ambiguous(Catalog.Listing listing) {
        List<String> names =
                listing.entries().stream()
                        .map(entry -> "`" + entry.name() + "/" + shown(listing.model()) + "`")
                        .toList();
        return Failure.invalid(
                "model",
                "several providers have the model `"
                        + shown(listing.model())
                        + "`; ask for one of "
                        + String.join(", ", names));
    }

    private Failure unknown(String model) {
        // Whoever is lost looks for a model that knows something.
        List<String> all =
                models().stream()
                        .sorted(
                                Comparator.comparing(
                                        card -> card.owner().equals(ProviderConfig.SIMULATED)))
                        .map(ModelCard::id)
                        .toList();
        String help =
                all.stream()
                        .filter(id -> id.endsWith("/" + model))
                        .findFirst()
                        .or(() -> NearestWord.of(model, all))
                        .map(word -> "did you mean `" + shown(word) + "`?")
                        .orElseGet(() -> some(all));
        return new Failure(
                FailureCode.NOT_FOUND,
                "there is no model `" + shown(model) + "`; " + help,
                "model",
                null,
                null,
                0);
    }

    private static String some(List<String> all) {
        if (all.isEmpty()) {
            return "there is none at all: no upstream lists one";
        }
        List<String> first =
                all.stream().limit(NAMES).map(name -> "`" + shown(name) + "`").toList();
        int more = all.size() - first.size();
        return "there are "
                + String.join(", ", first)
                + (more > 0 ? " and " + more + " more, see GET /v1/models" : "");
    }

    /** A name as it may stand in a message: on one line, and not for ever. */
    private static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < name.length() && i < LONGEST_NAME; i++) {
            char c = name.charAt(i);
            shown.append(c >= ' ' && c < 0x7f && c != '`' ? c : '?');
        }
        return name.length() > LONGEST_NAME ? shown.append("...").toString() : shown.toString();
    }

    /** What becomes of an answer of {@code model} whose client has left. */
    Departure departure(String model) {
        RouteConfig route = routes.get(model);
        return route == null
                ? Departure.USUAL
                : route.disconnect().map(Router::departure).orElse(Departure.USUAL);
    }

    private static Departure departure(Disconnect wanted) {
        Departure.Kind kind =
                switch (wanted.then()) {
                    case CANCEL -> Departure.Kind.CANCEL;
                    case DRAIN -> Departure.Kind.DRAIN;
                    case DETACH -> Departure.Kind.DETACH;
                };
        return new Departure(kind, wanted.tokens(), wanted.time());
    }

    /**
     * All names that can be asked for: routes, then the models of each provider, with the
     * provider's name before those that would mean something else, or several things, without it.
     */
    public List<ModelCard> models() {
        Map<String, ModelCard> cards = new LinkedHashMap<>();
        routes.keySet().forEach(name -> cards.put(name, new ModelCard(name, ROUTE_OWNER, 0)));
        Set<String> providers = new HashSet<>();
        catalog.all().forEach(entry -> providers.add(entry.name()));
        for (Catalog.Entry entry : catalog.all()) {
            for (ModelCard model : entry.models()) {
                String id =
                        isPlain(entry, model.id(), providers)
                                ? model.id()
                                : entry.name() + "/" + model.id();
                cards.putIfAbsent(id, new ModelCard(id, entry.name(), model.created()));
            }
        }
        return List.copyOf(cards.values());
    }

    private boolean isPlain(Catalog.Entry entry, String model, Set<String> providers) {
        int slash = model.indexOf('/');
        return !entry.isSimulated()
                && !routes.containsKey(model)
                && !(slash > 0 && providers.contains(model.substring(0, slash)))
                && catalog.listing(model).entries().size() == 1;
    }
}
