package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Headers;

import io.vertx.core.http.HttpServerRequest;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Answers those who ask whether this server lives and is ready, and whoever looks at its root. */
final class Probes {
    private final BooleanSupplier stopping;
    private final IntSupplier streams;
    private final RouteTable routes;
    private final WebFiles files;

    /** Answers with the streams of the whole server, whichever of its loops is asked. */
    Probes(BooleanSupplier stopping, IntSupplier streams, RouteTable routes, WebFiles files) {
        this.stopping = stopping;
        this.streams = streams;
        this.routes = routes;
        this.files = files;
    }

    static boolean isOne(String path) {
        return path.equals("/health") || path.equals("/ready") || path.equals("/");
    }

    /** Answers; no key is asked for. */
    void answer(HttpServerRequest request, String path, Headers headers) {
        if (path.equals("/")) {
            root(request, headers);
            return;
        }
        boolean ready = !stopping.getAsBoolean();
        int status = path.equals("/ready") && !ready ? 503 : 200;
        String body =
                "{\"status\":\""
                        + (ready ? "ok" : "stopping")
                        + "\",\"streams\":"
                        + streams.getAsInt()
                        + "}\n";
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body);
    }

    /** Programs look here whether somebody is at home; a browser wants to see something. */
    private void root(HttpServerRequest request, Headers headers) {
        boolean browser = headers.get("accept").orElse("").contains("text/html");
        if (!browser || !files.serve(request, "/")) {
            String greeting =
                    routes.greeting(headers).orElse("Sluice is running. Models: /v1/models\n");
            request.response().putHeader("content-type", "text/plain").end(greeting);
        }
    }
}
