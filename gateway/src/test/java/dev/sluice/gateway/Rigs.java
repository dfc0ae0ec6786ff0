package dev.sluice.gateway;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A rig for each dialect of the upstream, for tests of all pairs. */
final class Rigs implements AutoCloseable {
    private final Map<Tongue, Rig> rigs = new EnumMap<>(Tongue.class);

    private Rigs(UnaryOperator<TestGateway.Setup> described) {
        for (Tongue tongue : Tongue.values()) {
            rigs.put(tongue, Rig.before(tongue, described));
        }
    }

    /** Starts all, described in the same way. */
    static Rigs start(UnaryOperator<TestGateway.Setup> described) {
        return new Rigs(described);
    }

    /** Starts all as they are by themselves. */
    static Rigs start() {
        return start(setup -> setup);
    }

    /** The rig whose upstream speaks so. */
    Rig of(Tongue upstream) {
        return Objects.requireNonNull(rigs.get(upstream));
    }

    /** Makes all ready for the next test. */
    void forget() {
        rigs.values().forEach(Rig::forget);
    }

    @Override
    public void close() {
        rigs.values().forEach(Rig::close);
    }
}
