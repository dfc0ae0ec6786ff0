package dev.sluice.cli;

import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ProviderConfig;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the JVM watches to make its ahead-of-time cache: a start, and streams in every combination
 * of dialects, relayed and translated. Two gateways are used, the second with the first as its
 * upstream, so that both sides of every dialect are run.
 *
 * <p>The cache holds the profiles of this run too. They decide what a fresh gateway compiles first
 * and how well, so the load is like the one that matters: many streams at once, whose frames come
 * together in one read as well as one by one, until what a token touches has been compiled.
 */
final class AotTraining {
    private static final int ROUNDS = 20;
    private static final int CLIENTS = 16;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private AotTraining() {}

    static int run() {
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (Served first = Served.start(Config.defaults().withPort(0), nowhere)) {
            Config front =
                    Config.defaults()
                            .withPort(0)
                            .withProvider(ProviderConfig.at("chat", url(first) + "/v1"));
            try (Served second = Served.start(front, nowhere)) {
                second.banner(Ink.NONE);
                ask(url(second));
            }
            return Main.OK;
        } catch (IOException | InterruptedException e) {
            System.err.println("sluice: the training run failed: " + e);
            return Main.FAILED;
        }
    }

    private static String url(Served served) {
        return "http://127.0.0.1:" + served.port();
    }

    private static void ask(String url) throws IOException, InterruptedException {
        try (HttpClient client =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> work = Collections.nCopies(CLIENTS, () -> askOften(client, url));
            for (Future<Void> done : clients.invokeAll(work)) {
                done.get();
            }
            both(client, url, "simulated/tool");
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static Void askOften(HttpClient client, String url)
            throws IOException, InterruptedException {
        for (int i = 0; i < ROUNDS; i++) {
            both(client, url, "chat/simulated/n500-i0-t0");
        }
        return null;
    }

    private static void both(HttpClient client, String url, String model)
            throws IOException, InterruptedException {
        for (boolean stream : new boolean[] {true, false}) {
            send(client, url + "/v1/chat/completions", body(model, stream));
            send(client, url + "/v1/messages", body(model, stream));
        }
    }

    private static String body(String model, boolean stream) {
        return "{\"model\":\""
                + model
                + "\",\"max_tokens\":600,\"stream\":"
                + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    }

    private static void send(HttpClient client, String url, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(LIMIT)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        client.send(request, HttpResponse.BodyHandlers.discarding());
    }
}
