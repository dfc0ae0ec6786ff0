package dev.sluice.gateway;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Provider;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.KnownServers;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.Protocol;
import dev.sluice.gateway.config.UpstreamTls;
import dev.sluice.gateway.exchange.Candidate;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.Departure;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.exchange.Timeouts;
import dev.sluice.gateway.upstream.Signing;
import dev.sluice.gateway.upstream.UpstreamPlan;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A real gateway on a free port for a test, with upstreams that the test names. A model's name is
 * passed on to all upstreams in their order, whatever it is.
 */
public final class TestGateway implements AutoCloseable {
    /** What the test says of the gateway before it starts. */
    public static final class Setup {
        private final List<UpstreamPlan> upstreams = new ArrayList<>();
        private Config config =
                Config.defaults().withPort(0).toBuilder()
                        .workers(1)
                        .shutdown(Duration.ofSeconds(2))
                        .build();
        private Timeouts timeouts = Timeouts.DEFAULT;
        private Protocol protocol = Protocol.HTTP_1_1;
        private UpstreamTls tls = UpstreamTls.DEFAULT;
        private int retries;
        private int connections = 1000;
        private Optional<Signing> signing = Optional.empty();
        private Saboteur saboteur = Saboteur.nowhere();
        private UnaryOperator<Provider> around = UnaryOperator.identity();
        private Departure departure = Departure.USUAL;

        /** Timeouts of the upstreams that follow. */
        public Setup timeouts(Timeouts all) {
            timeouts = all;
            return this;
        }

        /** Retries of the upstreams that follow. */
        public Setup retries(int count) {
            retries = count;
            return this;
        }

        /** Most connections to each of the upstreams that follow. */
        public Setup connections(int most) {
            connections = most;
            return this;
        }

        /** The protocol of the upstreams that follow. */
        public Setup protocol(Protocol next) {
            protocol = next;
            return this;
        }

        /** How the upstreams that follow are trusted. */
        public Setup tls(UpstreamTls next) {
            tls = next;
            return this;
        }

        /** Changes the configuration. */
        public Setup config(UnaryOperator<Config> change) {
            config = change.apply(config);
            return this;
        }

        /** An upstream that speaks {@code dialect} as {@code server} does. */
        public Setup upstream(String dialect, String server, URI base) {
            Dialect spoken = Dialects.find(dialect).orElseThrow();
            Quirks quirks = KnownServers.find(dialect, server).orElseThrow();
            upstreams.add(
                    new UpstreamPlan(
                            "up" + (upstreams.size() + 1),
                            spoken,
                            quirks,
                            base,
                            spoken.credentials("upstream-key"),
                            timeouts,
                            4096,
                            retries,
                            connections,
                            protocol,
                            tls,
                            signing));
            return this;
        }

        /** How requests to the upstreams that follow are signed. */
        public Setup signing(Signing next) {
            signing = Optional.of(next);
            return this;
        }

        /** An OpenAI upstream at {@code origin}, such as {@code http://127.0.0.1:1234}. */
        public Setup openai(URI origin) {
            return upstream("openai-chat", KnownServers.OPENAI, URI.create(origin + "/v1"));
        }

        /** An Anthropic upstream at {@code origin}. */
        public Setup anthropic(URI origin) {
            return upstream("anthropic", KnownServers.ANTHROPIC, origin);
        }

        /** Lets an accident happen in one of the gateway's parts. */
        Setup sabotage(Saboteur by) {
            saboteur = by;
            return this;
        }

        /** Puts something around the upstreams. */
        Setup around(UnaryOperator<Provider> each) {
            around = each;
            return this;
        }

        /** What becomes of answers whose clients leave. */
        public Setup departure(Departure wanted) {
            departure = wanted;
            return this;
        }

        /** Starts it. */
        public TestGateway start() {
            return new TestGateway(this);
        }
    }

    private final Gateway gateway;
    private final BlockingQueue<ExchangeRecord> records = new LinkedBlockingQueue<>();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();

    private final GatewayPlan plan;
    private Config config;

    private TestGateway(Setup setup) {
        plan = new Plan(setup.upstreams, setup.saboteur, setup.around, setup.departure);
        config = setup.config;
        gateway =
                Gateway.start(
                        config, plan, setup.saboteur.watch(ExchangeListener.class, new Records()));
    }

    /** A gateway to be described. */
    public static Setup setup() {
        return new Setup();
    }

    /** The open port. */
    public int port() {
        return gateway.port();
    }

    /** Where it is. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The running gateway. */
    public Gateway gateway() {
        return gateway;
    }

    /** Goes by another configuration from now on, with the same upstreams. */
    public void changeOver(UnaryOperator<Config> change) {
        config = change.apply(config);
        gateway.changeOver(config, plan);
    }

    /** Exchanges that began and have not ended. */
    public int inFlight() {
        return inFlight.get();
    }

    /** The record of the next exchange that ends; fails after five seconds. */
    public ExchangeRecord nextRecord() {
        try {
            ExchangeRecord record = records.poll(5, TimeUnit.SECONDS);
            if (record == null) {
                throw new AssertionError("no exchange ended within 5 s");
            }
            return record;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Exchanges that began, ever. */
    int started() {
        return started.get();
    }

    /** Exchanges that ended, ever; one that ends twice counts twice. */
    int ended() {
        return ended.get();
    }

    /** The records of all exchanges that have ended and were not asked for yet. */
    List<ExchangeRecord> records() {
        List<ExchangeRecord> all = new ArrayList<>();
        records.drainTo(all);
        return all;
    }

    /** Forgets the records so far: for tests that make thousands and then look at the heap. */
    public void forgetRecords() {
        records.clear();
    }

    @Override
    public void close() {
        gateway.close();
    }

    private final class Records implements ExchangeListener {
        @Override
        public void onStarted() {
            started.incrementAndGet();
            inFlight.incrementAndGet();
        }

        @Override
        public void onEnded(ExchangeRecord record) {
            ended.incrementAndGet();
            inFlight.decrementAndGet();
            records.add(record);
        }
    }

    private record Plan(
            List<UpstreamPlan> upstreams,
            Saboteur saboteur,
            UnaryOperator<Provider> around,
            Departure departure)
            implements GatewayPlan {
        @Override
        public List<Dialect> dialects() {
            return Dialects.all().stream().map(d -> saboteur.watch(Dialect.class, d)).toList();
        }

        @Override
        public Candidates candidates(Loop loop, Function<UpstreamPlan, Provider> open) {
            Map<String, Provider> providers = new HashMap<>();
            upstreams.forEach(
                    up ->
                            providers.put(
                                    up.name(),
                                    saboteur.watch(Provider.class, around.apply(open.apply(up)))));
            return new Candidates() {
                @Override
                public List<Candidate> forModel(String model) {
                    if (model.equals("no-such-model")) {
                        throw Failure.of(FailureCode.NOT_FOUND, "there is no such model")
                                .asException();
                    }
                    return upstreams.stream()
                            .map(
                                    up ->
                                            new Candidate(
                                                    Objects.requireNonNull(
                                                            providers.get(up.name())),
                                                    new Target(
                                                            model,
                                                            up.quirks(),
                                                            up.defaultMaxOutput(),
                                                            true),
                                                    up.timeouts(),
                                                    up.retries()))
                            .toList();
                }

                @Override
                public Departure departure(String model) {
                    return departure;
                }

                @Override
                public List<ModelCard> models() {
                    return List.of(new ModelCard("gpt-5-mini", "up1", 0));
                }
            };
        }
    }
}
