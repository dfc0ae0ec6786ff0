package dev.sluice.gateway.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Headers that every request to a provider carries. Names are in lower case; values are secrets,
 * because keys travel there too. Neither can end the line it stands on.
 *
 * @param values the values by name, in the order of the configuration
 */
public record Headers(Map<String, Secret> values) {

    /** No headers. */
    public static final Headers NONE = new Headers(Map.of());

    static final String VALUE = "up to 8192 visible ASCII characters and spaces";

    private static final int LONGEST_VALUE = 8192;
    private static final String NAME = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}";

    /** What the connection, and nobody else, decides. */
    private static final Set<String> RESERVED =
            Set.of(
                    "connection",
                    "content-encoding",
                    "content-length",
                    "content-type",
                    "expect",
                    "host",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    /** Refuses names and values that would not arrive as one header. */
    public Headers {
        Map<String, Secret> checked = new LinkedHashMap<>();
        values.forEach(
                (name, value) -> {
                    String lower = name.toLowerCase(Locale.ROOT);
                    checkName(Wording.plain(name), name);
                    checkValue(Wording.plain(name), value);
                    if (checked.put(lower, value) != null) {
                        throw InvalidValue.of(
                                name, "is here already, in another case", "each header once");
                    }
                });
        values = Collections.unmodifiableMap(checked);
    }

    /** These headers and one more; the same name is replaced. */
    public Headers with(String name, String value) {
        Map<String, Secret> more = new LinkedHashMap<>(values);
        more.put(name.toLowerCase(Locale.ROOT), Secret.of(value));
        return new Headers(more);
    }

    /**
     * Refuses what cannot be the name of a header, or is not for others to say; {@code key} begins
     * the objection.
     */
    static void checkName(String key, String name) {
        if (!name.matches(NAME)) {
            throw InvalidValue.of(
                    key, "is not the name of a header", "letters, digits and dashes, like x-team");
        }
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw InvalidValue.of(key, "is set by the gateway itself", "another header");
        }
    }

    /** The value, if it stays on its line; the objection at {@code key} does not repeat it. */
    static Secret checkValue(String key, Secret value) {
        String text = value.reveal();
        if (!text.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c < 0x7f))) {
            throw InvalidValue.of(key, "holds a line break or a character beyond ASCII", VALUE);
        }
        if (text.length() > LONGEST_VALUE) {
            throw InvalidValue.of(key, "is too long", VALUE);
        }
        return value;
    }
}
