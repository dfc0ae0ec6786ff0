package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Emulations;
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
import dev.sluice.core.framing.EventStreamDecoder;
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.request.Request;

import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;

/**
 * Amazon Bedrock's Converse and ConverseStream. What is typed, what goes through as it is and what
 * is lost stands in {@code docs/dialects/bedrock.md}.
 */
public final class BedrockDialect implements Dialect {
    /** The dialect's name. */
    public static final String NAME = "bedrock";

    static final String EVENT_STREAM = "application/vnd.amazon.eventstream";

    private static final List<Endpoint> ENDPOINTS =
            List.of(
                    new Endpoint(
                            "POST",
                            BedrockPaths.MODEL + "*" + BedrockPaths.CONVERSE,
                            Operation.GENERATE),
                    new Endpoint(
                            "POST",
                            BedrockPaths.MODEL + "*" + BedrockPaths.CONVERSE_STREAM,
                            Operation.GENERATE),
                    new Endpoint(
                            "POST",
                            BedrockPaths.MODEL + "*" + BedrockPaths.COUNT_TOKENS,
                            Operation.COUNT_TOKENS),
                    new Endpoint("GET", BedrockPaths.MODELS, Operation.LIST_MODELS),
                    new Endpoint("GET", BedrockPaths.MODELS + "/*", Operation.SHOW_MODEL));

    private final InstantSource clock;

    /** The dialect, with the clock of the machine. */
    public BedrockDialect() {
        this(InstantSource.system());
    }

    BedrockDialect(InstantSource clock) {
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
        return SigV4Check.isIn(headers) || headers.get("amz-sdk-invocation-id").isPresent();
    }

    @Override
    public Request decodeRequest(Call call) {
        return BedrockRequestDecoder.decode(call);
    }

    @Override
    public Request decodeCountRequest(Call call) {
        return BedrockRequestDecoder.decodeCount(call);
    }

    @Override
    public String decodeModelName(Call call) {
        return BedrockPaths.modelOf(call.path() + "/");
    }

    @Override
    public EventEncoder encoder(EncodeContext context) {
        return new BedrockEventEncoder(context);
    }

    @Override
    public byte[] encodeAnswer(Answer answer, EncodeContext context) {
        return BedrockAnswerEncoder.encode(answer, context);
    }

    @Override
    public ErrorReply encodeError(Failure failure, String requestId) {
        return BedrockErrors.reply(failure, clock);
    }

    @Override
    public byte[] encodeModels(List<ModelCard> models) {
        return BedrockModels.list(models);
    }

    @Override
    public byte[] encodeModel(ModelCard model) {
        return BedrockModels.show(model);
    }

    @Override
    public byte[] encodeCount(long inputTokens) {
        return BedrockModels.count(inputTokens);
    }

    @Override
    public String streamContentType() {
        return EVENT_STREAM;
    }

    @Override
    public String requestIdHeader() {
        return "x-amzn-requestid";
    }

    @Override
    public String upstreamPath(Operation operation, Target target) {
        return switch (operation) {
            case GENERATE ->
                    BedrockPaths.of(
                            target.model(),
                            target.stream() ? BedrockPaths.CONVERSE_STREAM : BedrockPaths.CONVERSE);
            case COUNT_TOKENS -> BedrockPaths.of(target.model(), BedrockPaths.COUNT_TOKENS);
            case LIST_MODELS -> BedrockPaths.MODELS;
            case SHOW_MODEL, COMPLETE, EMBED, LIST_LOADED, SHOW_VERSION ->
                    throw new UnsupportedOperationException(operation + " on " + NAME);
        };
    }

    @Override
    public Headers credentials(String key) {
        return key.isEmpty() ? Headers.NONE : Headers.of("authorization", "Bearer " + key);
    }

    @Override
    public EncodedRequest encodeRequest(Request request, Target target) {
        return BedrockRequestEncoder.encode(request, target);
    }

    /** The model's name is in the path: the client's bytes go on as they are. */
    @Override
    public EncodedRequest relayRequest(Call call, Request request, Target target) {
        return new EncodedRequest(
                call.body(),
                BedrockRequestEncoder.accept(target.stream()),
                List.of(),
                Emulations.NONE);
    }

    @Override
    public EncodedRequest encodeCountRequest(Request request, Target target) {
        return BedrockRequestEncoder.encodeCount(request, target);
    }

    @Override
    public FrameDecoder frames(int maxFrameBytes) {
        return new EventStreamDecoder(maxFrameBytes);
    }

    @Override
    public EventDecoder decoder(DecodeContext context) {
        return new BedrockEventDecoder();
    }

    @Override
    public Tap tap(boolean includeUsage) {
        return new BedrockTap();
    }

    @Override
    public void decodeAnswer(byte[] body, DecodeContext context, EventSink out) {
        BedrockAnswerDecoder.decode(body, out);
    }

    @Override
    public Failure decodeError(int status, Headers headers, byte[] body) {
        return BedrockErrorReader.ofReply(status, headers, body);
    }

    @Override
    public List<ModelCard> decodeModels(byte[] body) {
        return BedrockModels.read(body);
    }

    @Override
    public OptionalLong decodeCount(byte[] body) {
        return BedrockModels.readCount(body);
    }
}
