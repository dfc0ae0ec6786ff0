package dev.sluice.gateway.ingress;

import java.security.SecureRandom;
import java.util.Optional;

/** Ids of requests and exchanges. */
final class RequestId {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LONGEST = 128;

    private RequestId() {}

    /** 130 unguessable bits as 26 characters. */
    static String random() {
        byte[] bytes = new byte[26];
        RANDOM.nextBytes(bytes);
        char[] id = new char[26];
        for (int i = 0; i < id.length; i++) {
            id[i] = ALPHABET.charAt(bytes[i] & 31);
        }
        return new String(id);
    }

    /** The client's own id if it has one that is fit to be told in a header and a log. */
    static Optional<String> fromClient(Optional<String> header) {
        return header.filter(
                id ->
                        !id.isEmpty()
                                && id.length() <= LONGEST
                                && id.chars().allMatch(RequestId::isPlain));
    }

    private static boolean isPlain(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '-'
                || c == '_'
                || c == '.'
                || c == ':';
    }
}
