package dev.sluice.gateway.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A text that is never printed: {@link #reveal()} is the one way to it, and easy to search for. */
public final class Secret {

    static final String TOKEN = "visible ASCII characters without spaces";

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /** The secret that is {@code text}. */
    public static Secret of(String text) {
        return new Secret(text);
    }

    /** The text itself, for the wire and nothing else. */
    public String reveal() {
        return text;
    }

    /**
     * This, if it can be sent as a key in a header; else an objection at {@code key} that does not
     * repeat it.
     */
    Secret checkToken(String key) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            String what = text.isEmpty() ? "is empty" : "cannot be sent in a header";
            throw InvalidValue.of(key, what, TOKEN);
        }
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
    }

    /** The same for all: a hash would tell about the text. */
    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "***";
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
