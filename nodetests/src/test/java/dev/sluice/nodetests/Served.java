package dev.sluice.nodetests;

import dev.sluice.gateway.Gateway;
import dev.sluice.gateway.SluicePlan;
import dev.sluice.gateway.TestGateway;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.http.FakeUpstream;

import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A gateway as it starts by itself, with the simulated model, and what became of its exchanges. */
final class Served implements AutoCloseable {
    private final BlockingQueue<ExchangeRecord> ended = new LinkedBlockingQueue<>();
    private final Config config = Config.defaults().withPort(0).toBuilder().workers(1).build();
    private final SluicePlan plan = SluicePlan.of(config);
    private final Gateway gateway = Gateway.start(config, plan, new Records());

    private final class Records implements ExchangeListener {
        @Override
        public void onStarted() {}

        @Override
        public void onEnded(ExchangeRecord record) {
            ended.add(record);
        }
    }

    /** Where it is. */
    URI uri() {
        return URI.create("http://127.0.0.1:" + gateway.port());
    }

    /** Forgets what has ended so far. */
    void forget() {
        ended.clear();
    }

    /** How the next exchange ends. */
    Outcome outcome() throws InterruptedException {
        ExchangeRecord record = ended.poll(10, TimeUnit.SECONDS);
        if (record == null) {
            throw new AssertionError("no exchange ended within 10 s");
        }
        return record.outcome();
    }

    /** A gateway before an upstream that speaks {@code dialect} as its vendor does. */
    static TestGateway.Setup before(String dialect, FakeUpstream upstream) {
        return switch (dialect) {
            case "openai-chat" -> TestGateway.setup().openai(upstream.uri());
            case "openai-responses" ->
                    TestGateway.setup()
                            .upstream(dialect, "openai", URI.create(upstream.uri() + "/v1"));
            case "anthropic" -> TestGateway.setup().anthropic(upstream.uri());
            case "gemini" ->
                    TestGateway.setup()
                            .upstream(dialect, "google", URI.create(upstream.uri() + "/v1beta"));
            default -> TestGateway.setup().upstream(dialect, dialect, upstream.uri());
        };
    }

    @Override
    public void close() {
        gateway.close();
        plan.close();
    }
}
