package dev.sluice.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys that clients may present, and whose they are. Safe for use by all threads. */
public final class ClientKeys {

    /** No keys: every client is welcome. */
    public static final ClientKeys NONE = new ClientKeys(Map.of());

    /** No key is longer; what is presented beyond it is not hashed. */
    private static final int LONGEST = 4096;

    private record Owned(Principal principal, ClientKey key) {}

    private final List<Owned> keys;

    private ClientKeys(Map<String, ClientKey> keys) {
        List<Owned> owned = new ArrayList<>();
        keys.forEach((name, key) -> owned.add(new Owned(new Principal(name), key)));
        this.keys = List.copyOf(owned);
    }

    /**
     * These keys by the names of their owners; no two may be the same, or it would be unclear who
     * came.
     */
    public static ClientKeys of(Map<String, ClientKey> keys) {
        Map<String, ClientKey> seen = new LinkedHashMap<>();
        keys.forEach(
                (name, key) -> {
                    owner(seen, key).ifPresent(other -> refuseShared(name, other));
                    seen.put(name, key);
                });
        return new ClientKeys(seen);
    }

    /** These keys and one more; the same name is replaced. */
    public ClientKeys with(String name, ClientKey key) {
        Map<String, ClientKey> more = byName();
        more.put(name, key);
        return of(more);
    }

    /**
     * Who presents {@code presented}; empty when it is nobody's key. Every key is compared,
     * whichever fits.
     */
    public Optional<Principal> authenticate(String presented) {
        if (presented.length() > LONGEST) {
            return Optional.empty();
        }
        ClientKey key = ClientKey.presented(presented);
        Optional<Principal> found = Optional.empty();
        for (Owned owned : keys) {
            if (owned.key.equals(key)) {
                found = Optional.of(owned.principal);
            }
        }
        return found;
    }

    /** Whether there is no key at all. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** The owners' names, in the order of the configuration. */
    public List<String> names() {
        return keys.stream().map(owned -> owned.principal.name()).toList();
    }

    /** The name under which {@code key} is already here. */
    Optional<String> owner(ClientKey key) {
        return owner(byName(), key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientKeys those && keys.equals(those.keys);
    }

    @Override
    public int hashCode() {
        return names().hashCode();
    }

    @Override
    public String toString() {
        return names().toString();
    }

    /** The keys by their owners' names, in the order of the configuration. */
    Map<String, ClientKey> byName() {
        Map<String, ClientKey> map = new LinkedHashMap<>();
        keys.forEach(owned -> map.put(owned.principal.name(), owned.key));
        return map;
    }

    private static Optional<String> owner(Map<String, ClientKey> keys, ClientKey key) {
        return keys.entrySet().stream()
                .filter(entry -> entry.getValue().equals(key))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static void refuseShared(String name, String other) {
        String what = "is the same key as that of " + Wording.quote(other);
        throw InvalidValue.of(name, what, "a key of its own");
    }
}
