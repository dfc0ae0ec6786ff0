package dev.sluice.sdktests;

import dev.sluice.gateway.TestGateway;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;

import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A library, a gateway and an upstream, joined. Closing it judges every request that reached the
 * upstream.
 */
final class Rig implements AutoCloseable {
    /** A key that says nothing: the libraries want one. */
    static final String NO_KEY = "no-key-needed";

    private final Pair pair;
    private final FakeUpstream upstream;
    private final TestGateway gateway;
    private final Sdk sdk;

    private Rig(Pair pair, String server, String key, Consumer<TestGateway.Setup> change) {
        this.pair = pair;
        upstream = FakeUpstream.start();
        TestGateway.Setup setup = TestGateway.setup();
        change.accept(setup);
        add(setup, pair.upstream(), server, upstream);
        gateway = setup.start();
        sdk = pair.client().sdk(gateway.uri(), key);
    }

    /** A rig whose upstream answers as {@code answer} says. */
    static Rig of(Pair pair, Function<UpstreamRequest, Script> answer) {
        return of(pair, NO_KEY, _ -> {}).answering(answer);
    }

    /** A rig whose upstream always answers so. */
    static Rig of(Pair pair, Script answer) {
        return of(pair, _ -> answer);
    }

    /** A rig with a changed gateway, and a library that has this key. */
    static Rig of(Pair pair, String key, Consumer<TestGateway.Setup> change) {
        return new Rig(pair, pair.upstream().server(), key, change);
    }

    /** A rig whose upstream is a server that only speaks the vendor's format, with an accent. */
    static Rig to(Pair pair, String server, Function<UpstreamRequest, Script> answer) {
        return new Rig(pair, server, NO_KEY, _ -> {}).answering(answer);
    }

    /** One more upstream for a gateway, before those that are there later. */
    static void add(TestGateway.Setup setup, Vendor vendor, FakeUpstream upstream) {
        add(setup, vendor, vendor.server(), upstream);
    }

    private static void add(
            TestGateway.Setup setup, Vendor vendor, String server, FakeUpstream upstream) {
        URI base =
                switch (vendor) {
                    case OPENAI -> URI.create(upstream.uri() + "/v1");
                    case ANTHROPIC -> upstream.uri();
                };
        setup.upstream(vendor.goldens(), server, base);
    }

    /** The upstream answers so from now on. */
    Rig answering(Function<UpstreamRequest, Script> answer) {
        upstream.on(pair.upstream().path(), answer);
        return this;
    }

    Pair pair() {
        return pair;
    }

    FakeUpstream upstream() {
        return upstream;
    }

    TestGateway gateway() {
        return gateway;
    }

    Sdk sdk() {
        return sdk;
    }

    /** The body of the n-th request that reached the upstream, counted from 1. */
    ObjectNode arrived(int number) {
        return upstream.request(number).json();
    }

    @Override
    public void close() {
        try {
            upstream.requests(pair.upstream().path())
                    .forEach(request -> pair.upstream().judge(request.json()));
        } finally {
            sdk.close();
            gateway.close();
            upstream.close();
        }
    }
}
