package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.dialect.bedrock.SigV4Check;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;

import java.time.Instant;
import java.util.Optional;

/**
 * Holds requests that are signed as for AWS to their signature.
 *
 * <p>Of a client's key the gateway has a hash alone, from which no signature can be made. So
 * clients of AWS's SDKs have the key twice, as access key id and as secret access key: the first
 * tells the gateway the key as a bearer would, the second signs, which shows that nobody has
 * changed the request on its way or sent it again later.
 */
final class SignatureCheck {
    private SignatureCheck() {}

    /**
     * What is wrong with the signature of a request whose key is known; empty if nothing is, or if
     * it is not signed.
     */
    static Optional<Failure> problem(
            HttpServerRequest request, Headers headers, byte[] body, Instant now) {
        Optional<SigV4Check> signature = SigV4Check.of(headers);
        boolean otherKey =
                headers.get("x-api-key").isPresent() || headers.get("api-key").isPresent();
        if (signature.isEmpty() || otherKey) {
            return Optional.empty();
        }
        if (headers.get("content-encoding").filter(c -> !c.equals("identity")).isPresent()) {
            return Optional.of(
                    Failure.of(
                            FailureCode.AUTHENTICATION,
                            "a request that is signed must not be compressed"));
        }
        String path = request.path() == null ? "" : request.path();
        String query = request.query() == null ? "" : request.query();
        return signature
                .get()
                .problem(
                        request.method().name(),
                        path,
                        query,
                        headers,
                        host(request, headers),
                        body,
                        signature.get().accessKey(),
                        now);
    }

    /** Over HTTP/2 the host is no field but a part of the request's line. */
    private static String host(HttpServerRequest request, Headers headers) {
        HostAndPort authority = request.authority();
        return headers.get("host").orElseGet(() -> authority == null ? "" : authority.toString());
    }
}
