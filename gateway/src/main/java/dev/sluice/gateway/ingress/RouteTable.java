package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.Endpoint;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.dialect.grpc.GrpcDialect;
import dev.sluice.dialect.sluice.SluiceDialect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which dialect and operation a path stands for. Where several dialects serve a path, the header
 * fields of the request decide.
 */
final class RouteTable {
    /** What a request is for; {@code rest} is the path from where an endpoint has its {@code *}. */
    record Match(ClientDialect dialect, Operation operation, String rest) {}

    /**
     * A path of a dialect.
     *
     * @param before what stands before the {@code *}, or the whole path where there is none
     * @param behind what stands behind it
     */
    private record Entry(
            ClientDialect dialect,
            Endpoint endpoint,
            String before,
            String behind,
            boolean isOpen) {
        static Entry of(ClientDialect dialect, Endpoint endpoint) {
            String path = endpoint.path();
            int star = path.indexOf('*');
            return star < 0
                    ? new Entry(dialect, endpoint, path, "", false)
                    : new Entry(
                            dialect,
                            endpoint,
                            path.substring(0, star),
                            path.substring(star + 1),
                            true);
        }

        boolean takes(String path) {
            return path.length() > before.length() + behind.length()
                    && path.startsWith(before)
                    && path.endsWith(behind);
        }

        /** {@code path} from where the {@code *} is; empty where there is none. */
        String rest(String path) {
            return isOpen ? path.substring(before.length()) : "";
        }
    }

    private final List<ClientDialect> dialects;
    private final Map<String, List<Entry>> exact = new HashMap<>();
    private final List<Entry> open = new ArrayList<>();

    RouteTable(List<? extends ClientDialect> dialects) {
        this.dialects = List.copyOf(dialects);
        for (ClientDialect dialect : dialects) {
            for (Endpoint endpoint : dialect.endpoints()) {
                Entry entry = Entry.of(dialect, endpoint);
                if (entry.isOpen) {
                    open.add(entry);
                } else {
                    exact.computeIfAbsent(endpoint.path(), _ -> new ArrayList<>()).add(entry);
                }
            }
        }
    }

    /** The gateway's own dialect, if it is spoken. */
    Optional<SluiceDialect> own() {
        return dialects.stream()
                .filter(SluiceDialect.class::isInstance)
                .map(SluiceDialect.class::cast)
                .findFirst();
    }

    /** The dialect in which a client of gRPC is told what it did wrong. */
    ClientDialect grpc() {
        return dialects.stream()
                .filter(GrpcDialect.class::isInstance)
                .findFirst()
                .orElseGet(dialects::getFirst);
    }

    /** What the request is for; empty if the path or the method is not served. */
    Optional<Match> find(String method, String path, Headers headers) {
        Match fallback = null;
        for (Entry entry : on(path)) {
            if (!entry.endpoint.method().equals(method)) {
                continue;
            }
            Match match = new Match(entry.dialect, entry.endpoint.operation(), entry.rest(path));
            if (entry.dialect.claims(headers)) {
                return Optional.of(match);
            }
            fallback = fallback == null ? match : fallback;
        }
        return Optional.ofNullable(fallback);
    }

    /** The methods that {@code path} takes; empty if it is not served. */
    List<String> methods(String path) {
        return on(path).stream().map(entry -> entry.endpoint.method()).distinct().sorted().toList();
    }

    private List<Entry> on(String path) {
        List<Entry> found = exact.get(path);
        if (found != null) {
            return found;
        }
        List<Entry> matches = new ArrayList<>();
        for (Entry entry : open) {
            if (entry.takes(path)) {
                matches.add(entry);
            }
        }
        return matches;
    }

    /**
     * The dialect in which to tell an error on a path that is not served: one that has paths of the
     * same beginning, if there is any.
     */
    ClientDialect guess(String path, Headers headers) {
        List<ClientDialect> near =
                dialects.stream()
                        .filter(
                                dialect ->
                                        dialect.endpoints().stream()
                                                .anyMatch(e -> begin(e.path()).equals(begin(path))))
                        .toList();
        List<ClientDialect> possible = near.isEmpty() ? dialects : near;
        for (ClientDialect dialect : possible) {
            if (dialect.claims(headers)) {
                return dialect;
            }
        }
        return possible.getFirst();
    }

    /** What clients of a dialect expect to read at the root, if the request is of one of those. */
    Optional<String> greeting(Headers headers) {
        return dialects.stream()
                .filter(dialect -> dialect.claims(headers))
                .flatMap(dialect -> dialect.greeting().stream())
                .findFirst();
    }

    private static String begin(String path) {
        int end = path.indexOf('/', 1);
        return end < 0 ? path : path.substring(0, end);
    }
}
