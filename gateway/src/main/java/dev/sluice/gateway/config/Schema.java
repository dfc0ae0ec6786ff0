package dev.sluice.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Every key of the configuration file: its name, what it may say, what it means when it is absent,
 * and a sentence. The file is read by this table and {@code docs/config.md} is written from it, so
 * that neither can know more than the other.
 */
final class Schema {

    private static final String OF_PROVIDER = "what the provider says, else the top-level one";
    private static final String OF_ALL = "the top-level one";

    private static final Key<Duration> CONNECT =
            timeout("connect", Timeouts.DEFAULT.connect(), "For a connection to the provider.");
    private static final Key<Duration> FIRST_TOKEN =
            timeout(
                    "first-token",
                    Timeouts.DEFAULT.firstToken(),
                    "From the request to the first content.");
    private static final Key<Duration> INTER_TOKEN =
            timeout(
                    "inter-token",
                    Timeouts.DEFAULT.interToken(),
                    "From one piece of content to the next; signs of life do not count.");
    private static final Key<Duration> TOTAL =
            timeout("total", Timeouts.DEFAULT.total(), "For the whole exchange.");

    static final Section<Timeouts> TIMEOUTS =
            Section.of(
                    v ->
                            new Timeouts(
                                    v.get(CONNECT),
                                    v.get(FIRST_TOKEN),
                                    v.get(INTER_TOKEN),
                                    v.get(TOTAL)),
                    CONNECT,
                    FIRST_TOKEN,
                    INTER_TOKEN,
                    TOTAL);

    private static final Key<Path> CERTIFICATE =
            Key.required(
                    "certificate",
                    Single.ofFile(),
                    "The PEM file of the certificate and those that signed it.");
    private static final Key<Path> CERTIFICATE_KEY =
            Key.required("key", Single.ofFile(), "The PEM file of its private key.");

    static final Section<ServerTls> LISTEN_TLS =
            Section.of(
                    v -> new ServerTls(v.get(CERTIFICATE), v.get(CERTIFICATE_KEY)),
                    CERTIFICATE,
                    CERTIFICATE_KEY);

    private static final Key<String> HOST =
            Key.of(
                    "host",
                    Single.of(Listen.EXPECTED_HOST, Listen::parseHost),
                    Listen.DEFAULT.host(),
                    "Where to listen. Beyond this machine (`0.0.0.0`, `::`) at least one client key"
                            + " is needed.");
    private static final Key<Integer> PORT =
            Key.of(
                    "port",
                    Single.of(Listen.PORTS),
                    Listen.DEFAULT.port(),
                    "The TCP port; 0 takes any free one.");
    private static final Key<ServerTls> TLS =
            Key.optional(
                    "tls",
                    LISTEN_TLS,
                    "plain HTTP",
                    "The certificate to show; with it the port speaks TLS alone.");

    static final Section<Listen> LISTEN =
            Section.of(v -> new Listen(v.get(HOST), v.get(PORT), v.find(TLS)), HOST, PORT, TLS);

    private static final Key<ClientKey> PLAIN_KEY =
            Key.optional(
                    "key",
                    Single.ofSecret(Secret.TOKEN, text -> ClientKey.of(Secret.of(text))),
                    "`hash` is needed",
                    "The key itself, best as `${NAME}`. Only its hash is kept in memory.");
    private static final Key<ClientKey> HASHED_KEY =
            Key.optional(
                    "hash",
                    Single.ofSecret(ClientKey.EXPECTED_HASH, ClientKey::ofHash),
                    "`key` is needed",
                    "The SHA-256 of the key, so that the file holds none: `printf %s \"$KEY\" |"
                            + " sha256sum`.");

    static final Section<ClientKey> CLIENT_KEY =
            Section.of(Schema::clientKey, PLAIN_KEY, HASHED_KEY);

