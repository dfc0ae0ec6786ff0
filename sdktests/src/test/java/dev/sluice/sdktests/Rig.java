package dev.sluice.sdktests;

import dev.sluice.gateway.TestGateway;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;

import tools.jackson.databind.node.ObjectNode;

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

    private Rig(Pair pair, String key, Consumer<TestGateway.Setup> change) {
        this.pair = pair;
        upstream = FakeUpstream.start();
        TestGateway.Setup setup = TestGateway.setup();
        change.accept(setup);
        add(setup, pair.upstream(), upstream);
        gateway = setup.start();
        sdk = pair.client().sdk(gateway.uri(), key);
    }

    /** A rig whose upstream answers as {@code answer} says. */
    static Rig of(Pair pair, Function<UpstreamRequest, Script> answer) {
        return new Rig(pair, NO_KEY, _ -> {}).answering(answer);
    }

    /** A rig whose upstream always answers so. */
    static Rig of(Pair pair, Script answer) {
        return of(pair, _ -> answer);
    }

    /** A rig with a changed gateway, and a library that has this key. */
    static Rig of(Pair pair, String key, Consumer<TestGateway.Setup> change) {
        return new Rig(pair, key, change);
    }

    /** One more upstream for a gateway, before those that are there later. */
    static void add(TestGateway.Setup setup, Vendor vendor, FakeUpstream upstream) {
        switch (vendor) {
            case OPENAI -> setup.openai(upstream.uri());
            case ANTHROPIC -> setup.anthropic(upstream.uri());
        }
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
