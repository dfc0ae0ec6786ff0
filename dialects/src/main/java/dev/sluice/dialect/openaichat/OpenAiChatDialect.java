package dev.sluice.dialect.openaichat;

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
import dev.sluice.core.framing.SseDecoder;
import dev.sluice.core.request.Request;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;

/**
 * OpenAI Chat Completions. What is typed, what goes through as it is and what is lost stands in
 * {@code docs/dialects/openai-chat.md}.
 */
public final class OpenAiChatDialect implements Dialect {
    /** The dialect's name. */
    public static final String NAME = "openai-chat";

    private static final List<Endpoint> ENDPOINTS =
            List.of(
                    new Endpoint("POST", "/v1/chat/completions", Operation.GENERATE),
                    new Endpoint("POST", "/chat/completions", Operation.GENERATE),
                    new Endpoint("POST", "/v1/completions", Operation.COMPLETE),
                    new Endpoint("POST", "/completions", Operation.COMPLETE),
                    new Endpoint("POST", "/v1/embeddings", Operation.EMBED),
                    new Endpoint("POST", "/embeddings", Operation.EMBED),
                    new Endpoint("GET", "/v1/models", Operation.LIST_MODELS),
                    new Endpoint("GET", "/models", Operation.LIST_MODELS),
                    new Endpoint("GET", "/v1/models/*", Operation.SHOW_MODEL),
                    new Endpoint("GET", "/models/*", Operation.SHOW_MODEL));

    private final InstantSource clock;

    /** The dialect, with the system's clock. */
    public OpenAiChatDialect() {
        this(InstantSource.system());
    }

    /**
     * The dialect with a clock that tells how far off a date is at which an upstream may be asked
     * again.
     */
    public OpenAiChatDialect(InstantSource clock) {
        this.clock = clock;
    }

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
        return headers.get("anthropic-version").isEmpty()
                && headers.get("x-api-key").isEmpty()
                && headers.get("x-goog-api-key").isEmpty()
                && headers.get("x-goog-api-client").isEmpty();
    }

    @Override
    public Request decodeRequest(Call call) {
        return call.operation() == Operation.COMPLETE
                ? OpenAiChatRequestDecoder.decodePrompt(call.body())
                : OpenAiChatRequestDecoder.decode(call.body());
    }

    @Override
    public Request decodeCountRequest(Call call) {
        throw noCounts();
    }

    private static RuntimeException noCounts() {
        return Failure.of(
                        FailureCode.UNSUPPORTED,
                        "OpenAI Chat Completions cannot count the tokens of a request")
                .asException();
    }

    @Override
    public Request decodeEmbedRequest(Call call) {
        return OpenAiChatEmbeddings.decode(call.body());
    }

    @Override
    public EncodedRequest encodeEmbedRequest(Request request, Target target) {
        return OpenAiChatEmbeddings.encode(request, target);
    }

    @Override
    public Embeddings decodeEmbeddings(byte[] body) {
        return OpenAiChatEmbeddings.read(body);
    }

    @Override
    public byte[] encodeEmbeddings(Embeddings embeddings, EncodeContext context) {
        return OpenAiChatEmbeddings.write(embeddings, context);
    }

    @Override
    public EventEncoder encoder(EncodeContext context) {
        return context.operation() == Operation.COMPLETE
                ? new OpenAiChatTextEncoder(context)
                : new OpenAiChatEventEncoder(context);
    }

    @Override
    public byte[] encodeAnswer(Answer answer, EncodeContext context) {
        return context.operation() == Operation.COMPLETE
                ? OpenAiChatTextEncoder.encode(answer, context)
                : OpenAiChatAnswerEncoder.encode(answer, context);
    }

    @Override
    public ErrorReply encodeError(Failure failure, String requestId) {
        return OpenAiChatErrors.reply(failure);
    }

    @Override
    public byte[] encodeModels(List<ModelCard> models) {
        return OpenAiChatModels.write(models);
    }

    @Override
    public byte[] encodeModel(ModelCard model) {
        return OpenAiChatModels.write(model);
    }

    @Override
    public byte[] encodeCount(long inputTokens) {
        throw noCounts();
    }

    @Override
    public String streamContentType() {
        return "text/event-stream; charset=utf-8";
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }

    @Override
    public String upstreamPath(Operation operation, Target target) {
        return switch (operation) {
            case GENERATE -> "/chat/completions";
            case LIST_MODELS -> "/models";
            case SHOW_MODEL ->
                    "/models/"
                            + URLEncoder.encode(target.model(), StandardCharsets.UTF_8)
                                    .replace("+", "%20");
            case COUNT_TOKENS -> throw noCounts();
            case COMPLETE -> "/completions";
            case EMBED -> "/embeddings";
            case LIST_LOADED, SHOW_VERSION ->
                    throw new UnsupportedOperationException(operation + " on " + NAME);
        };
    }

    @Override
    public Headers credentials(String key) {
        return key.isEmpty() ? Headers.NONE : Headers.of("authorization", "Bearer " + key);
    }

    @Override
    public EncodedRequest encodeRequest(Request request, Target target) {
        return OpenAiChatRequestEncoder.encode(request, target);
    }

    @Override
    public EncodedRequest relayRequest(Call call, Request request, Target target) {
        return EncodedRequest.of(OpenAiChatRelay.rewrite(call.body(), target));
    }

    /** Its chunks have another form, which is watched and not read. */
    @Override
    public boolean relaysPrompts() {
        return true;
    }

    @Override
    public EncodedRequest encodeCountRequest(Request request, Target target) {
        throw noCounts();
    }

    @Override
    public FrameDecoder frames(int maxFrameBytes) {
        return new SseDecoder(maxFrameBytes);
    }

    @Override
    public EventDecoder decoder(DecodeContext context) {
        return OpenAiChatEventDecoder.ofStream(context);
    }

    @Override
    public Tap tap(boolean includeUsage) {
        return new OpenAiChatTap(includeUsage);
    }

    @Override
    public void decodeAnswer(byte[] body, DecodeContext context, EventSink out) {
        OpenAiChatEventDecoder.readAnswer(body, context, out);
    }

    @Override
    public Failure decodeError(int status, Headers headers, byte[] body) {
        return OpenAiChatErrorReader.ofReply(status, headers, body, clock);
    }

    @Override
    public List<ModelCard> decodeModels(byte[] body) {
        return OpenAiChatModels.read(body);
    }

    @Override
    public OptionalLong decodeCount(byte[] body) {
        return OptionalLong.empty();
    }
}
