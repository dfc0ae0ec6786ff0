package dev.sluice.cli;

import dev.sluice.gateway.config.ProviderUrl;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Asks whether a server is a gateway like this one, which speaks all dialects that it is asked in.
 */
final class Health {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MOST_BYTES = 1 << 16;

    private Health() {}

    /** Whether there is one at {@code url}: no other server's health counts streams. */
    static boolean isGateway(ProviderUrl url) {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        (url.secure() ? "https://" : "http://")
                                                + url.authority()
                                                + "/health"))
                        .timeout(PATIENCE)
                        .build();
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(PATIENCE)
                        .build()) {
            HttpResponse<String> health =
                    client.send(
                            request,
                            HttpResponse.BodyHandlers.limiting(
                                    HttpResponse.BodyHandlers.ofString(), MOST_BYTES));
            return health.statusCode() == 200
                    && health.body().startsWith("{\"status\":")
                    && health.body().contains("\"streams\":");
        } catch (IOException none) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
