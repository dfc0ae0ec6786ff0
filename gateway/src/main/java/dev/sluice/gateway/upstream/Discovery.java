package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.dialect.Dialects;
import dev.sluice.gateway.config.DialectKind;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.config.ServerKind;
import dev.sluice.gateway.upstream.Probe.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what is at a URL by asking it: which dialect, which server, which models. All questions go out at once and none waits longer than a few seconds; redirects are
 * not followed, answers are read up to a limit. Blocks: for virtual threads and the start.
 */
public final class Discovery {
    private static final String CHAT = DialectKind.OPENAI_CHAT.word();
    private static final String ANTHROPIC = DialectKind.ANTHROPIC.word();
    private static final int MOST_BODY = 4 << 20;

    private final Duration patience;

    /** A discovery in which no question waits longer than {@code patience}. */
    public Discovery(Duration patience) {
        this.patience = patience;
    }

    /** What an answer was, or why there was none. */
    private record Asked(Reply reply, @Nullable Exception accident) {}

    /** Asks the provider. What the configuration says of it is believed and not asked. */
    public Finding find(ProviderConfig provider) {
        String root = root(provider);
        Map<String, Future<Asked>> questions = new LinkedHashMap<>();
        try (HttpClient client = client(provider);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            questions.put(key(CHAT, "/v1/models"), ask(threads, client, provider, CHAT, root + "/v1/models"));
            questions.put(key(CHAT, "/models"), ask(threads, client, provider, CHAT, provider.url() + "/models"));
            questions.put(
                    key(ANTHROPIC, "/v1/models"),
                    ask(threads, client, provider, ANTHROPIC, root + "/v1/models"));
            if (provider.server().isEmpty()) {
                for (Probe probe : Probe.ALL) {
                    questions.computeIfAbsent(
                            key(CHAT, probe.path()),
                            _ -> ask(threads, client, provider, CHAT, root + probe.path()));
                }
            }
            Map<String, Asked> answers = new LinkedHashMap<>();
            for (Map.Entry<String, Future<Asked>> question : questions.entrySet()) {
                answers.put(question.getKey(), answer(question.getValue()));
            }
            return conclude(provider, root, answers);
        }
    }

    private static String key(String dialect, String path) {
        return dialect + " " + path;
    }

    /** The URL without a last {@code /v1}. */
    private static String root(ProviderConfig provider) {
        String url = provider.url().toString();
        return url.endsWith("/v1") ? url.substring(0, url.length() - 3) : url;
    }

    private HttpClient client(ProviderConfig provider) {
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(patience)
                        .followRedirects(HttpClient.Redirect.NEVER);
        if (provider.url().secure()) {
            Trust.context(provider.tls()).ifPresent(builder::sslContext);
        }
        return builder.build();
    }

    private Future<Asked> ask(
            ExecutorService threads,
            HttpClient client,
            ProviderConfig provider,
            String dialect,
            String url) {
        return threads.submit(() -> get(client, request(provider, dialect, url)));
    }

