package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Endpoint;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Tap;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.Embeddings;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.framing.NdjsonDecoder;
import dev.sluice.core.json.Member;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Ollama's own API. What is typed, what goes through as it is and what is lost stands in {@code
 * docs/dialects/ollama.md}.
 */
public final class OllamaDialect implements Dialect {
    /** The dialect's name. */
    public static final String NAME = "ollama";

    private static final String CHAT = "/api/chat";
    private static final String GENERATE = "/api/generate";
    private static final String EMBED = "/api/embed";
    private static final String TAGS = "/api/tags";
    private static final String SHOW = "/api/show";
    private static final String VERSION = "/api/version";

    private static final List<Endpoint> ENDPOINTS =
            List.of(
                    new Endpoint("POST", CHAT, Operation.GENERATE),
                    new Endpoint("POST", GENERATE, Operation.COMPLETE),
                    new Endpoint("POST", EMBED, Operation.EMBED),
                    new Endpoint("POST", "/api/embeddings", Operation.EMBED),
                    new Endpoint("GET", TAGS, Operation.LIST_MODELS),
                    new Endpoint("HEAD", TAGS, Operation.LIST_MODELS),
                    new Endpoint("POST", SHOW, Operation.SHOW_MODEL),
                    new Endpoint("GET", "/api/ps", Operation.LIST_LOADED),
                    new Endpoint("GET", VERSION, Operation.SHOW_VERSION),
                    new Endpoint("HEAD", VERSION, Operation.SHOW_VERSION));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Endpoint> endpoints() {
        return ENDPOINTS;
    }

    @Override
    public boolean claims(Headers headers) {
        return headers.get("user-agent")
                .filter(agent -> agent.toLowerCase(Locale.ROOT).startsWith("ollama"))
                .isPresent();
    }

    @Override
    public Request decodeRequest(Call call) {
        return OllamaRequestDecoder.decode(call);
    }

    @Override
    public Request decodeCountRequest(Call call) {
        throw noCounts();
    }

    private static RuntimeException noCounts() {
        return Failure.of(
                        FailureCode.UNSUPPORTED,
                        "Ollama's API cannot count the tokens of a request")
                .asException();
    }

    @Override
    public Request decodeEmbedRequest(Call call) {
        return OllamaEmbeddings.decode(call.body());
    }

    @Override
    public EncodedRequest encodeEmbedRequest(Request request, Target target) {
        return OllamaEmbeddings.encode(request, target);
    }

    @Override
    public Embeddings decodeEmbeddings(byte[] body) {
        return OllamaEmbeddings.read(body);
    }

    /** Newer servers may not know the older form any more. */
    @Override
    public boolean mayRelay(Request request) {
        return !OllamaEmbeddings.isOlder(request);
    }

    @Override
    public byte[] encodeEmbeddings(Embeddings embeddings, EncodeContext context) {
        return OllamaEmbeddings.write(embeddings, context);
    }

    @Override
    public String decodeModelName(Call call) {
        return OllamaRequestDecoder.modelName(call.body());
    }

    @Override
    public EventEncoder encoder(EncodeContext context) {
        return new OllamaEventEncoder(context);
    }

    @Override
    public byte[] encodeAnswer(Answer answer, EncodeContext context) {
        return OllamaAnswerEncoder.encode(answer, context);
    }

    @Override
    public ErrorReply encodeError(Failure failure, String requestId) {
        return OllamaErrors.reply(failure);
    }

    @Override
    public byte[] encodeModels(List<ModelCard> models) {
        return OllamaModels.list(models);
    }

    @Override
    public byte[] encodeModel(ModelCard model) {
        return OllamaModels.show(model);
    }

    @Override
    public byte[] encodeCount(long inputTokens) {
        throw noCounts();
    }

    @Override
    public byte[] encodeLoaded() {
        return OllamaModels.loaded();
    }

    @Override
    public byte[] encodeVersion() {
        return OllamaModels.version();
    }

    @Override
    public Optional<byte[]> encodeWithoutModel(Request request, EncodeContext context) {
        return OllamaLoading.asked(request, context.operation())
                .map(reason -> OllamaAnswerEncoder.encodeEmpty(reason, context));
    }

    @Override
    public Optional<String> greeting() {
        return Optional.of("Ollama is running");
    }

    @Override
    public String streamContentType() {
        return "application/x-ndjson";
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }

    @Override
    public String upstreamPath(Operation operation, Target target) {
        return switch (operation) {
            case GENERATE -> CHAT;
            case COMPLETE -> GENERATE;
            case LIST_MODELS -> TAGS;
            case SHOW_MODEL -> SHOW;
            case LIST_LOADED -> "/api/ps";
            case SHOW_VERSION -> VERSION;
            case COUNT_TOKENS -> throw noCounts();
            case EMBED -> EMBED;
        };
    }

    @Override
    public Headers credentials(String key) {
        return key.isEmpty() ? Headers.NONE : Headers.of("authorization", "Bearer " + key);
    }

    @Override
    public EncodedRequest encodeRequest(Request request, Target target) {
        return OllamaRequestEncoder.encode(request, target);
    }

    @Override
    public EncodedRequest relayRequest(Call call, Request request, Target target) {
        return EncodedRequest.of(Member.replaced(call.body(), "model", Raw.string(target.model())));
    }

    @Override
    public EncodedRequest encodeCountRequest(Request request, Target target) {
        throw noCounts();
    }

    @Override
    public FrameDecoder frames(int maxFrameBytes) {
        return new NdjsonDecoder(maxFrameBytes);
    }

    @Override
    public EventDecoder decoder(DecodeContext context) {
        return new OllamaEventDecoder();
    }

    @Override
    public Tap tap(boolean includeUsage) {
        return new OllamaTap();
    }

    @Override
    public void decodeAnswer(byte[] body, DecodeContext context, EventSink out) {
        OllamaEventDecoder.readAnswer(body, out);
    }

    @Override
    public Failure decodeError(int status, Headers headers, byte[] body) {
        return OllamaErrorReader.ofReply(status, headers, body);
    }

    @Override
    public List<ModelCard> decodeModels(byte[] body) {
        return OllamaModels.read(body);
    }

    @Override
    public OptionalLong decodeCount(byte[] body) {
        return OptionalLong.empty();
    }
}
