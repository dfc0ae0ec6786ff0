package dev.sluice.gateway.config;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A client key of which only a keyed hash is kept: HMAC-SHA-256, under a key that this process drew
 * at random, of the key's SHA-256. A dump of memory does not tell the key, and the hash that a file
 * may hold is not one: presented as a key, it is hashed again.
 */
public final class ClientKey {

    private static final String PREFIX = "sha256:";
    static final String EXPECTED_HASH =
            "sha256: and the 64 hexadecimal digits of the key's SHA-256";
    private static final SecretKeySpec PROCESS_KEY = new SecretKeySpec(random(), "HmacSHA256");

    private final byte[] digest;

    private ClientKey(byte[] sha256) {
        this.digest = keyed(sha256);
    }

    /** The key that is {@code secret}. */
    public static ClientKey of(Secret secret) {
        return new ClientKey(sha256(secret.checkToken("key").bytes()));
    }

    /** What a file may hold instead of {@code secret}; see {@link #ofHash}. */
    public static String hashOf(Secret secret) {
        return PREFIX + HexFormat.of().formatHex(sha256(secret.checkToken("key").bytes()));
    }

    /** The key with this SHA-256, as {@code sha256:} and 64 hexadecimal digits. */
    public static ClientKey ofHash(String hash) {
        String digits = hash.substring(Math.min(hash.length(), PREFIX.length()));
        if (!hash.startsWith(PREFIX) || !digits.matches("[0-9a-fA-F]{64}")) {
            throw InvalidValue.of("hash", "is not the hash of a key", EXPECTED_HASH);
        }
        return new ClientKey(HexFormat.of().parseHex(digits.toLowerCase(Locale.ROOT)));
    }

    /**
     * Whether {@code other} is the same key, in a time that does not depend on where they differ.
     */
    private boolean is(ClientKey other) {
        return MessageDigest.isEqual(digest, other.digest);
    }

    /** What a client presented, to be compared; unlike {@link #of} it accepts any text. */
    static ClientKey presented(String text) {
        return new ClientKey(sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientKey key && is(key);
    }

    /**
     * The same for all: keys are never looked up by hash, so that a comparison takes the same time.
     */
    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "***";
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }

    private static byte[] keyed(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(PROCESS_KEY);
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java platform has HmacSHA256", absent);
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
