package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Headers;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What pages of other origins may do (CORS). Nothing, unless their origin is listed: they are not
 * only kept from reading an answer, which a browser does by itself, but from asking, since a
 * question alone costs. Programs that are no browsers say no origin and are not concerned.
 */
final class CrossOrigin {
    private static final String ANY = "*";
    private static final String MAX_AGE_SECONDS = "600";
    private static final String EXPOSED =
            "x-request-id, request-id, retry-after, x-should-retry, x-gateway-warnings";

    private final List<String> origins;
    private final boolean keyed;

    /**
     * {@code origins} as browsers write them, or {@code *} for every one; {@code keyed} where a
     * page gets nothing without a key.
     */
    CrossOrigin(List<String> origins, boolean keyed) {
        this.origins = List.copyOf(origins);
        this.keyed = keyed;
    }

    /** Whether the page that asks, if one does, may ask. */
    boolean admits(HttpServerRequest request) {
        String origin = request.getHeader("origin");
        if (origin == null) {
            String site = request.getHeader("sec-fetch-site");
            return site == null
                    || (site.equals("same-origin") || site.equals("none")) && isOwn(request);
        }
        return isListed(origin) || isSame(origin, request);
    }

    private boolean isListed(@Nullable String origin) {
        return origin != null
                && (origins.contains(ANY) || origins.contains(origin.toLowerCase(Locale.ROOT)));
    }

    /** Whether the page was loaded from here, by whatever name this gateway has for the browser. */
    private boolean isSame(String origin, HttpServerRequest request) {
        int scheme = origin.indexOf("://");
        if (scheme < 0 || request.authority() == null || !isOwn(request)) {
            return false;
        }
        return origin.substring(scheme + 3).equalsIgnoreCase(request.authority().toString());
    }

    /**
     * Whether the name by which a browser came is one that is surely ours. Whoever owns another one
     * may let it point here after a page of theirs was loaded by it (DNS rebinding).
     */
    private boolean isOwn(HttpServerRequest request) {
        if (keyed || request.authority() == null) {
            return keyed;
        }
        String host = request.authority().host().toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.endsWith(".localhost") || isAddress(host);
    }

    private static boolean isAddress(String host) {
        return host.startsWith("[")
                || host.indexOf(':') >= 0
                || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    }

    /** Lets the page, if it is of a listed origin, read the answer. */
    void allow(HttpServerRequest request) {
        if (origins.isEmpty()) {
            return;
        }
        String origin = request.getHeader("origin");
        HttpServerResponse response = request.response();
        response.putHeader("vary", "origin");
        if (isListed(origin)) {
            response.putHeader("access-control-allow-origin", origins.contains(ANY) ? ANY : origin);
            response.putHeader("access-control-expose-headers", EXPOSED);
        }
    }

    /** Whether a browser asks in advance whether a page may send a request. */
    static boolean isPreflight(String method, Headers headers) {
        return method.equals("OPTIONS")
                && headers.get("origin").isPresent()
                && headers.get("access-control-request-method").isPresent();
    }

    /**
     * Answers a {@link #isPreflight preflight} on a path that takes {@code methods}. One that is
     * refused is answered without the permission, which is how a browser knows.
     */
    void preflight(HttpServerRequest request, List<String> methods) {
        HttpServerResponse response = request.response();
        allow(request);
        if (isListed(request.getHeader("origin"))) {
            response.putHeader("access-control-allow-methods", String.join(", ", methods));
            Optional.ofNullable(request.getHeader("access-control-request-headers"))
                    .ifPresent(asked -> response.putHeader("access-control-allow-headers", asked));
            response.putHeader("access-control-max-age", MAX_AGE_SECONDS);
            response.setStatusCode(204).end();
        } else {
            response.setStatusCode(403).end();
        }
    }
}
