package dev.sluice.client;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Provider;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.KnownServers;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.Locale;
import java.util.concurrent.Executor;

/**
 * A model server over HTTP, spoken to in its dialect by the JDK's client.
 *
 * <p>HTTP/1.1 is spoken, a connection for each stream that runs: a stream that is not read then
 * stops the server by TCP, within a few buffers. Redirects are not followed, so that a key goes
 * where it was meant to go.
 */
public final class HttpAdapter implements Adapter {
    private final String name;
    private final Dialect dialect;
    private final Quirks quirks;
    private final URI base;
    private final Headers headers;
    private final boolean ownSampling;
    private final String missing;
    private final HttpClient http;

    private HttpAdapter(Builder from) {
        name = from.name;
        dialect = from.dialect;
        quirks = from.quirks;
        base = from.base;
        headers = dialect.credentials(from.key);
        ownSampling = from.ownSampling;
        missing = from.missing;
        http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(SluiceClient.CONNECT)
                        .build();
    }

    /**
     * A builder of an adapter called {@code name}.
     *
     * @param dialect what is spoken there, such as {@code openai-chat} or {@code anthropic}
     * @param base where it is, up to what every path begins with: {@code http://127.0.0.1:8080/v1}
     */
    public static Builder builder(String name, String dialect, URI base) {
        return new Builder(name, dialect, base);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean ownSampling() {
        return ownSampling;
    }

    /** Where it is. */
    public URI base() {
        return base;
    }

    @Override
    public Provider provider(Executor loop) {
        if (!missing.isEmpty()) {
            throw Failure.of(FailureCode.AUTHENTICATION, missing).asException();
        }
        return new HttpProvider(name, dialect, quirks, base, headers, http, loop);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    @Override
    public String toString() {
        return "HttpAdapter[" + name + ", " + dialect.name() + ", " + base + "]";
    }

    /** Gathers an {@link HttpAdapter}. */
    public static final class Builder {
        private final String name;
        private final Dialect dialect;
        private final URI base;
        private Quirks quirks;
        private String key = "";
        private String missing = "";
        private boolean ownSampling;

        private Builder(String name, String dialect, URI base) {
            this.name = name;
            this.dialect =
                    Dialects.find(dialect)
                            .orElseThrow(() -> new IllegalArgumentException(unknown(dialect)));
            this.base = checked(base);
            this.quirks = KnownServers.compatible(dialect);
        }

        private static String unknown(String dialect) {
            return "dialect: "
                    + dialect
                    + " (expected: one of "
                    + Dialects.all().stream().map(Dialect::name).toList()
                    + ")";
        }

        private static URI checked(URI base) {
            String scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
            boolean fits = scheme.equals("http") || scheme.equals("https");
            if (!fits || base.getHost() == null || base.getRawUserInfo() != null) {
                throw new IllegalArgumentException(
                        "base: "
                                + (base.getRawUserInfo() == null ? base : "a URL with a password")
                                + " (expected: such as http://127.0.0.1:8080/v1)");
            }
            String text = base.toString();
            return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : base;
        }

        /** The key for it: none. */
        public Builder key(String secret) {
            if (!isKey(secret)) {
                // What a header refuses it repeats, and a key is for no log.
                throw new IllegalArgumentException(
                        "key: it has a character that no key has (expected: visible ASCII)");
            }
            key = secret;
            return this;
        }

        /** Whether {@code text} can be sent as a key. */
        static boolean isKey(String text) {
            return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        }

        /** The kind of server, as {@link KnownServers} calls it: one of which nothing is known. */
        public Builder server(String server) {
            quirks =
                    KnownServers.find(dialect.name(), server)
                            .orElseThrow(
                                    () ->
                                            new IllegalArgumentException(
                                                    "server: "
                                                            + server
                                                            + " (expected: one of "
                                                            + KnownServers.names(dialect.name())
                                                            + ")"));
            return this;
        }

        /** Leaves sampling parameters that nobody set to the server. */
        public Builder ownSampling() {
            ownSampling = true;
            return this;
        }

        /** Refuses all requests with this sentence, since a key is missing. */
        Builder missing(String sentence) {
            missing = sentence;
            return this;
        }

        /** The adapter. */
        public HttpAdapter build() {
            return new HttpAdapter(this);
        }
    }
}
