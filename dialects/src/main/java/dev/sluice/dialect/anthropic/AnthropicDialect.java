package dev.sluice.dialect.anthropic;

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
import dev.sluice.core.event.EventSink;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.framing.SseDecoder;
import dev.sluice.core.request.Request;

import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;

/** Anthropic Messages: {@code POST /v1/messages} and what belongs to it. */
public final class AnthropicDialect implements Dialect {
    /** The name in configuration, logs and metrics. */
    public static final String NAME = "anthropic";

    private static final String MESSAGES = "/v1/messages";
    private static final String COUNT = "/v1/messages/count_tokens";
    private static final String MODELS = "/v1/models";
    private static final String VERSION = "2023-06-01";

    private static final List<Endpoint> ENDPOINTS =
            List.of(
                    new Endpoint("POST", MESSAGES, Operation.GENERATE),
                    new Endpoint("POST", COUNT, Operation.COUNT_TOKENS),
                    new Endpoint("GET", MODELS, Operation.LIST_MODELS),
                    new Endpoint("GET", MODELS + "/*", Operation.SHOW_MODEL));

    private final RetryAfter retryAfter;

    /** The dialect, with the clock of the machine. */
    public AnthropicDialect() {
        this(InstantSource.system());
    }

    /** The dialect, with a clock to read dates of upstreams by. */
    public AnthropicDialect(InstantSource clock) {
        retryAfter = new RetryAfter(clock);
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
        return headers.get("anthropic-version").isPresent() || headers.get("x-api-key").isPresent();
    }

    @Override
    public Request decodeRequest(Call call) {
        return AnthropicRequestDecoder.decode(call);
    }

    @Override
    public Request decodeCountRequest(Call call) {
        return AnthropicRequestDecoder.decodeCount(call);
    }

    @Override
    public EventEncoder encoder(EncodeContext context) {
        return new AnthropicEventEncoder(context);
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.sluice.core.failure.FailureException when the arguments of a tool use are no
     *     object, and no limit explains it
     */
    @Override
    public byte[] encodeAnswer(Answer answer, EncodeContext context) {
        return AnthropicAnswers.encode(answer, context);
    }

    @Override
    public ErrorReply encodeError(Failure failure, String requestId) {
        return AnthropicErrors.reply(failure, requestId);
    }

    @Override
    public byte[] encodeModels(List<ModelCard> models) {
        return AnthropicModels.encode(models);
    }

    @Override
    public byte[] encodeModel(ModelCard model) {
        return AnthropicModels.encode(model);
    }

    @Override
    public byte[] encodeCount(long inputTokens) {
        return AnthropicModels.encodeCount(inputTokens);
    }

    @Override
    public String streamContentType() {
        return "text/event-stream; charset=utf-8";
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
    }

    @Override
    public String upstreamPath(Operation operation, Target target) {
        return switch (operation) {
            case GENERATE -> MESSAGES;
            case COUNT_TOKENS -> COUNT;
            case LIST_MODELS -> MODELS;
            case SHOW_MODEL -> MODELS + "/" + target.model();
            case COMPLETE, EMBED, LIST_LOADED, SHOW_VERSION ->
                    throw new UnsupportedOperationException(operation + " on " + NAME);
        };
    }

    @Override
    public Headers credentials(String key) {
        return Headers.of("x-api-key", key, "anthropic-version", VERSION);
    }

    @Override
    public EncodedRequest encodeRequest(Request request, Target target) {
        return AnthropicRequestEncoder.encode(request, target);
    }

    @Override
    public EncodedRequest relayRequest(Call call, Request request, Target target) {
        return AnthropicRelay.relay(call, target);
    }

    @Override
    public EncodedRequest encodeCountRequest(Request request, Target target) {
        return AnthropicRequestEncoder.encodeCount(request, target);
    }

    @Override
    public FrameDecoder frames(int maxFrameBytes) {
        return new SseDecoder(maxFrameBytes);
    }

    @Override
    public EventDecoder decoder(DecodeContext context) {
        return new AnthropicEventDecoder();
    }

    @Override
    public Tap tap(boolean includeUsage) {
        return new AnthropicTap();
    }

    @Override
    public void decodeAnswer(byte[] body, DecodeContext context, EventSink out) {
        new AnthropicAnswerDecoder(out).decode(body);
    }

    @Override
    public Failure decodeError(int status, Headers headers, byte[] body) {
        Failure failure = UpstreamError.read(body, 0, body.length).toFailure(status);
        return retryAfter
                .read(headers, failure.message())
                .map(failure::withRetryAfter)
                .orElse(failure);
    }

    @Override
    public List<ModelCard> decodeModels(byte[] body) {
        return AnthropicModels.decode(body);
    }

    @Override
    public OptionalLong decodeCount(byte[] body) {
        return AnthropicModels.decodeCount(body);
    }
}
