package dev.sluice.gateway;

import java.net.URI;
import java.util.stream.Stream;

/** The dialect of a client and that of the upstream that answers it. */
record Pair(Tongue client, Tongue upstream) {
    /** All pairs: those of one dialect relay, the others translate. */
    static Stream<Pair> all() {
        return Stream.of(Tongue.values())
                .flatMap(client -> Stream.of(Tongue.values()).map(up -> new Pair(client, up)));
    }

    /** Whether frames go through as they are. */
    boolean isRelay() {
        return client == upstream;
    }

    /** A gateway before an upstream at {@code origin}, to be described further. */
    TestGateway.Setup setup(URI origin) {
        return upstream.upstream(TestGateway.setup(), origin);
    }

    @Override
    public String toString() {
        return client + " client, " + upstream + " upstream";
    }
}
