package dev.sluice.dialect.anthropic;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ids and names in the letters that this wire allows: {@code [a-zA-Z0-9_-]}. What is made depends
 * on the given text alone, so that a call and its result, and the next request of the same
 * conversation, find each other without anything being remembered.
 */
final class LegalNames {
    private static final int LONGEST_NAME = 128;
    private static final int CUT_NAME = 48;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    private final Map<String, String> changed = new LinkedHashMap<>();

    /** The name of a tool as the upstream gets it. */
    String tool(String name) {
        if (isLegal(name) && name.length() <= LONGEST_NAME) {
            return name;
        }
        StringBuilder legal = new StringBuilder();
        for (int i = 0; i < Math.min(name.length(), CUT_NAME); i++) {
            legal.append(isLegal(name.charAt(i)) ? name.charAt(i) : '_');
        }
        String made = legal.append('_').append(hash(name, 10)).toString();
        changed.put(made, name);
        return made;
    }

    /** Names that the upstream got, to those that the client knows; only such as differ. */
    Map<String, String> changed() {
        return changed;
    }

    /** The id of a tool use as the upstream gets it. */
    static String id(String id) {
        return isLegal(id) ? id : "call_" + hash(id, 26);
    }

    private static boolean isLegal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isLegal(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isLegal(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '_'
                || c == '-';
    }

    private static String hash(String text, int letters) {
        byte[] digest;
        try {
            digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        StringBuilder out = new StringBuilder(letters);
        int bits = 0;
        int held = 0;
        for (int i = 0; out.length() < letters; ) {
            if (held < 5) {
                bits = bits << 8 | digest[i++] & 0xff;
                held += 8;
            }
            held -= 5;
            out.append(BASE32.charAt(bits >> held & 31));
        }
        return out.toString();
    }
}