    private static final Key<Boolean> VERIFY =
            Key.of(
                    "verify",
                    Single.ofTruth(),
                    UpstreamTls.DEFAULT.verify(),
                    "Whether the certificate is checked. Without it, every start says so loudly.");
    private static final Key<Path> CA =
            Key.optional(
                    "ca",
                    Single.ofFile(),
                    "the authorities that Java trusts",
                    "The PEM file of the authorities to trust, and no others.");

    static final Section<UpstreamTls> UPSTREAM_TLS =
            Section.of(v -> new UpstreamTls(v.get(VERIFY), v.find(CA)), VERIFY, CA);

    private static final Key<ProviderUrl> URL =
            Key.required(
                    "url",
                    Single.ofUrl(),
                    "Where it is. A key goes to this host and to no other; redirects are not"
                            + " followed.");
    private static final Key<DialectKind> DIALECT =
            Key.optional(
                    "dialect",
                    Single.of(DialectKind.class),
                    "found by asking it",
                    "What it speaks.");
    private static final Key<ServerKind> SERVER =
            Key.optional(
                    "server",
                    Single.of(ServerKind.class),
                    "found from its answers",
                    "Which program it is; its known departures from the dialect come with it.");
    private static final Key<Secret> PROVIDER_KEY =
            Key.optional(
                    "key",
                    Single.ofSecret(Secret.TOKEN, text -> Secret.of(text).checkToken("")),
                    "none is sent",
                    "What it wants to see, best as `${NAME}`.");
    private static final Key<List<String>> MODELS =
            Key.optional(
                    "models",
                    new ListOf<>(Single.of(Names.MODEL), "[llama3, qwen3]"),
                    "found by asking it",
                    "The models it offers.");
    private static final Key<Protocol> PROTOCOL =
            Key.of(
                    "protocol",
                    Single.of(Protocol.class),
                    Protocol.AUTO,
                    "Which HTTP: `auto` is HTTP/2 where TLS agrees on it, else HTTP/1.1; `h2c` is"
                            + " HTTP/2 without TLS.");
    private static final Key<Headers> HEADERS =
            Key.optional(
                    "headers",
                    new MapOf<>(
                            "HEADER",
                            (name, _) -> Headers.checkName("", name),
                            Single.ofSecret(
                                    Headers.VALUE, text -> Headers.checkValue("", Secret.of(text))),
                            Headers::new),
                    "none",
                    "Headers that every request to it carries.");
    private static final Key<UpstreamTls> PROVIDER_TLS =
            Key.optional("tls", UPSTREAM_TLS, "verified", "How its certificate is judged.");
    private static final Key<Integer> MAX_TOKENS =
            Key.optional(
                    "max-tokens",
                    Single.of(ProviderConfig.TOKENS),
                    "the gateway's own",
                    "The limit it is told when its dialect needs one and the client gave none.");
    private static final Key<Integer> RETRIES =
            Key.of(
                    "retries",
                    Single.of(ProviderConfig.RETRIES),
                    ProviderConfig.DEFAULT_RETRIES,
                    "How often one exchange may try again, always before the first content.");
    private static final Key<TimeoutOverrides> PROVIDER_TIMEOUTS =
            Key.optional("timeouts", overrides(OF_ALL), OF_ALL, "What it wants otherwise.");
    private static final Key<Integer> CONNECTIONS =
            Key.of(
                    "connections",
                    Single.of(ProviderConfig.CONNECTIONS),
                    ProviderConfig.DEFAULT_CONNECTIONS,
                    "The most connections to it per event loop.");
    private static final Key<Map<String, String>> QUIRKS =
            Key.optional(
                    "quirks",
                    new MapOf<>("QUIRK", Schema::checkQuirk, Single.ofText(), Function.identity()),
                    "those of `server`",
                    "Departures from the dialect, laid over those that come with `server`.");

