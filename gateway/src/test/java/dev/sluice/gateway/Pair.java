package dev.sluice.gateway;

import java.net.URI;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The dialect of a client and that of the upstream that answers it. */
record Pair(Tongue client, Tongue upstream) {
    /** All pairs: those of one dialect relay, the others translate. */
    static Stream<Pair> all() {
        return Stream.of(Tongue.values())
                .flatMap(client -> Stream.of(Tongue.values()).map(up -> new Pair(client, up)));
    }

    /** For what takes long: each dialect is relayed once, and in two pairs that translate. */
    static Stream<Pair> some() {
        return Stream.concat(
                Stream.of(Tongue.values()).map(tongue -> new Pair(tongue, tongue)), few());
    }

    /** For what takes longest: each dialect is that of one client and of one upstream. */
    static Stream<Pair> few() {
        Tongue[] all = Tongue.values();
        return IntStream.range(0, all.length)
                .mapToObj(i -> new Pair(all[i], all[(i + 2) % all.length]));
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
