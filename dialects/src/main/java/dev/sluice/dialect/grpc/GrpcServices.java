package dev.sluice.dialect.grpc;

import dev.sluice.core.json.ByteBuilder;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The messages of the services that every server of gRPC has: health, and what it serves. */
public final class GrpcServices {
    private static final int SERVING = 1;
    private static final int NOT_SERVING = 2;
    private static final int SERVICE_UNKNOWN = 3;
    private static final int NOT_FOUND = 5;
    private static final int UNIMPLEMENTED = 12;

    private GrpcServices() {}

    /**
     * Whether the service is known that a framed {@code HealthCheckRequest} asks for; no name is
     * the whole server.
     *
     * @throws dev.sluice.core.failure.FailureException when it is no such message
     */
    public static boolean isKnown(byte[] request) {
        ProtoReader reader = ProtoReader.framed(request);
        String service = "";
        for (int field = reader.next(); field > 0; field = reader.next()) {
            if (field == 1) {
                service = reader.string();
            } else {
                reader.skip();
            }
        }
        return service.isEmpty() || Descriptors.ALL.services().contains(service);
    }

    /** A framed {@code HealthCheckResponse}. */
    public static byte[] health(boolean serving) {
        return framed(out -> out.number(1, serving ? SERVING : NOT_SERVING));
    }

    /** A framed {@code HealthCheckResponse} on a service that is not there. */
    public static byte[] unknownHealth() {
        return framed(out -> out.number(1, SERVICE_UNKNOWN));
    }

    /**
     * The framed {@code ServerReflectionResponse} to a {@code ServerReflectionRequest}.
     *
     * @throws dev.sluice.core.failure.FailureException when it is no such message
     */
    public static byte[] reflection(byte[] request) {
        ProtoReader reader = new ProtoReader(request);
        String host = "";
        Consumer<ProtoWriter> answer = unknown(UNIMPLEMENTED, "nothing that is answered here");
        for (int field = reader.next(); field > 0; field = reader.next()) {
            switch (field) {
                case 1 -> host = reader.string();
                case 3 -> answer = file(Descriptors.ALL.file(reader.string()));
                case 4 -> answer = file(Descriptors.ALL.symbol(reader.string()));
                case 7 -> {
                    reader.skip();
                    answer = GrpcServices::services;
                }
                default -> reader.skip();
            }
        }
        String asked = host;
        Consumer<ProtoWriter> chosen = answer;
        return framed(
                out -> {
                    out.string(1, asked).bytes(2, request);
                    chosen.accept(out);
                });
    }

    private static void services(ProtoWriter out) {
        List<String> names = Descriptors.ALL.services();
        out.message(6, list -> names.forEach(name -> list.message(1, one -> one.string(1, name))));
    }

    private static Consumer<ProtoWriter> file(Optional<byte[]> file) {
        return file.<Consumer<ProtoWriter>>map(
                        found -> out -> out.message(4, f -> f.bytes(1, found)))
                .orElseGet(() -> unknown(NOT_FOUND, "not described here"));
    }

    private static Consumer<ProtoWriter> unknown(int code, String why) {
        return out -> out.message(7, error -> error.number(1, code).string(2, why));
    }

    private static byte[] framed(Consumer<ProtoWriter> message) {
        ByteBuilder out = new ByteBuilder(256);
        ProtoWriter.framed(out, message);
        return out.toBytes();
    }
}