    private static final Key<String> AWS_REGION =
            Key.optional(
                    "region",
                    Single.of(AwsConfig.REGION, AwsConfig::parseRegion),
                    "told by the host of `url`, or by AWS_REGION",
                    "Where the models are.");
    private static final Key<String> AWS_PROFILE =
            Key.optional(
                    "profile",
                    Single.of(Names.SHORT),
                    "the environment's keys, then the default profile",
                    "Whose keys of `~/.aws/credentials` to take.");
    private static final Key<Secret> AWS_ACCESS_KEY =
            Key.optional("access-key", token(), "that of the profile", "Names the secret key.");
    private static final Key<Secret> AWS_SECRET_KEY =
            Key.optional("secret-key", token(), "that of the profile", "Signs, best as `${NAME}`.");
    private static final Key<Secret> AWS_SESSION_TOKEN =
            Key.optional(
                    "session-token",
                    token(),
                    "that of the profile",
                    "Goes with keys that are good for a while.");

    private static final Section<AwsConfig> AWS_SECTION =
            Section.of(
                    v ->
                            new AwsConfig(
                                    v.find(AWS_REGION),
                                    v.find(AWS_PROFILE),
                                    v.find(AWS_ACCESS_KEY),
                                    v.find(AWS_SECRET_KEY),
                                    v.find(AWS_SESSION_TOKEN)),
                    AWS_REGION,
                    AWS_PROFILE,
                    AWS_ACCESS_KEY,
                    AWS_SECRET_KEY,
                    AWS_SESSION_TOKEN);
    private static final Key<AwsConfig> AWS =
            Key.optional(
                    "aws",
                    AWS_SECTION,
                    "found in the environment and in AWS's files",
                    "How requests to Amazon Bedrock are signed, where there is no `key`.");

    static final Section<ProviderConfig> PROVIDER =
            Section.of(
                    Schema::provider,
                    URL,
                    DIALECT,
                    SERVER,
                    PROVIDER_KEY,
                    MODELS,
                    PROTOCOL,
                    HEADERS,
                    PROVIDER_TLS,
                    MAX_TOKENS,
                    RETRIES,
                    PROVIDER_TIMEOUTS,
                    CONNECTIONS,
                    QUIRKS,
                    AWS);

    private static final Key<List<Target>> TO =
            Key.required(
                    "to",
                    new ListOf<>(
                            Single.of(Target.EXPECTED, Target::of),
                            "[openai/gpt-5-mini, local/llama3]"),
                    "Who is asked, in this order, until one answers; `fast: [a/b, c/d]` says the"
                            + " same in short.");
    private static final Key<TimeoutOverrides> ROUTE_TIMEOUTS =
            Key.optional(
                    "timeouts",
                    overrides(OF_PROVIDER),
                    OF_PROVIDER,
                    "What this route wants otherwise.");

    private static final Key<OnDisconnect> ON_DISCONNECT =
            Key.optional(
                    "on-disconnect",
                    Single.of(OnDisconnect.class),
                    "it ends, on `/stream` after `resume.window`",
                    "What becomes of an answer whose client has left: `drain` lets it go on to a"
                            + " limit, `detach` to its end.");
    private static final Key<Integer> DRAIN_TOKENS =
            Key.of(
                    "drain-tokens",
                    Single.of(Disconnect.TOKENS),
                    Disconnect.DEFAULT_TOKENS,
                    "How many tokens may still come of an answer that is drained.");
    private static final Key<Duration> DRAIN_TIME =
            Key.of(
                    "drain-time",
                    Single.of(Timeouts.RANGE),
                    Disconnect.DEFAULT_TIME,
                    "How long an answer that is drained may still take.");

    static final Section<RouteConfig> ROUTE =
            Section.of(
                            v ->
                                    new RouteConfig(
                                            v.name(),
                                            v.get(TO),
                                            v.find(ROUTE_TIMEOUTS).orElse(TimeoutOverrides.NONE),
                                            v.find(ON_DISCONNECT)
                                                    .map(
                                                            then ->
                                                                    new Disconnect(
                                                                            then,
                                                                            v.get(DRAIN_TOKENS),
                                                                            v.get(DRAIN_TIME)))),
                            TO,
                            ROUTE_TIMEOUTS,
                            ON_DISCONNECT,
                            DRAIN_TOKENS,
                            DRAIN_TIME)
                    .orListOf(TO);

