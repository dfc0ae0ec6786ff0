package dev.sluice.dialect.grpc;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How a call ended, as the fields of its trailers. */
final class GrpcStatus {
    /** The flag of a frame that holds trailers, as gRPC-Web has it. */
    static final int TRAILERS = 0x80;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private GrpcStatus() {}

    static int code(FailureCode code) {
        return switch (code) {
            case CANCELLED -> 1;
            case INVALID_REQUEST, CONTEXT_TOO_LONG -> 3;
            case TIMEOUT, REQUEST_TIMEOUT -> 4;
            case NOT_FOUND -> 5;
            case PERMISSION -> 7;
            case RATE_LIMIT, BILLING, REQUEST_TOO_LARGE, SLOW_READER -> 8;
            case UNSUPPORTED, METHOD_NOT_ALLOWED -> 12;
            case INTERNAL, UPSTREAM_ERROR, UPSTREAM_CREDENTIALS -> 13;
            case OVERLOADED, UNAVAILABLE, UPSTREAM_UNREACHABLE -> 14;
            case UPSTREAM_BROKEN -> 15;
            case AUTHENTICATION -> 16;
        };
    }

    /** The fields that tell of a failure; {@code sluice-code} is finer than the status. */
    static Headers of(Failure failure, String requestId) {
        List<Header> fields = new ArrayList<>();
        fields.add(new Header("grpc-status", Integer.toString(code(failure.code()))));
        fields.add(new Header("grpc-message", encoded(failure.message())));
        fields.add(new Header("sluice-code", failure.code().name().toLowerCase(Locale.ROOT)));
        fields.add(
                new Header("sluice-fault", failure.code().fault().name().toLowerCase(Locale.ROOT)));
        fields.add(new Header("x-request-id", requestId));
        Duration wait = failure.retryAfter();
        if (wait != null) {
            fields.add(new Header("grpc-retry-pushback-ms", Long.toString(wait.toMillis())));
        }
        return new Headers(fields);
    }

    /** Writes the fields as a frame at the end of a stream. */
    static void write(Headers fields, ByteBuilder out) {
        ByteBuilder body = new ByteBuilder(128);
        for (Header field : fields.all()) {
            body.add(field.name()).add(": ").add(field.value()).add("\r\n");
        }
        ProtoWriter.frame(out, TRAILERS, body);
    }

    /** Percent-encodes what is not printable ASCII. */
    private static String encoded(String message) {
        ByteBuilder out = new ByteBuilder(message.length() + 16);
        for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 0x7f && b != '%') {
                out.add(b);
            } else {
                out.add('%').add(HEX[b >> 4 & 0xf]).add(HEX[b & 0xf]);
            }
        }
        return out.toString();
    }
}
