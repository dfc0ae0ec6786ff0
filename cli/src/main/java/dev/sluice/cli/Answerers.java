package dev.sluice.cli;

import dev.sluice.cli.chat.Answerer;
import dev.sluice.client.HttpAdapter;
import dev.sluice.client.Sluice;
import dev.sluice.client.SluiceClient;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.dialect.KnownServers;
import dev.sluice.gateway.config.DialectKind;
import dev.sluice.gateway.config.LocalConfig;
import dev.sluice.gateway.config.LocalModelConfig;
import dev.sluice.gateway.config.ProviderBuilder;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.ProviderUrl;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.simulated.SimulatedModel;
import dev.sluice.gateway.simulated.SimulatedProvider;
import dev.sluice.gateway.upstream.Discovery;
import dev.sluice.gateway.upstream.Finding;
import dev.sluice.llama.LlamaProvider;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds who answers a chat or a bench: the server at a URL, the gateway that runs on this machine,
 * or a model in this process.
 */
final class Answerers {
    /** Where a gateway is that was started without further ado. */
    static final String GATEWAY = "http://127.0.0.1:8080";

    private static final String SERVER = "url";
    private static final String GGUF = ".gguf";
    private static final Duration PATIENCE = Duration.ofMillis(1450);
    private static final int KNOCK_MILLIS = 250;

    /**
     * What is asked for.
     *
     * @param model a model's name, or a GGUF file
     */
    record Wish(
            Optional<String> url,
            Optional<DialectKind> dialect,
            Optional<String> model,
            Optional<Secret> key) {}

    private final Map<String, String> env;
    private final PrintStream err;
    private final String gateway;

    /** What is found goes by {@code env}; how far the reading of a model is goes to {@code err}. */
    Answerers(Map<String, String> env, PrintStream err) {
        this(env, err, GATEWAY);
    }

    /** The same; {@code gateway} is where one is looked for that nobody has named. */
    Answerers(Map<String, String> env, PrintStream err, String gateway) {
        this.env = env;
        this.err = err;
        this.gateway = gateway;
    }

    /**
     * Who answers to {@code wish}.
     *
     * @throws NobodyAnswers if there is nobody
     */
    Answerer find(Wish wish) {
        if (wish.url().isPresent()) {
            return at(wish.url().get(), wish);
        }
        Optional<Path> file = wish.model().flatMap(Answerers::file);
        if (file.isPresent()) {
            return inProcess(Optional.of(LocalModelConfig.of(file.get())), Optional.empty());
        }
        return running(wish).orElseGet(() -> inProcess(demo(), wish.model()));
    }

    private static Optional<Path> file(String model) {
        try {
            Path file = Path.of(model);
            if (Files.isRegularFile(file)) {
                return Optional.of(file);
            }
            if (model.endsWith(GGUF)) {
                throw new UsageException(
                        "--model: "
                                + UsageException.shown(model)
                                + " is not a file that can be read (expected: a GGUF file)");
            }
        } catch (InvalidPathException name) {
            // Then it is a name and no file.
        }
        return Optional.empty();
    }

    // Somewhere else

    private Optional<Answerer> running(Wish wish) {
        String url = env.getOrDefault("SLUICE_BASE_URL", "").strip();
        boolean said = !url.isEmpty();
        String address = said ? url : gateway;
        if (!said && !isOpen(ProviderUrl.of(gateway))) {
            return Optional.empty();
        }
        try {
            return Optional.of(at(address, wish));
        } catch (NobodyAnswers nobody) {
            if (said) {
                throw nobody;
            }
            return Optional.empty();
        }
    }

    private static boolean isOpen(ProviderUrl url) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.host(), url.port()), KNOCK_MILLIS);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private static Answerer at(String url, Wish wish) {
        ProviderConfig provider =
                UsageException.of("--url", () -> provider(url, wish.dialect(), wish));
        Finding found = new Discovery(PATIENCE).find(provider);
        String problem =
                found.problem().orElse("nobody can tell what it speaks; --dialect says it");
        boolean enough = !found.models().isEmpty() || wish.model().isPresent();
        if (found.dialect().isEmpty() || !enough) {
            throw new NobodyAnswers(problem);
        }
        String dialect = found.dialect().get();
        HttpAdapter.Builder adapter =
                HttpAdapter.builder(SERVER, dialect, URI.create(found.base())).ownSampling();
        wish.key().map(Secret::reveal).ifPresent(adapter::key);
        if (KnownServers.find(dialect, found.server()).isPresent()) {
            adapter.server(found.server());
        }
        List<String> models = found.models().stream().map(ModelCard::id).toList();
        boolean isGateway = found.server().equals(KnownServers.SLUICE);
        String where =
                (isGateway ? "Sluice" : found.server())
                        + " at "
                        + found.base()
                        + " ("
                        + dialect
                        + ")";
        String model = wish.model().orElseGet(() -> ExampleModel.ofNames(models));
        return new Answerer(client(adapter.build()), SERVER + "/", where, models, model);
    }

    private static ProviderConfig provider(String url, Optional<DialectKind> dialect, Wish wish) {
        ProviderBuilder provider = ProviderConfig.builder(SERVER, url);
        dialect.ifPresent(provider::dialect);
        wish.key().ifPresent(provider::key);
        return provider.build();
    }

    private static SluiceClient client(HttpAdapter adapter) {
        return Sluice.builder().adapter(adapter).build();
    }

    // In this process

    private static Optional<LocalModelConfig> demo() {
        return DemoModel.file().map(file -> LocalModelConfig.of(DemoModel.NAME, file));
    }

    private Answerer inProcess(Optional<LocalModelConfig> local, Optional<String> wanted) {
        List<String> models = new ArrayList<>();
        SluiceClient.Builder client =
                Sluice.builder()
                        .environment(env)
                        .adapter(
                                new InProcess(
                                        SimulatedProvider.NAME,
                                        loop -> new SimulatedProvider(new ExecutorLoop(loop)),
                                        () -> {}));
        Optional<String> problem = local.flatMap(model -> addLocal(model, client, models));
        if (problem.isPresent() && wanted.isEmpty()) {
            err.println("sluice: " + problem.get());
        }
        for (SimulatedModel model : SimulatedProvider.models()) {
            models.add(SimulatedProvider.NAME + "/" + model.name());
        }
        String model = wanted.map(Answerers::spelledOut).orElseGet(() -> first(models));
        return new Answerer(client.build(), "", "in this process", models, model);
    }

    /** Loads a model; what is wrong if it cannot be had. */
    private Optional<String> addLocal(
            LocalModelConfig model, SluiceClient.Builder client, List<String> models) {
        Locals locals;
        try (ProgressLine line = new ProgressLine(err)) {
            locals = Locals.load(LocalConfig.NONE.with(model), line::show);
        }
        locals.models().forEach(card -> models.add(LlamaProvider.NAME + "/" + card.id()));
        client.adapter(new InProcess(LlamaProvider.NAME, locals::provider, locals::close));
        return locals.problem();
    }

    private static String first(List<String> models) {
        return models.getFirst().startsWith(LlamaProvider.NAME + "/")
                ? models.getFirst()
                : SimulatedProvider.NAME + "/text";
    }

    /** The model beside the program has a name of its own. */
    private static String spelledOut(String model) {
        return model.equals(DemoModel.NAME) ? LlamaProvider.NAME + "/" + model : model;
    }
}