    private static final Key<Path> MODEL_FILE =
            Key.required("file", Single.ofFile(), "The model, a GGUF file.");
    private static final Key<Integer> CONTEXT =
            Key.optional(
                    "context",
                    Single.of(LocalModelConfig.CONTEXTS),
                    "as many as the model was made for, at most 8192",
                    "Tokens of prompt and answer together, for each answer; memory grows with it"
                            + " times `parallel`.");
    private static final Key<Integer> PARALLEL =
            Key.of(
                    "parallel",
                    Single.of(LocalModelConfig.PARALLEL),
                    LocalModelConfig.DEFAULT_PARALLEL,
                    "Answers that are written at once.");
    private static final Key<Integer> QUEUE =
            Key.of(
                    "queue",
                    Single.of(LocalModelConfig.QUEUES),
                    LocalModelConfig.DEFAULT_QUEUE,
                    "Requests that may wait beyond these; one more is refused as overload.");
    private static final Key<Integer> BATCH =
            Key.of(
                    "batch",
                    Single.of(LocalModelConfig.BATCHES),
                    LocalModelConfig.DEFAULT_BATCH,
                    "Most tokens of one step of the model.");
    private static final Key<Integer> GPU_LAYERS =
            Key.optional(
                    "gpu-layers",
                    Single.of(LocalModelConfig.LAYERS),
                    "as many as there is room for",
                    "Layers of the model to hold on a GPU.");
    private static final Key<Integer> THREADS =
            Key.optional(
                    "threads",
                    Single.of(LocalModelConfig.THREADS),
                    "one for each core, one alone for a small model",
                    "Threads that write.");
    private static final Key<Integer> PROMPT_THREADS =
            Key.optional(
                    "prompt-threads",
                    Single.of(LocalModelConfig.THREADS),
                    "as many as write",
                    "Threads that read prompts.");
    private static final Key<LocalModelConfig.Isolation> ISOLATION =
            Key.of(
                    "isolation",
                    Single.of(LocalModelConfig.Isolation.class),
                    LocalModelConfig.Isolation.NONE,
                    "With `process` the model runs in a process of its own: should libllama crash,"
                            + " the answers that it was writing fail and the model starts again.");

    static final Section<LocalModelConfig> MODEL =
            Section.of(
                    v ->
                            new LocalModelConfig(
                                    v.name(),
                                    v.get(MODEL_FILE),
                                    v.find(CONTEXT).orElse(0),
                                    v.get(PARALLEL),
                                    v.get(QUEUE),
                                    v.get(BATCH),
                                    v.find(GPU_LAYERS).orElse(-1),
                                    v.find(THREADS).orElse(0),
                                    v.find(PROMPT_THREADS).orElse(0),
                                    v.get(ISOLATION)),
                    MODEL_FILE,
                    CONTEXT,
                    PARALLEL,
                    QUEUE,
                    BATCH,
                    GPU_LAYERS,
                    THREADS,
                    PROMPT_THREADS,
                    ISOLATION);

    private static final Key<Integer> BODY =
            Key.of(
                    "body",
                    Single.of(Limits.BODIES),
                    Limits.DEFAULT.body(),
                    "A request's body, after decompression.");
    private static final Key<Integer> EVENT =
            Key.of(
                    "event",
                    Single.of(Limits.BODIES),
                    Limits.DEFAULT.event(),
                    "One event of a stream.");
    private static final Key<Integer> HEADER =
            Key.of(
                    "header",
                    Single.of(Limits.HEADERS),
                    Limits.DEFAULT.header(),
                    "All headers of a request or a response.");
    private static final Key<Integer> STREAMS =
            Key.of(
                    "streams",
                    Single.of(Limits.STREAMS),
                    Limits.DEFAULT.streams(),
                    "Exchanges at once, in the whole process.");
    private static final Key<Integer> SLOW_READER =
            Key.of(
                    "slow-reader",
                    Single.of(Limits.SLOW_READERS),
                    Limits.DEFAULT.slowReader(),
                    "What is held for a client that reads slower than its stream comes; then the"
                            + " provider waits.");
    private static final Key<Duration> SLOW_READER_TIME =
            Key.of(
                    "slow-reader-time",
                    Single.of(Timeouts.RANGE),
                    Limits.DEFAULT.slowReaderTime(),
                    "How long such a client may take nothing at all before it is cut.");
    private static final Key<Integer> ANSWER =
            Key.of(
                    "answer",
                    Single.of(Limits.BODIES),
                    Limits.DEFAULT.answer(),
                    "An unstreamed answer.");

