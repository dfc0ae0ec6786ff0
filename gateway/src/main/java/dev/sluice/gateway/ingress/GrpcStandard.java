package dev.sluice.gateway.ingress;

import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.dialect.grpc.GrpcServices;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The services that every server of gRPC has: health and reflection. */
final class GrpcStandard {
    private static final String CHECK = "/grpc.health.v1.Health/Check";
    private static final String WATCH = "/grpc.health.v1.Health/Watch";
    private static final List<String> REFLECTION =
            List.of(
                    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");

    private static final String OK = "0";
    private static final String INVALID_ARGUMENT = "3";
    private static final String NOT_FOUND = "5";
    private static final int PREFIX = 5;
    private static final int LARGEST = 64 << 10;

    private final Exchanges exchanges;
    private final Set<HttpServerResponse> watching = new HashSet<>();

    GrpcStandard(Exchanges exchanges) {
        this.exchanges = exchanges;
    }

    static boolean isReflection(String path) {
        return REFLECTION.contains(path);
    }

    static boolean isHealth(String path) {
        return path.equals(CHECK) || path.equals(WATCH);
    }

    /**
     * Answers a request for the health of this server, or of one of its services; {@code over} runs
     * when the client is gone.
     */
    void health(HttpServerRequest request, String path, Runnable over) {
        ByteBuilder gathered = new ByteBuilder(64);
        request.exceptionHandler(_ -> over.run());
        request.handler(more -> gather(gathered, more, request));
        request.endHandler(
                _ -> {
                    try {
                        boolean known = GrpcServices.isKnown(gathered.toBytes());
                        if (path.equals(WATCH)) {
                            watch(request.response(), known, over);
                        } else {
                            check(request.response(), known);
                        }
                    } catch (FailureException e) {
                        end(head(request.response()), INVALID_ARGUMENT);
                    }
                });
    }

    private void check(HttpServerResponse response, boolean known) {
        head(response);
        if (!known) {
            end(response, NOT_FOUND);
            return;
        }
        response.write(Buffer.buffer(GrpcServices.health(!exchanges.isStopping())));
        end(response, OK);
    }

    private void watch(HttpServerResponse response, boolean known, Runnable over) {
        head(response);
        byte[] now =
                known ? GrpcServices.health(!exchanges.isStopping()) : GrpcServices.unknownHealth();
        response.write(Buffer.buffer(now));
        if (known) {
            watching.add(response);
        }
        response.closeHandler(
                _ -> {
                    watching.remove(response);
                    over.run();
                });
    }

    /** Tells those who watch that nothing new is taken, and lets them go. */
    void stopping() {
        for (HttpServerResponse response : List.copyOf(watching)) {
            response.write(Buffer.buffer(GrpcServices.health(false)));
            end(response, OK);
        }
        watching.clear();
    }

    /** Answers questions on what is served, one after the other. */
    void reflection(HttpServerRequest request, Runnable over) {
        HttpServerResponse response = head(request.response());
        ByteBuilder gathered = new ByteBuilder(256);
        request.exceptionHandler(_ -> over.run());
        request.handler(
                more -> {
                    gather(gathered, more, request);
                    try {
                        answer(gathered, response);
                    } catch (FailureException e) {
                        request.handler(_ -> {});
                        end(response, INVALID_ARGUMENT);
                    }
                });
        request.endHandler(_ -> end(response, OK));
    }

    private static void answer(ByteBuilder gathered, HttpServerResponse response) {
        while (gathered.length() >= PREFIX) {
            byte[] bytes = gathered.array();
            int length = ByteBuffer.wrap(bytes).getInt(1);
            if (length < 0 || gathered.length() - PREFIX < length) {
                return;
            }
            byte[] message = Arrays.copyOfRange(bytes, PREFIX, PREFIX + length);
            gathered.discardFirst(PREFIX + length);
            response.write(Buffer.buffer(GrpcServices.reflection(message)));
        }
    }

    private static void gather(ByteBuilder gathered, Buffer more, HttpServerRequest request) {
        if (gathered.length() + more.length() > LARGEST) {
            request.response().reset();
        } else {
            gathered.add(more.getBytes());
        }
    }

    private static HttpServerResponse head(HttpServerResponse response) {
        return response.putHeader("content-type", "application/grpc");
    }

    private static void end(HttpServerResponse response, String status) {
        if (!response.ended() && !response.closed()) {
            response.putTrailer("grpc-status", status);
            response.end();
        }
    }
}
