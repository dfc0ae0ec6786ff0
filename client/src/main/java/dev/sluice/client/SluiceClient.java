package dev.sluice.client;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.ProviderSource;
import dev.sluice.core.request.Request;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;

/** Asks models. Safe for use by many threads; one client serves as many streams as there are. */
public final class SluiceClient implements AutoCloseable {
    /** How long a connection may take. */
    static final Duration CONNECT = Duration.ofSeconds(10);

    private final Adapters adapters;
    private final StreamConfig config;

    private SluiceClient(Builder from) {
        Map<String, Adapter> found = new HashMap<>();
        for (ProviderSource source : ServiceLoader.load(ProviderSource.class)) {
            found.put(source.name(), new SourceAdapter(source, from.environment));
        }
        for (Adapter adapter : ServiceLoader.load(Adapter.class)) {
            found.put(adapter.name(), adapter);
        }
        found.putAll(from.adapters);
        adapters = new Adapters(found, new Vendors(from.environment, from.keys, from.baseUrls));
        config = from.config;
    }

    /** Asks {@code model}, such as {@code ollama/llama3.2}, with the config of this client. */
    public TokenStream stream(String model, String prompt) {
        return stream(model, Prompt.of(prompt));
    }

    /** Asks {@code model} with the config of this client. */
    public TokenStream stream(String model, Prompt prompt) {
        return stream(model, prompt, config);
    }

    /**
     * Asks {@code model}. The request goes out at once.
     *
     * @throws SluiceException when the request cannot be made, as for want of a key; what goes
     *     wrong later comes out of the stream
     */
    public TokenStream stream(String model, Prompt prompt, StreamConfig streamConfig) {
        try {
            return started(model, prompt, streamConfig);
        } catch (FailureException refused) {
            throw SluiceException.of(refused.failure());
        }
    }

    private TokenStream started(String model, Prompt prompt, StreamConfig streamConfig) {
        int slash = model.indexOf('/');
        if (slash < 1 || slash == model.length() - 1) {
            throw Failure.invalid(
                            "model",
                            "`"
                                    + model
                                    + "` does not say who answers (expected: such as"
                                    + " ollama/llama3.2)")
                    .asException();
        }
        Adapter adapter = adapters.get(model.substring(0, slash));
        String name = model.substring(slash + 1);
        SerialLoop loop = new SerialLoop();
        Provider provider = adapter.provider(loop);
        Request request =
                prompt.request(
                        provider.dialect().map(Dialect::name).orElse(adapter.name()),
                        name,
                        streamConfig.maxTokens(),
                        streamConfig.sampling(!adapter.ownSampling()));
        Reservation reservation = Reservation.of(streamConfig, request);
        Exchange exchange;
        EncodedRequest encoded;
        try {
            Request limited = reservation.limit(request);
            Target target = adapter.target(name, provider);
            encoded = encoded(provider, limited, target);
            ProviderCall call =
                    new ProviderCall(
                            Operation.GENERATE,
                            limited,
                            encoded,
                            target,
                            CONNECT,
                            UUID.randomUUID().toString());
            exchange = new Exchange(loop, provider, call, streamConfig, reservation);
        } catch (RuntimeException refused) {
            reservation.release();
            throw refused;
        }
        exchange.start();
        return new TokenStream(exchange, encoded.warnings());
    }

    private static EncodedRequest encoded(Provider provider, Request request, Target target) {
        return provider.dialect()
                .map(dialect -> dialect.encodeRequest(request, target))
                .orElseGet(() -> provider.accept(request, target));
    }

    /**
     * Closes all connections; streams that run break off, all but those of a model in this process
     * that another client uses too.
     */
    @Override
    public void close() {
        adapters.close();
    }

    /** Gathers a {@link SluiceClient}. */
    public static final class Builder {
        private final Map<String, Adapter> adapters = new HashMap<>();
        private final Map<String, String> keys = new HashMap<>();
        private final Map<String, URI> baseUrls = new HashMap<>();
        private Map<String, String> environment = System.getenv();
        private StreamConfig config = StreamConfig.DEFAULT;

        Builder() {}

        /** Who answers to model names that begin with the adapter's name. */
        public Builder adapter(Adapter adapter) {
            String name = adapter.name();
            if (name.isEmpty() || name.indexOf('/') >= 0) {
                throw new IllegalArgumentException(
                        "name: " + name + " (expected: a word without a slash)");
            }
            adapters.put(name, adapter);
            return this;
        }

        /** The key for a vendor that this library knows, such as {@code openai}. */
        public Builder key(String vendor, String key) {
            Vendors.check(vendor);
            keys.put(vendor, key);
            return this;
        }

        /** Where a vendor that this library knows is, such as {@code ollama}. */
        public Builder baseUrl(String vendor, URI url) {
            Vendors.check(vendor);
            baseUrls.put(vendor, url);
            return this;
        }

        /** The variables in which keys and addresses are looked for: those of this process. */
        public Builder environment(Map<String, String> variables) {
            environment = Map.copyOf(variables);
            return this;
        }

        /** How streams run that are asked for without a config of their own. */
        public Builder config(StreamConfig streamConfig) {
            config = streamConfig;
            return this;
        }

        /** The client. */
        public SluiceClient build() {
            return new SluiceClient(this);
        }
    }
}