    static final Section<Limits> LIMITS =
            Section.of(
                    v ->
                            new Limits(
                                    v.get(BODY),
                                    v.get(EVENT),
                                    v.get(HEADER),
                                    v.get(STREAMS),
                                    v.get(SLOW_READER),
                                    v.get(SLOW_READER_TIME),
                                    v.get(ANSWER)),
                    BODY,
                    EVENT,
                    HEADER,
                    STREAMS,
                    SLOW_READER,
                    SLOW_READER_TIME,
                    ANSWER);

    private static final Key<Listen> TOP_LISTEN =
            Key.of("listen", LISTEN, Listen.DEFAULT, "Where clients come in.");
    private static final Key<ClientKeys> TOP_KEYS =
            Key.of(
                    "keys",
                    new MapOf<>(
                            "NAME",
                            (name, _) -> Names.SHORT.parse(name),
                            CLIENT_KEY,
                            ClientKeys::of),
                    ClientKeys.NONE,
                    "The keys that clients present, by their owners' names. `SLUICE_API_KEY` in the"
                            + " environment is one more, that of `default`.");
    private static final Key<List<ProviderConfig>> TOP_PROVIDERS =
            Key.of(
                    "providers",
                    new MapOf<>(
                            "NAME",
                            Schema::checkProviderName,
                            PROVIDER,
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
                            ROUTE,
                            all -> List.copyOf(all.values())),
                    List.of(),
                    "Names that clients may ask for as a model, and who answers.");
    private static final Key<List<LocalModelConfig>> TOP_MODELS =
            Key.of(
                    "models",
                    new MapOf<>(
                            "NAME",
                            (name, _) -> Names.MODEL.parse(name),
                            MODEL,
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
                    TIMEOUTS,
                    Timeouts.DEFAULT,
                    "How long exchanges wait; providers and routes may want it otherwise.");
    private static final Key<Limits> TOP_LIMITS =
            Key.of("limits", LIMITS, Limits.DEFAULT, "The bounds of what grows with input.");
    private static final Key<Integer> KEPT_ENTRIES =
            Key.of(
                    "entries",
                    Single.of(KeptResponses.ENTRIES),
                    KeptResponses.DEFAULT.entries(),
                    "How many at once, in the whole process; 0 keeps none.");
    private static final Key<Integer> KEPT_BYTES =
            Key.of(
                    "bytes",
                    Single.of(KeptResponses.BYTES),
                    KeptResponses.DEFAULT.bytes(),
                    "How large all of them may be together; one may be a quarter of it.");
    private static final Key<Duration> KEPT_AGE =
            Key.of(
                    "age",
                    Single.of(KeptResponses.AGES),
                    KeptResponses.DEFAULT.age(),
                    "How long one is kept.");

    static final Section<KeptResponses> KEPT =
            Section.of(
                    v -> new KeptResponses(v.get(KEPT_ENTRIES), v.get(KEPT_BYTES), v.get(KEPT_AGE)),
                    KEPT_ENTRIES,
                    KEPT_BYTES,
                    KEPT_AGE);

    private static final Key<KeptResponses> RESPONSES =
            Key.of(
                    "responses",
                    KEPT,
                    KeptResponses.DEFAULT,
                    "What is kept of answers in OpenAI Responses, for clients that come back to"
                            + " them.");
    private static final Key<Duration> RESUME_WINDOW =
            Key.of(
                    "window",
                    Single.of(KeptStreams.WINDOWS),
                    KeptStreams.DEFAULT.window(),
                    "How long a stream goes on without its client, and is kept after its end; 0s"
                            + " keeps none, and a lost client ends its stream.");
    private static final Key<Integer> RESUME_BUFFER =
            Key.of(
                    "buffer",
                    Single.of(KeptStreams.BUFFERS),
                    KeptStreams.DEFAULT.buffer(),
                    "What is kept of one stream: half of it behind a client that is there, all of"
                            + " it while none is; then the provider waits.");
    private static final Key<Integer> RESUME_BYTES =
            Key.of(
                    "bytes",
                    Single.of(KeptStreams.BYTES),
                    KeptStreams.DEFAULT.bytes(),
                    "What is kept of all of them together.");

    static final Section<KeptStreams> KEPT_STREAMS =
            Section.of(
                    v ->
                            new KeptStreams(
                                    v.get(RESUME_WINDOW),
                                    v.get(RESUME_BUFFER),
                                    v.get(RESUME_BYTES)),
                    RESUME_WINDOW,
                    RESUME_BUFFER,
                    RESUME_BYTES);

    private static final Key<KeptStreams> RESUME =
            Key.of(
                    "resume",
                    KEPT_STREAMS,
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

    private static Key<Duration> timeout(String name, Duration fallback, String sentence) {
        return Key.of(name, Single.of(Timeouts.RANGE), fallback, sentence);
    }

    private static Section<TimeoutOverrides> overrides(String absent) {
        Key<Duration> connect = override(CONNECT, absent);
        Key<Duration> firstToken = override(FIRST_TOKEN, absent);
        Key<Duration> interToken = override(INTER_TOKEN, absent);
        Key<Duration> total = override(TOTAL, absent);
        return Section.of(
                v ->
                        new TimeoutOverrides(
                                v.find(connect),
                                v.find(firstToken),
                                v.find(interToken),
                                v.find(total)),
                connect,
                firstToken,
                interToken,
                total);
    }

    private static Key<Duration> override(Key<Duration> key, String absent) {
        return Key.optional(key.name(), key.shape(), absent, key.sentence());
    }

    private static ClientKey clientKey(Values v) {
        Optional<ClientKey> hashed = v.find(HASHED_KEY);
        if (v.find(PLAIN_KEY).isPresent() && hashed.isPresent()) {
            throw InvalidValue.of("hash", "stands beside `key`", "one of the two");
        }
        return v.find(PLAIN_KEY)
                .or(() -> hashed)
                .orElseThrow(
                        () -> InvalidValue.of("", "has no `key` and no `hash`", "one of the two"));
    }

    private static ProviderConfig provider(Values v) {
        return new ProviderConfig(
                v.name(),
                v.get(URL),
                v.find(DIALECT),
                v.find(SERVER),
                v.find(PROVIDER_KEY),
                v.find(MODELS).orElse(List.of()),
                v.get(PROTOCOL),
                v.find(HEADERS).orElse(Headers.NONE),
                v.find(PROVIDER_TLS).orElse(UpstreamTls.DEFAULT),
                v.find(MAX_TOKENS),
                v.get(RETRIES),
                v.find(PROVIDER_TIMEOUTS).orElse(TimeoutOverrides.NONE),
                v.get(CONNECTIONS),
                v.find(QUIRKS).orElse(Map.of()),
                v.find(AWS));
    }

    private static Single<Secret> token() {
        return Single.ofSecret(Secret.TOKEN, text -> Secret.of(text).checkToken(""));
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

    private static void checkProviderName(String name, Reading reading) {
        ProviderConfig.checkName("", Names.SHORT.parse(name));
    }

    private static void checkQuirk(String name, Reading reading) {
        Optional<Set<String>> known = reading.quirks();
        if (known.isPresent() && !known.get().contains(name)) {
            throw new InvalidValue(
                    Problem.of("", "is an unknown quirk")
                            .near(NearestWord.of(name, known.get()))
                            .expecting(Wording.either(known.get())));
        }
    }
}
