package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.dialect.Dialects;
import dev.sluice.gateway.config.Protocol;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.Secret;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks one provider questions. Those of one round go out at once, and the round is over when all
 * are answered or the patience is at its end, whatever a server does. Redirects are not followed,
 * and an answer is read up to a limit.
 */
final class Interview implements AutoCloseable {
    /** The largest answer that is read. */
    static final int MOST_BYTES = 8 << 20;

    private final ProviderConfig provider;
    private final Places places;
    private final Duration patience;
    private final HttpClient client;
    private final Map<Question, Reply> replies = new EnumMap<>(Question.class);

    /** An interview of {@code provider}, each round of which takes {@code patience} at most. */
    Interview(ProviderConfig provider, Places places, Duration patience) {
        this.provider = provider;
        this.places = places;
        this.patience = patience;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(version(provider.protocol()))
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        // Shorter, so that "nobody accepts" is told apart from "nobody answers".
                        .connectTimeout(patience.multipliedBy(4).dividedBy(5));
        if (provider.url().secure()) {
            Trust.context(provider.tls()).ifPresent(builder::sslContext);
        }
        client = builder.build();
    }

    private static HttpClient.Version version(Protocol protocol) {
        return switch (protocol) {
            case AUTO, HTTP_1_1 -> HttpClient.Version.HTTP_1_1;
            case H2, H2C -> HttpClient.Version.HTTP_2;
        };
    }

    /** All that was answered so far. */
    Map<Question, Reply> replies() {
        return replies;
    }

    /**
     * One round: asks those of {@code questions} that were not asked yet and whose address nobody
     * was asked at.
     */
    void ask(Collection<Question> questions) {
        Map<Question, CompletableFuture<HttpResponse<byte[]>>> pending =
                new EnumMap<>(Question.class);
        for (Question question : questions) {
            if (!replies.containsKey(question) && !isRepeated(question)) {
                pending.put(question, send(question));
            }
        }
        long deadline = System.nanoTime() + patience.toNanos();
        pending.forEach(
                (question, answer) -> replies.put(question, reply(question, answer, deadline)));
    }

    private boolean isRepeated(Question question) {
        return question == Question.PLAIN_MODELS
                && question.address(places).equals(Question.CHAT_MODELS.address(places));
    }

    private CompletableFuture<HttpResponse<byte[]>> send(Question question) {
        try {
            return client.sendAsync(
                    request(question),
                    HttpResponse.BodyHandlers.limiting(
                            HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
        } catch (IllegalArgumentException unsendable) {
            return CompletableFuture.failedFuture(unsendable);
        }
    }

    private HttpRequest request(Question question) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(question.address(places)))
                        .timeout(patience)
                        .setHeader("accept", "application/json")
                        .setHeader("user-agent", "sluice");
        String key = provider.key().map(Secret::reveal).orElse("");
        for (Header header : dialect(question).credentials(key).all()) {
            if (!header.value().isEmpty()) {
                request.setHeader(header.name(), header.value());
            }
        }
        provider.headers()
                .values()
                .forEach((name, value) -> request.setHeader(name, value.reveal()));
        return request.build();
    }

    private static Dialect dialect(Question question) {
        return Dialects.find(question.dialect().word()).orElseThrow();
    }

    private Reply reply(
            Question question, CompletableFuture<HttpResponse<byte[]>> answer, long deadline) {
        String asked = question.address(places);
        try {
            HttpResponse<byte[]> response =
                    answer.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return Reply.of(
                    asked,
                    dialect(question),
                    response.statusCode(),
                    response.headers().firstValue("server").orElse(""),
                    response.headers().firstValue("content-type").orElse(""),
                    response.headers().firstValue("location").orElse(""),
                    response.body());
        } catch (TimeoutException late) {
            answer.cancel(true);
            return Reply.none(asked, new HttpTimeoutException("no whole answer in time"));
        } catch (ExecutionException failed) {
            return Reply.none(
                    asked,
                    failed.getCause() instanceof Exception cause ? cause : new IOException(failed));
        } catch (InterruptedException stopped) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return Reply.none(asked, stopped);
        }
    }

    /** Breaks off whatever is still under way. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
