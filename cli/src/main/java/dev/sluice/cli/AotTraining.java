package dev.sluice.cli;

import dev.sluice.cli.chat.Answerer;
import dev.sluice.cli.chat.ChatSession;
import dev.sluice.cli.chat.ChatSettings;
import dev.sluice.cli.chat.Conversation;
import dev.sluice.cli.chat.OneAnswer;
import dev.sluice.client.StreamConfig;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ProviderConfig;

import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the JVM watches to make its ahead-of-time cache: a start, and streams in every combination
 * of dialects, relayed and translated. Two gateways are used, the second with the first as its
 * upstream, so that both sides of every dialect are run; and a chat, whose prompt people wait for.
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
            talk(url(first), nowhere);
            return Main.OK;
        } catch (IOException | InterruptedException e) {
            System.err.println("sluice: the training run failed: " + e);
            return Main.FAILED;
        }
    }

    /** A chat on a terminal that nobody sees, and one in a pipe. */
    private static void talk(String url, PrintStream nowhere) throws IOException {
        InputStream typed =
                new ByteArrayInputStream(
                        "Say **this**\r/help\r/quit\r".getBytes(StandardCharsets.UTF_8));
        Optional<String> model = Optional.of("simulated/echo-i0-t0");
        Answerers.Wish wish =
                new Answerers.Wish(Optional.of(url), Optional.empty(), model, Optional.empty());
        try (Answerer answerer = new Answerers(Map.of(), nowhere).find(wish);
                Terminal terminal =
                        TerminalBuilder.builder()
                                .system(false)
                                .streams(typed, OutputStream.nullOutputStream())
                                .type("xterm-256color")
                                .size(Size.of(80, 24))
                                .encoding(StandardCharsets.UTF_8)
                                .graphemeCluster(false)
                                .build()) {
            Conversation conversation = new Conversation("");
            new ChatSession(
                            answerer,
                            conversation,
                            new ChatSettings(StreamConfig.DEFAULT, true),
                            terminal)
                    .talk(Optional.empty());
            new OneAnswer(answerer, StreamConfig.DEFAULT, nowhere, nowhere)
                    .ask(new Conversation(""), "Hello");
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