    private HttpRequest request(ProviderConfig provider, String dialect, String url) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(patience)
                        .header("accept", "application/json");
        provider.headers().values().forEach((name, value) -> request.setHeader(name, value.reveal()));
        String secret = provider.key().map(Secret::reveal).orElse("");
        for (Header header : spoken(dialect).credentials(secret).all()) {
            if (!header.value().isBlank() && !(secret.isEmpty() && isCredential(header.name()))) {
                request.setHeader(header.name(), header.value());
            }
        }
        return request.build();
    }

    private static boolean isCredential(String name) {
        return name.equalsIgnoreCase("authorization") || name.equalsIgnoreCase("x-api-key");
    }

    private static Dialect spoken(String name) {
        return Dialects.find(name).orElseThrow();
    }

    private static Asked get(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<InputStream> response =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                String text = new String(body.readNBytes(MOST_BODY), StandardCharsets.UTF_8);
                return new Asked(
                        new Reply(
                                response.statusCode(),
                                response.headers().firstValue("server").orElse(""),
                                response.headers().firstValue("content-type").orElse(""),
                                text.strip()),
                        null);
            }
        } catch (IOException accident) {
            return new Asked(Reply.NONE, accident);
        }
    }

    private static Asked answer(Future<Asked> question) {
        try {
            return question.get();
        } catch (ExecutionException e) {
            return new Asked(
                    Reply.NONE, e.getCause() instanceof Exception cause ? cause : new IOException(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Asked(Reply.NONE, e);
        }
    }

    private Finding conclude(ProviderConfig provider, String root, Map<String, Asked> answers) {
        Reply chat = reply(answers, key(CHAT, "/v1/models"));
        Reply bare = reply(answers, key(CHAT, "/models"));
        Reply anthropic = reply(answers, key(ANTHROPIC, "/v1/models"));
        Optional<String> dialect =
                provider.dialect()
                        .map(DialectKind::word)
                        .or(() -> spokenDialect(chat, bare, anthropic));
        String name = dialect.orElse(CHAT);
        boolean isChat = name.equals(CHAT);
        boolean belowRoot = !isChat || chat.isJson() || !bare.isJson();
        String base = isChat && belowRoot ? root + "/v1" : root;
        Reply list = isChat ? (belowRoot ? chat : bare) : anthropic;
        List<ModelCard> models = models(name, list);
        Optional<String> problem =
                models.isEmpty() && provider.models().isEmpty()
                        ? Optional.of(trouble(provider, list, answers))
                        : Optional.empty();
        if (!provider.models().isEmpty()) {
            models = provider.models().stream().map(m -> new ModelCard(m, provider.name(), 0)).toList();
        }
        return new Finding(dialect, server(provider, name, answers), URI.create(base), models, problem);
    }

    private static Reply reply(Map<String, Asked> answers, String key) {
        Asked asked = answers.get(key);
        return asked == null ? Reply.NONE : asked.reply();
    }

    /** Anthropic's list says what each entry is and whether there are more; its errors say their type twice. */
    private static Optional<String> spokenDialect(Reply chat, Reply bare, Reply anthropic) {
        boolean anthropicList = anthropic.has("\"has_more\"") && anthropic.has("\"type\"");
        boolean anthropicError =
                anthropic.status() >= 400
                        && anthropic.body().contains("\"type\":\"error\"")
                        && !chat.isJson();
        if (chat.has("\"data\"") && !chat.has("\"has_more\"") || bare.has("\"data\"")) {
            return Optional.of(CHAT);
        }
        if (anthropicList || anthropicError) {
            return Optional.of(ANTHROPIC);
        }
        return chat.has("\"data\"") || chat.has("\"models\"") || (chat.status() == 401 && chat.body().contains("\"error\""))
                ? Optional.of(CHAT)
                : Optional.empty();
    }

    private static String server(
            ProviderConfig provider, String dialect, Map<String, Asked> answers) {
        if (provider.server().isPresent()) {
            return provider.server().get().word();
        }
        for (Probe probe : Probe.ALL) {
            if (probe.answer().test(reply(answers, key(CHAT, probe.path())))) {
                return probe.server();
            }
        }
        return dialect.equals(ANTHROPIC) && provider.url().host().endsWith("anthropic.com")
                ? ServerKind.ANTHROPIC.word()
                : dialect.equals(CHAT) && provider.url().host().equals("api.openai.com")
                        ? ServerKind.OPENAI.word()
                        : ServerKind.COMPATIBLE.word();
    }

    private static List<ModelCard> models(String dialect, Reply list) {
        if (!list.isJson()) {
            return List.of();
        }
        try {
            return spoken(dialect).decodeModels(list.body().getBytes(StandardCharsets.UTF_8));
        } catch (MalformedJson notAList) {
            return List.of();
        }
    }

    private String trouble(ProviderConfig provider, Reply list, Map<String, Asked> answers) {
        String url = provider.url().toString();
        Exception accident =
                answers.values().stream()
                        .map(Asked::accident)
                        .filter(java.util.Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        boolean silent = answers.values().stream().allMatch(a -> a.reply().status() == 0);
        if (silent && accident != null) {
            return accident(url, accident);
        }
        if (list.status() == 401 || list.status() == 403) {
            return url
                    + (provider.key().isPresent()
                            ? " refuses the key that it was given"
                            : " wants a key; give it in the configuration, as providers."
                                    + provider.name()
                                    + ".key");
        }
        if (list.mediaType().toLowerCase(Locale.ROOT).contains("html")) {
            return url + " is a web page and no model server; check the URL and its port";
        }
        return list.status() == 200
                ? url + " lists no models"
                : url
                        + " does not list its models (GET /v1/models answered "
                        + list.status()
                        + "); is it a model server, and is its path right?";
    }

    private String accident(String url, Exception accident) {
        if (accident instanceof HttpConnectTimeoutException
                || accident instanceof HttpTimeoutException) {
            return url + " does not answer within " + patience.toMillis() + " ms";
        }
        if (accident instanceof javax.net.ssl.SSLException) {
            return url
                    + " shows a certificate that is not trusted; name its authority in the"
                    + " provider's tls.ca";
        }
        if (accident instanceof ConnectException) {
            return url + " refuses connections; is the server running, and is the port right?";
        }
        return url + " cannot be asked (" + accident.getClass().getSimpleName() + ")";
    }
}
