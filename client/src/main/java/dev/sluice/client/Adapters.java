package dev.sluice.client;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The adapters of one client by their names; those of known vendors are made when asked for. */
final class Adapters implements AutoCloseable {
    /** Who answers from files; it is in a jar of its own. */
    private static final String LOCAL = "local";

    private final Map<String, Adapter> byName;
    private final Vendors vendors;

    Adapters(Map<String, Adapter> given, Vendors vendors) {
        this.byName = new ConcurrentHashMap<>(given);
        this.vendors = vendors;
    }

    /**
     * The adapter called {@code name}.
     *
     * @throws dev.sluice.core.failure.FailureException when there is none
     */
    Adapter get(String name) {
        Adapter known = byName.get(name);
        if (known != null) {
            return known;
        }
        if (!Vendors.names().contains(name)) {
            throw Failure.of(FailureCode.NOT_FOUND, unknown(name)).asException();
        }
        return byName.computeIfAbsent(name, vendors::adapter);
    }

    private String unknown(String name) {
        if (name.equals(LOCAL)) {
            return "`local` answers where sluice-llama (the module dev.sluice.llama) is beside the"
                    + " library, and it is not: put it on the class path or the module path";
        }
        TreeSet<String> names = new TreeSet<>(byName.keySet());
        names.addAll(Vendors.names());
        return "nobody is called `"
                + name
                + "` (expected: one of "
                + String.join(", ", names)
                + "); others are given to the builder, or found when their jar is on the class"
                + " path";
    }

    @Override
    public void close() {
        byName.values().forEach(Adapter::close);
    }
}
