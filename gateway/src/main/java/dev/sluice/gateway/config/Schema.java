package dev.sluice.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every key of the configuration file: its name, what it may say, what it means when it is absent,
 * and a sentence. The file is read by this table and {@code docs/config.md} is written from it, so
 * that neither can know more than the other.
 */
final class Schema {
    private static final Key<Listen> TOP_LISTEN =
            Key.of("listen", ListenSection.LISTEN, Listen.DEFAULT, "Where clients come in.");
    private static final Key<ClientKeys> TOP_KEYS =
            Key.of(
                    "keys",
                    new MapOf<>(
                            "NAME",
                            (name, _) -> Names.SHORT.parse(name),
                            ListenSection.CLIENT_KEY,
                            ClientKeys::of),
                    ClientKeys.NONE,
                    "The keys that clients present, by their owners' names. `SLUICE_API_KEY` in the"
                            + " environment is one more, that of `default`.");
    private static final Key<List<ProviderConfig>> TOP_PROVIDERS =
            Key.of(
                    "providers",
                    new MapOf<>(
                            "NAME",
                            ProviderSection::checkName,
                            ProviderSection.PROVIDER,
                            all -> List.copyOf(all.values())),
                    List.of(),
                    "Who answers, by the name before the slash of `provider/model`."
                            + " `OPENAI_API_KEY`, `ANTHROPIC_API_KEY` and `GEMINI_API_KEY` in the"
                            + " environment make `openai`, `anthropic` and `gemini` by"
                            + " themselves.");
    private static final Key<List<RouteConfig>> TOP_ROUTES =
            Key.of(
                    "routes",
                    new MapOf<>(
                            "NAME",
                            (name, _) -> Names.ROUTE.parse(name),
                            RouteSection.ROUTE,
                            all -> List.copyOf(all.values())),
                    List.of(),
                    "Names that clients may ask for as a model, and who answers.");
    private static final Key<List<LocalModelConfig>> TOP_MODELS =
            Key.of(
                    "models",
                    new MapOf<>(
                            "NAME",
                            (name, _) -> Names.MODEL.parse(name),
                            LocalModelSection.MODEL,
                            all -> List.copyOf(all.values())),
                    List.of(),
                    "Models that this process reads from files and answers with itself, by the name"
                            + " behind `local/`.");
    private static final Key<Path> LLAMA_LIB =
            Key.optional(
                    "llama-lib",
                    Single.ofFolder(),
                    "what the build fetched, else the system's",
                    "The folder of the libllama that local models run on.");
    private static final Key<Timeouts> TOP_TIMEOUTS =
            Key.of(
                    "timeouts",
                    TimeoutSection.TIMEOUTS,
                    Timeouts.DEFAULT,
                    "How long exchanges wait; providers and routes may want it otherwise.");
    private static final Key<Limits> TOP_LIMITS =
            Key.of(
                    "limits",
                    LimitSection.LIMITS,
                    Limits.DEFAULT,
                    "The bounds of what grows with input.");
    private static final Key<KeptResponses> RESPONSES =
            Key.of(
                    "responses",
                    KeptSection.KEPT,
                    KeptResponses.DEFAULT,
                    "What is kept of answers in OpenAI Responses, for clients that come back to"
                            + " them.");
    private static final Key<KeptStreams> RESUME =
            Key.of(
                    "resume",
                    KeptSection.KEPT_STREAMS,
                    KeptStreams.DEFAULT,
                    "What is kept of the streams of `/stream`, for browsers that lose the"
                            + " connection and come back.");
    private static final Key<List<String>> CORS =
            Key.optional(
                    "cors",
                    new ListOf<>(
                            Single.of(Origin.EXPECTED, Origin::parse),
                            "[https://chat.example.com]"),
                    "none",
                    "The origins whose pages may ask and read answers, beside those that the"
                            + " gateway serves itself; `*` is every one.");
    private static final Key<Duration> KEEPALIVE =
            Key.of(
                    "keepalive",
                    Single.of(Config.KEEPALIVES),
                    Config.defaults().keepalive(),
                    "How long a stream may be silent before the client gets a sign of life; 0s"
                            + " means never.");
    private static final Key<Duration> SHUTDOWN =
            Key.of(
                    "shutdown",
                    Single.of(Config.SHUTDOWNS),
                    Config.defaults().shutdown(),
                    "How long streams may run on after the order to stop.");
    private static final Key<AccessLog> ACCESS_LOG =
            Key.of(
                    "access-log",
                    Single.of(AccessLog.class),
                    Config.defaults().accessLog(),
                    "The form of the access line, one per exchange.");
    private static final Key<Boolean> STRICT =
            Key.of(
                    "strict",
                    Single.ofTruth(),
                    Config.defaults().strict(),
                    "Whether a parameter that the provider cannot take is an error, and not dropped"
                            + " with a warning.");
    private static final Key<Boolean> SIMULATED =
            Key.of(
                    "simulated",
                    Single.ofTruth(),
                    Config.defaults().simulated(),
                    "Whether the simulated model is served, under `simulated/`.");
    private static final Key<Integer> WORKERS =
            Key.of(
                    "workers",
                    Single.of(Config.WORKERS),
                    Config.defaults().workers(),
                    "Event loops; 0 means one per core.");

