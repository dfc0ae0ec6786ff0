package dev.sluice.gateway;

import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.provider.Provider;
import dev.sluice.dialect.Dialects;
import dev.sluice.gateway.config.ClientKeys;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.KeptResponses;
import dev.sluice.gateway.config.KeptStreams;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeSettings;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.ingress.HttpIngress;
import dev.sluice.gateway.ingress.IngressSettings;
import dev.sluice.gateway.ingress.KeptAnswers;
import dev.sluice.gateway.ingress.KeyCheck;
import dev.sluice.gateway.ingress.Listener;
import dev.sluice.gateway.ingress.VertxLoop;
import dev.sluice.gateway.ingress.WebFiles;
import dev.sluice.gateway.responses.ResponseKeeper;
import dev.sluice.gateway.responses.ResponseStore;
import dev.sluice.gateway.streams.StreamKeeper;
import dev.sluice.gateway.streams.StreamStore;
import dev.sluice.gateway.upstream.HttpUpstream;
import dev.sluice.gateway.upstream.OpenUpstreams;
import dev.sluice.gateway.upstream.UpstreamPlan;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A running gateway. Its parts are made and joined here, in reading order: for each event loop the
 * upstreams with their connections, who may answer to what, the ingress, and the socket.
 */
public final class Gateway implements AutoCloseable {
    private final Vertx vertx;
    private final int loops;
    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private final KeptAnswers kept;
    private final WebFiles files;
    private volatile Config config;

    private Gateway(Vertx vertx, Config config, int loops, KeptAnswers kept, WebFiles files) {
        this.vertx = vertx;
        this.config = config;
        this.loops = loops;
        this.kept = kept;
        this.files = files;
    }

    /**
     * Starts a gateway and returns when its port is open.
     *
     * @throws java.io.UncheckedIOException when the port cannot be had
     */
    public static Gateway start(Config config, GatewayPlan plan, ExchangeListener listener) {
        int loops =
                config.workers() > 0
                        ? config.workers()
                        : Runtime.getRuntime().availableProcessors();
        WebFiles files = WebFiles.under("web");
        Vertx vertx =
                Vertx.vertx(
                        new VertxOptions()
                                .setPreferNativeTransport(true)
                                .setEventLoopPoolSize(loops)
                                .setWorkerPoolSize(2)
                                .setInternalBlockingPoolSize(2));
        Gateway gateway = new Gateway(vertx, config, loops, kept(config, plan), files);
        try {
            await(
                    vertx.deployVerticle(
                            () -> gateway.new Worker(plan, listener),
                            new DeploymentOptions().setInstances(loops)));
        } catch (RuntimeException failed) {
            gateway.vertx.close();
            throw failed;
        }
        return gateway;
    }

    /** What is kept of answers for clients that come back to them. */
    private static KeptAnswers kept(Config config, GatewayPlan plan) {
        KeptStreams resume = config.resume();
        StreamStore store = new StreamStore(resume.window(), resume.buffer(), resume.bytes());
        StreamKeeper streams = new StreamKeeper(Dialects.own(), store);
        return KeptAnswers.each(List.of(streams, responses(config, plan)));
    }

    /** What is kept of responses, if the dialect is spoken whose clients ask for them. */
    private static KeptAnswers responses(Config config, GatewayPlan plan) {
        KeptResponses bounds = config.responses();
        return plan.dialects().stream()
                .filter(dialect -> dialect.name().equals(ResponseKeeper.DIALECT))
                .findFirst()
                .<KeptAnswers>map(
                        dialect ->
                                new ResponseKeeper(
                                        dialect,
                                        new ResponseStore(
                                                bounds.entries(),
                                                bounds.bytes(),
                                                bounds.age(),
                                                System::nanoTime)))
                .orElse(KeptAnswers.NONE);
    }

    /** The port that is open. */
    public int port() {
        return workers.getFirst().listener().port();
    }

    /** Exchanges that have not ended, on all loops. */
    public int running() {
        return workers.stream().mapToInt(Worker::running).sum();
    }

    /**
     * Lets every request that comes from now on go by {@code next} and {@code plan}, and returns
     * when all loops do. Exchanges that run go on with what they began with, and connections to
     * model servers that are no longer meant last as long as the streams on them. The address, the
     * number of loops and the bound of headers stay.
     */
    public void changeOver(Config next, GatewayPlan plan) {
        config = next;
        await(Future.all(workers.stream().map(worker -> worker.changeOver(plan)).toList()));
    }

