package dev.sluice.gateway;

import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;

import java.util.function.UnaryOperator;

/**
 * A gateway before one upstream, for all the tests of a class: what the upstream answers is said by
 * each test.
 */
record Rig(Tongue spoken, FakeUpstream upstream, TestGateway gateway) implements AutoCloseable {
    /** With a gateway as it is by itself. */
    static Rig before(Tongue upstream) {
        return before(upstream, setup -> setup);
    }

    /** With a gateway that is described. */
    static Rig before(Tongue spoken, UnaryOperator<TestGateway.Setup> described) {
        FakeUpstream upstream = FakeUpstream.start();
        TestGateway.Setup setup = described.apply(TestGateway.setup());
        return new Rig(spoken, upstream, spoken.upstream(setup, upstream.uri()).start());
    }

    /** A client of it. */
    RawClient connect() {
        return RawClient.connect(gateway.port());
    }

    /** Makes it ready for the next test. */
    void forget() {
        upstream.forgetRequests();
        gateway.forgetRecords();
    }

    @Override
    public void close() {
        gateway.close();
        upstream.close();
    }
}
