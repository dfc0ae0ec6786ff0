package dev.sluice.dialect.openairesponses;

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
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.framing.SseDecoder;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.request.Request;

import java.util.List;
import java.util.OptionalLong;

/**
 * OpenAI Responses. What is typed, what goes through as it is and what is lost stands in {@code
 * docs/dialects/openai-responses.md}. Keys, models and errors outside of a stream are those of the
 * vendor's other dialect.
 */
public final class OpenAiResponsesDialect implements Dialect {
    /** The dialect's name. */
    public static final String NAME = "openai-responses";

    private static final List<Endpoint> ENDPOINTS =
            List.of(
                    new Endpoint("POST", "/v1/responses", Operation.GENERATE),
                    new Endpoint("POST", "/responses", Operation.GENERATE),
                    new Endpoint("POST", "/v1/responses/input_tokens", Operation.COUNT_TOKENS),
                    new Endpoint("POST", "/responses/input_tokens", Operation.COUNT_TOKENS));
    private static final Names COUNT = Names.of("input_tokens");

    private final Dialect family;
    private final ResponsesErrors errors;

    /** The dialect; {@code family} is the vendor's other one, Chat Completions. */
    public OpenAiResponsesDialect(Dialect family) {
        this.family = family;
        this.errors = new ResponsesErrors(family);
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
        return family.claims(headers);
    }

    @Override
    public Request decodeRequest(Call call) {
        return ResponsesRequestDecoder.decode(call.body());
    }

    @Override
    public Request decodeCountRequest(Call call) {
        return decodeRequest(call);
    }

    @Override
    public EventEncoder encoder(EncodeContext context) {
        return new ResponsesEventEncoder(context, errors);
    }

    @Override
    public byte[] encodeAnswer(Answer answer, EncodeContext context) {
        return ResponsesAnswerEncoder.encode(answer, context, errors);
    }

    @Override
    public ErrorReply encodeError(Failure failure, String requestId) {
        return family.encodeError(failure, requestId);
    }

    @Override
    public byte[] encodeModels(List<ModelCard> models) {
        return family.encodeModels(models);
    }

    @Override
    public byte[] encodeModel(ModelCard model) {
        return family.encodeModel(model);
    }

    @Override
    public byte[] encodeCount(long inputTokens) {
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().field("object", "response.input_tokens");
        json.field("input_tokens", inputTokens).endObject();
        return json.out().toBytes();
    }

    @Override
    public String streamContentType() {
        return family.streamContentType();
    }

    @Override
    public String requestIdHeader() {
        return family.requestIdHeader();
    }

    @Override
    public String upstreamPath(Operation operation, Target target) {
        return switch (operation) {
            case GENERATE -> "/responses";
            case COUNT_TOKENS -> "/responses/input_tokens";
            case LIST_MODELS, SHOW_MODEL, EMBED -> family.upstreamPath(operation, target);
            case COMPLETE, LIST_LOADED, SHOW_VERSION ->
                    throw new UnsupportedOperationException(operation + " on " + NAME);
        };
    }

    @Override
    public Headers credentials(String key) {
        return family.credentials(key);
    }

    @Override
    public EncodedRequest encodeRequest(Request request, Target target) {
        return ResponsesRequestEncoder.encode(request, target);
    }

    @Override
    public EncodedRequest relayRequest(Call call, Request request, Target target) {
        return EncodedRequest.of(ResponsesRelay.rewrite(call.body(), target.model()));
    }

    @Override
    public EncodedRequest encodeCountRequest(Request request, Target target) {
        return ResponsesRequestEncoder.encodeCount(request, target);
    }

    @Override
    public EncodedRequest encodeEmbedRequest(Request request, Target target) {
        return family.encodeEmbedRequest(request, target);
    }

    @Override
    public Embeddings decodeEmbeddings(byte[] body) {
        return family.decodeEmbeddings(body);
    }

    @Override
    public FrameDecoder frames(int maxFrameBytes) {
        return new SseDecoder(maxFrameBytes);
    }

    @Override
    public EventDecoder decoder(DecodeContext context) {
        return ResponsesEventDecoder.ofStream(context, errors);
    }

    @Override
    public Tap tap(boolean includeUsage) {
        return new ResponsesTap(errors);
    }

    @Override
    public void decodeAnswer(byte[] body, DecodeContext context, EventSink out) {
        ResponsesEventDecoder.readAnswer(body, context, errors, out);
    }

    @Override
    public Failure decodeError(int status, Headers headers, byte[] body) {
        return family.decodeError(status, headers, body);
    }

    @Override
    public List<ModelCard> decodeModels(byte[] body) {
        return family.decodeModels(body);
    }

    @Override
    public OptionalLong decodeCount(byte[] body) {
        JsonReader reader = new JsonReader(body);
        reader.beginObject();
        long count = -1;
        for (int f = reader.nextField(COUNT);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(COUNT)) {
            if (f == 0) {
                count = Lenient.number(reader, -1);
            } else {
                reader.skip();
            }
        }
        return count < 0 ? OptionalLong.empty() : OptionalLong.of(count);
    }
}