    /** The whole file. */
    static final Section<Config> ROOT =
            Section.of(
                    Schema::config,
                    TOP_LISTEN,
                    TOP_KEYS,
                    TOP_PROVIDERS,
                    TOP_ROUTES,
                    TOP_MODELS,
                    LLAMA_LIB,
                    TOP_TIMEOUTS,
                    TOP_LIMITS,
                    RESPONSES,
                    RESUME,
                    CORS,
                    KEEPALIVE,
                    SHUTDOWN,
                    ACCESS_LOG,
                    STRICT,
                    SIMULATED,
                    WORKERS);

    private static final List<Row> ROWS = collected();

    private Schema() {}

    /** A key and the path of the section it is in; names that people choose are in capitals. */
    record Row(String section, Key<?> key) {
        String path() {
            return Node.join(section, key.name());
        }
    }

    /** Every key, a section's own ones before those of the sections in it. */
    static List<Row> rows() {
        return ROWS;
    }

    /** Where a word is a key, if it is one in exactly one place. */
    static Optional<String> homeOf(String word) {
        List<String> homes =
                rows().stream()
                        .filter(row -> row.key().name().equals(word))
                        .map(Row::path)
                        .toList();
        return homes.size() == 1 ? Optional.of(homes.getFirst()) : Optional.empty();
    }

    private static List<Row> collected() {
        List<Row> rows = new ArrayList<>();
        collect("", ROOT, rows);
        return List.copyOf(rows);
    }

    private static void collect(String path, Shape<?> shape, List<Row> rows) {
        switch (shape) {
            case Section<?> section -> {
                section.keys().forEach(key -> rows.add(new Row(path, key)));
                section.keys()
                        .forEach(key -> collect(Node.join(path, key.name()), key.shape(), rows));
            }
            case MapOf<?, ?> map -> collect(Node.join(path, map.name()), map.value(), rows);
            case ListOf<?> _, Single<?> _ -> {}
        }
    }

    private static Config config(Values v) {
        return new Config(
                v.get(TOP_LISTEN),
                v.get(TOP_KEYS),
                v.get(TOP_PROVIDERS),
                v.get(TOP_ROUTES),
                new LocalConfig(v.get(TOP_MODELS), v.find(LLAMA_LIB)),
                v.get(TOP_TIMEOUTS),
                v.get(TOP_LIMITS),
                v.get(RESPONSES),
                v.get(RESUME),
                v.find(CORS).orElse(List.of()),
                v.get(KEEPALIVE),
                v.get(SHUTDOWN),
                v.get(ACCESS_LOG),
                v.get(STRICT),
                v.get(SIMULATED),
                v.get(WORKERS));
    }
}
