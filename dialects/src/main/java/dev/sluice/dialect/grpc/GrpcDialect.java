package dev.sluice.dialect.grpc;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.Endpoint;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.request.Request;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The service {@code sluice.v1.Generation}, whose messages stand in {@code generation.proto}. What
 * it writes are frames of gRPC; the end of a stream is a frame of trailers.
 */
public final class GrpcDialect implements ClientDialect {
    /** The dialect's name. */
    public static final String NAME = "grpc";

    private static final String SERVICE = "/sluice.v1.Generation/";

    private final ClientDialect requests;
    private final boolean streams;
    private final List<Endpoint> endpoints;

    private GrpcDialect(ClientDialect requests, boolean streams, Endpoint... endpoints) {
        this.requests = requests;
        this.streams = streams;
        this.endpoints = List.of(endpoints);
    }

    /** The method that streams; {@code requests} reads its requests once they are JSON. */
    public static GrpcDialect streaming(ClientDialect requests) {
        return new GrpcDialect(
                requests, true, new Endpoint("POST", SERVICE + "Stream", Operation.GENERATE));
    }

    /** The methods that answer with one message. */
    public static GrpcDialect unary(ClientDialect requests) {
        return new GrpcDialect(
                requests,
                false,
                new Endpoint("POST", SERVICE + "Generate", Operation.GENERATE),
                new Endpoint("POST", SERVICE + "CountTokens", Operation.COUNT_TOKENS),
                new Endpoint("POST", SERVICE + "ListModels", Operation.LIST_MODELS));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    @Override
    public boolean claims(Headers headers) {
        return false;
    }

    @Override
    public Request decodeRequest(Call call) {
        Request read = requests.decodeRequest(Call.of(GrpcRequests.json(call)));
        Request.Builder request = read.toBuilder();
        request.stream = streams;
        return request.build();
    }

    @Override
    public Request decodeCountRequest(Call call) {
        return decodeRequest(call);
    }

    @Override
    public boolean mayOmitModel() {
        return true;
    }

    @Override
    public EventEncoder encoder(EncodeContext context) {
        return new GrpcEventEncoder(context);
    }

    @Override
    public byte[] encodeAnswer(Answer answer, EncodeContext context) {
        GrpcEnding ending = new GrpcEnding(context);
        ending.started(answer.model(), answer.usage());
        ending.ended(answer.stopReason(), answer.stopSequence());
        StringBuilder thinking = new StringBuilder();
        StringBuilder text = new StringBuilder();
        for (AnswerBlock block : answer.blocks()) {
            context.losses().addSealOf(block);
            context.losses().addAll(block.annotations());
            if (block.kind() == BlockKind.THINKING) {
                thinking.append(block.text());
            } else if (block.kind() == BlockKind.TEXT || block.kind() == BlockKind.REFUSAL) {
                text.append(block.text());
            }
        }
        return framed(
                out -> {
                    out.string(1, text.toString()).string(2, thinking.toString());
                    answer.blocks().stream()
                            .filter(block -> block.kind() == BlockKind.TOOL_USE)
                            .forEach(block -> out.message(3, call -> call(call, block)));
                    out.message(4, done -> ending.write(done, 0));
                });
    }

    private static void call(ProtoWriter out, AnswerBlock block) {
        boolean none = block.text().isEmpty() && !block.custom();
        out.string(1, block.id()).string(2, block.name());
        out.string(3, none ? "{}" : block.text().toString());
    }

    @Override
    public ErrorReply encodeError(Failure failure, String requestId) {
        List<Header> headers = new ArrayList<>(GrpcStatus.of(failure, requestId).all());
        headers.add(new Header("content-type", streamContentType()));
        return new ErrorReply(200, new Headers(headers), new byte[0]);
    }

    @Override
    public byte[] encodeModels(List<ModelCard> models) {
        return framed(
                out ->
                        models.forEach(
                                model ->
                                        out.message(
                                                1,
                                                card ->
                                                        card.string(1, model.id())
                                                                .string(2, model.owner()))));
    }

    @Override
    public byte[] encodeCount(long inputTokens) {
        return framed(out -> out.number(1, inputTokens));
    }

    private static byte[] framed(Consumer<ProtoWriter> message) {
        ByteBuilder out = new ByteBuilder(256);
        ProtoWriter.framed(out, message);
        return out.toBytes();
    }

    @Override
    public String streamContentType() {
        return "application/grpc";
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }
}
