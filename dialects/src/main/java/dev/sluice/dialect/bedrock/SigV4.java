package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signature Version 4 of AWS: a request is brought into one canonical text, which is signed with a
 * key that is made of the secret, the day, the region and the service.
 *
 * <p>The path of the canonical text is the one on the wire, with every segment in percent-encoding
 * once more: {@code %3A} on the wire is {@code %253A} there. All services but S3 have it so.
 */
public final class SigV4 {
    /** The scheme of the field {@code authorization}. */
    public static final String SCHEME = "AWS4-HMAC-SHA256";

    /** The name of the service in signatures, which is not that of its host. */
    public static final String SERVICE = "bedrock";

    private static final String TERMINATOR = "aws4_request";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private SigV4() {}

    /**
     * What a signature is valid for.
     *
     * @param day as {@code yyyyMMdd}
     */
    public record Scope(String day, String region, String service) {
        @Override
        public String toString() {
            return day + "/" + region + "/" + service + "/" + TERMINATOR;
        }
    }

    /**
     * A request as it is signed.
     *
     * @param path the canonical path
     * @param query what stands behind the question mark on the wire, empty if nothing does
     * @param headers the fields that are signed, names in lower case, sorted, each once
     * @param payloadHash the SHA-256 of the body in hexadecimal digits
     */
    public record Signed(
            String method, String path, String query, List<Header> headers, String payloadHash) {
        /** The names of the signed fields. */
        String names() {
            return String.join(";", headers.stream().map(Header::name).toList());
        }

        /** The canonical text. */
        String canonical() {
            StringBuilder text = new StringBuilder(512);
            text.append(method).append('\n').append(path).append('\n');
            text.append(canonicalQuery(query)).append('\n');
            for (Header header : headers) {
                text.append(header.name()).append(':').append(collapsed(header.value()));
                text.append('\n');
            }
            return text.append('\n').append(names()).append('\n').append(payloadHash).toString();
        }
    }

    /** The time as the field {@code x-amz-date} says it. */
    public static String time(Instant instant) {
        return TIME.format(instant);
    }

    /**
     * The fields that sign a request, beside those that it has.
     *
     * @param path the path on the wire
     * @param headers the fields to sign, {@code host} among them
     */
    public static Headers sign(
            String method,
            String path,
            Headers headers,
            byte[] body,
            AwsCredentials credentials,
            String region,
            Instant now) {
        return sign(method, path, "", headers, body, credentials, region, SERVICE, now);
    }

    static Headers sign(
            String method,
            String path,
            String query,
            Headers headers,
            byte[] body,
            AwsCredentials credentials,
            String region,
            String service,
            Instant now) {
        String time = time(now);
        String hash = sha256(body);
        List<Header> added = new ArrayList<>();
        added.add(new Header("x-amz-date", time));
        added.add(new Header("x-amz-content-sha256", hash));
        credentials
                .sessionToken()
                .ifPresent(token -> added.add(new Header("x-amz-security-token", token)));
        List<Header> all = new ArrayList<>(headers.all());
        all.addAll(added);
        Scope scope = new Scope(time.substring(0, 8), region, service);
        Signed signed = new Signed(method, encodedPath(path), query, sorted(all), hash);
        added.add(
                new Header(
                        "authorization",
                        SCHEME
                                + " Credential="
                                + credentials.accessKey()
                                + "/"
                                + scope
                                + ", SignedHeaders="
                                + signed.names()
                                + ", Signature="
                                + signature(signed, time, scope, credentials.secretKey())));
        return new Headers(added);
    }

    /** Fields by name, in lower case; the values of one name joined. */
    static List<Header> sorted(List<Header> headers) {
        List<Header> sorted = new ArrayList<>();
        List<String> names =
                headers.stream()
                        .map(header -> header.name().toLowerCase(Locale.ROOT))
                        .distinct()
                        .sorted()
                        .toList();
        for (String name : names) {
            List<String> values =
                    headers.stream()
                            .filter(header -> header.name().equalsIgnoreCase(name))
                            .map(header -> collapsed(header.value()))
                            .toList();
            sorted.add(new Header(name, String.join(",", values)));
        }
        return sorted;
    }

    /** The signature of {@code signed} at {@code time}, in hexadecimal digits. */
    public static String signature(Signed signed, String time, Scope scope, String secretKey) {
        String toSign =
                String.join("\n", SCHEME, time, scope.toString(), sha256(utf8(signed.canonical())));
        byte[] key = hmac(utf8("AWS4" + secretKey), scope.day());
        key = hmac(key, scope.region());
        key = hmac(key, scope.service());
        key = hmac(key, TERMINATOR);
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    /** The canonical path of the one on the wire. */
    public static String encodedPath(String wire) {
        StringBuilder out = new StringBuilder(wire.length() + 16);
        for (byte b : utf8(wire.isEmpty() ? "/" : wire)) {
            if (b == '/' || isUnreserved(b)) {
                out.append((char) b);
            } else {
                escape(b, out);
            }
        }
        return out.toString();
    }

    /** Parameters in percent-encoding, sorted, each with its equals sign. */
    private static String canonicalQuery(String query) {
        if (query.isEmpty()) {
            return "";
        }
        String[] parameters = query.split("&", -1);
        for (int i = 0; i < parameters.length; i++) {
            int equals = parameters[i].indexOf('=');
            String name = equals < 0 ? parameters[i] : parameters[i].substring(0, equals);
            String value = equals < 0 ? "" : parameters[i].substring(equals + 1);
            parameters[i] = encodedOnce(name) + "=" + encodedOnce(value);
        }
        Arrays.sort(parameters);
        return String.join("&", parameters);
    }

    /** What is in percent-encoding already stays so. */
    private static String encodedOnce(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : utf8(text)) {
            if (b == '%' || isUnreserved(b)) {
                out.append((char) b);
            } else {
                escape(b, out);
            }
        }
        return out.toString();
    }

    /** Whether a byte stands for itself in percent-encoding (RFC 3986, 2.3). */
    static boolean isUnreserved(byte b) {
        return b >= 'a' && b <= 'z'
                || b >= 'A' && b <= 'Z'
                || b >= '0' && b <= '9'
                || b == '-'
                || b == '_'
                || b == '.'
                || b == '~';
    }

    /** Writes a byte in percent-encoding. */
    static void escape(byte b, StringBuilder out) {
        HexFormat upper = HexFormat.of().withUpperCase();
        out.append('%').append(upper.toHighHexDigit(b)).append(upper.toLowHexDigit(b));
    }

    /** Without white space at both ends, and with one space for several. */
    private static String collapsed(String value) {
        StringBuilder out = new StringBuilder(value.length());
        boolean gap = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '\t') {
                gap = !out.isEmpty();
            } else {
                if (gap) {
                    out.append(' ');
                    gap = false;
                }
                out.append(c);
            }
        }
        return out.toString();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The SHA-256 of {@code bytes} in hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java platform has HmacSHA256", absent);
        }
    }
}
