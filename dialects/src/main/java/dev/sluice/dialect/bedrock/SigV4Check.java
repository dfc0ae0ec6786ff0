package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The signature that a request bears, taken apart: {@code AWS4-HMAC-SHA256 Credential=…,
 * SignedHeaders=…, Signature=…}.
 *
 * @param accessKey whom the client says it is
 * @param scope what the signature is valid for
 * @param signedHeaders names of the fields that are signed
 * @param signature in hexadecimal digits
 */
public record SigV4Check(
        String accessKey, SigV4.Scope scope, List<String> signedHeaders, String signature) {
    /** How far a client's clock may be off; AWS has the same. */
    public static final Duration MOST_SKEW = Duration.ofMinutes(5);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT);

    /** Copies the list. */
    public SigV4Check {
        signedHeaders = List.copyOf(signedHeaders);
    }

    /** Leaves the access key out: some gateways have keys there that are secrets. */
    @Override
    public String toString() {
        return "SigV4Check[" + scope + ", " + signedHeaders + "]";
    }

    /** Whether the field {@code authorization} has this scheme. */
    public static boolean isIn(Headers headers) {
        return headers.get("authorization").orElse("").trim().startsWith(SigV4.SCHEME + " ");
    }

    /** Takes the field {@code authorization} apart; empty if it is none of this scheme. */
    public static Optional<SigV4Check> of(Headers headers) {
        String field = headers.get("authorization").orElse("").trim();
        if (!field.startsWith(SigV4.SCHEME + " ")) {
            return Optional.empty();
        }
        String credential = part(field, "Credential=");
        String[] scope = credential.split("/", -1);
        int n = scope.length;
        if (n < 5 || !scope[n - 1].equals("aws4_request")) {
            return Optional.empty();
        }
        int key = credential.length();
        for (int i = 0; i < 4; i++) {
            key = credential.lastIndexOf('/', key - 1);
        }
        String names = part(field, "SignedHeaders=");
        String signature = part(field, "Signature=");
        return names.isEmpty() || signature.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SigV4Check(
                                credential.substring(0, key),
                                new SigV4.Scope(scope[n - 4], scope[n - 3], scope[n - 2]),
                                List.of(names.split(";", -1)),
                                signature));
    }

    private static String part(String field, String name) {
        int from = field.indexOf(name);
        if (from < 0) {
            return "";
        }
        int comma = field.indexOf(',', from);
        return field.substring(from + name.length(), comma < 0 ? field.length() : comma).strip();
    }

    /**
     * What is wrong with the signature; empty if nothing is.
     *
     * @param path the path on the wire
     * @param query what stands behind the question mark, empty if nothing does
     * @param headers the fields of the request
     * @param host where the client has sent it, as {@code host} or {@code :authority} says
     * @param body the body on the wire
     */
    public Optional<Failure> problem(
            String method,
            String path,
            String query,
            Headers headers,
            String host,
            byte[] body,
            String secretKey,
            Instant now) {
        String time = headers.get("x-amz-date").orElse("").trim();
        Optional<Instant> signedAt = instant(time);
        if (signedAt.isEmpty() || !time.startsWith(scope.day())) {
            return wrong("x-amz-date is not a time of the day that the signature is for");
        }
        Duration skew = Duration.between(signedAt.get(), now).abs();
        if (skew.compareTo(MOST_SKEW) > 0) {
            return wrong(
                    "Signature expired: the request was signed at "
                            + time
                            + ", and it is "
                            + SigV4.time(now)
                            + " here");
        }
        if (!scope.service().equals(SigV4.SERVICE)) {
            return wrong("the signature is for another service (expected: bedrock)");
        }
        boolean hostSigned = signedHeaders.contains("host") || signedHeaders.contains(":authority");
        if (!hostSigned || !signedHeaders.contains("x-amz-date")) {
            return wrong("host and x-amz-date must be among the signed fields");
        }
        String hash = SigV4.sha256(body);
        if (!headers.get("x-amz-content-sha256").map(hash::equals).orElse(true)) {
            return wrong("x-amz-content-sha256 is not that of the body");
        }
        List<Header> signed = signed(headers, host);
        // Some clients sign the path as it is on the wire, without encoding it once more.
        boolean right =
                isRight(method, SigV4.encodedPath(path), query, signed, hash, time, secretKey)
                        || isRight(method, path, query, signed, hash, time, secretKey);
        return right
                ? Optional.empty()
                : wrong(
                        "the signature does not match the request; the secret access key must be"
                                + " the same as the access key id, and nothing between here and"
                                + " the client may change the request");
    }

    private static Optional<Instant> instant(String time) {
        try {
            return Optional.of(LocalDateTime.parse(time, TIME).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }

    private static Optional<Failure> wrong(String what) {
        return Optional.of(
                new Failure(
                        FailureCode.AUTHENTICATION,
                        what,
                        null,
                        BedrockErrors.INVALID_SIGNATURE,
                        null,
                        0));
    }

    private List<Header> signed(Headers headers, String host) {
        List<Header> signed = new ArrayList<>();
        for (String name : signedHeaders) {
            boolean isHost = name.equals("host") || name.equals(":authority");
            List<String> values =
                    headers.all().stream()
                            .filter(header -> header.name().equalsIgnoreCase(name))
                            .map(Header::value)
                            .toList();
            signed.add(new Header(name, isHost ? host : String.join(",", values)));
        }
        return signed;
    }

    private boolean isRight(
            String method,
            String canonicalPath,
            String query,
            List<Header> signed,
            String hash,
            String time,
            String secretKey) {
        String expected =
                SigV4.signature(
                        new SigV4.Signed(method, canonicalPath, query, signed, hash),
                        time,
                        scope,
                        secretKey);
        return MessageDigest.isEqual(SigV4.utf8(expected), SigV4.utf8(signature));
    }
}
