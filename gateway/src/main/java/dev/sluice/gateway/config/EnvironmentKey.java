package dev.sluice.gateway.config;

import java.util.List;
import java.util.Map;

/** The client key that the environment may hold. */
final class EnvironmentKey {

    static final String VARIABLE = "SLUICE_API_KEY";
    static final String OWNER = "default";

    private EnvironmentKey() {}

    /**
     * {@code keys} with the one of {@code env}; a file that already gave that key to somebody has
     * the last word.
     */
    static ClientKeys added(ClientKeys keys, Map<String, String> env) {
        String text = env.getOrDefault(VARIABLE, "").strip();
        if (text.isEmpty()) {
            return keys;
        }
        ClientKey key = key(text);
        if (keys.owner(key).isPresent()) {
            return keys;
        }
        if (keys.names().contains(OWNER)) {
            throw refusal(
                    "is another key than that of " + Wording.quote(OWNER) + " in the configuration",
                    "one of the two, or another name for the one in `keys:`");
        }
        return keys.with(OWNER, key);
    }

    private static ClientKey key(String text) {
        try {
            return ClientKey.of(Secret.of(text));
        } catch (InvalidValue invalid) {
            throw refusal(invalid.problem().what(), invalid.problem().expected().orElse("a key"));
        }
    }

    private static ConfigException refusal(String what, String expected) {
        return new ConfigException(List.of(Problem.of(VARIABLE, what).expecting(expected)));
    }
}