    /**
     * Takes no new work, lets streams finish for {@link Config#shutdown}, ends the rest with their
     * dialect's error, and closes.
     */
    public void stop() {
        workers.forEach(worker -> worker.onLoop(ingress -> ingress.refuseNewWork()));
        long deadline = System.nanoTime() + config.shutdown().toNanos();
        waitUntilIdle(deadline);
        workers.forEach(worker -> worker.onLoop(HttpIngress::cutAll));
        waitUntilIdle(System.nanoTime() + Duration.ofSeconds(2).toNanos());
        close();
    }

    private void waitUntilIdle(long deadline) {
        try {
            while (running() > 0 && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes at once. */
    @Override
    public void close() {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the gateway did not answer within 30 s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** One event loop with all that lives on it. */
    private final class Worker extends AbstractVerticle {
        private final GatewayPlan plan;
        private final ExchangeListener listener;
        private Consumer<GatewayPlan> changeOver = _ -> {};
        private @Nullable HttpIngress ingress;
        private @Nullable Listener socket;

        Worker(GatewayPlan plan, ExchangeListener listener) {
            this.plan = plan;
            this.listener = listener;
        }

        @Override
        public void start(Promise<Void> started) {
            Loop loop = new VertxLoop(context);
            OpenUpstreams upstreams = new OpenUpstreams(upstream -> open(upstream, loop));
            Candidates candidates = plan.candidates(loop, upstreams::provider);
            HttpIngress made =
                    new HttpIngress(
                            loop,
                            spoken(),
                            keys(),
                            candidates,
                            exchangeSettings(),
                            ingressSettings(),
                            listener,
                            kept,
                            files,
                            Gateway.this::running);
            ingress = made;
            changeOver =
                    next -> {
                        made.changeOver(
                                keys(),
                                next.candidates(loop, upstreams::provider),
                                exchangeSettings(),
                                ingressSettings());
                        upstreams.keepOnly(next.upstreams());
                    };
            Listener opened = new Listener(vertx, config.listen(), config.limits().header(), made);
            socket = opened;
            workers.add(this);
            opened.open().onComplete(started);
        }

        private List<ClientDialect> spoken() {
            List<ClientDialect> spoken = new ArrayList<>(plan.dialects());
            spoken.add(Dialects.own());
            spoken.addAll(Dialects.grpc());
            return spoken;
        }

        private Provider open(UpstreamPlan upstream, Loop loop) {
            return new HttpUpstream(
                    upstream, (ContextInternal) context, loop, config.limits().header());
        }

        Future<Void> changeOver(GatewayPlan next) {
            Promise<Void> done = Promise.promise();
            context.runOnContext(
                    _ -> {
                        try {
                            changeOver.accept(next);
                            done.complete();
                        } catch (RuntimeException accident) {
                            done.fail(accident);
                        }
                    });
            return done.future();
        }

        Listener listener() {
            return java.util.Objects.requireNonNull(socket, "started");
        }

        int running() {
            return ingress == null ? 0 : ingress.running();
        }

        void onLoop(Consumer<HttpIngress> task) {
            context.runOnContext(
                    _ -> {
                        if (ingress != null) {
                            task.accept(ingress);
                        }
                    });
        }
    }

    private KeyCheck keys() {
        ClientKeys known = config.keys();
        if (known.isEmpty()) {
            return _ -> Optional.of("anonymous");
        }
        return presented -> known.authenticate(presented).map(p -> p.name());
    }

    private ExchangeSettings exchangeSettings() {
        return new ExchangeSettings(
                config.keepalive(),
                config.limits().slowReaderTime(),
                config.limits().event(),
                config.limits().answer(),
                config.strict());
    }

    /**
     * What is bounded for the whole process is divided among the loops, which take clients in turn.
     */
    private IngressSettings ingressSettings() {
        return new IngressSettings(
                config.limits().body(),
                Math.ceilDiv(config.limits().streams(), Math.max(1, loops)),
                config.limits().slowReader(),
                IngressSettings.DEFAULT.headTimeout(),
                IngressSettings.DEFAULT.bodyTimeout(),
                config.cors());
    }
}
