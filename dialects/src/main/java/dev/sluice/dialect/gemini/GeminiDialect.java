package dev.sluice.dialect.gemini;

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
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.request.Request;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Google's Gemini API. What is typed, what goes through as it is and what is lost stands in {@code
 * docs/dialects/gemini.md}.
 */
public final class GeminiDialect implements Dialect {
    /** The dialect's name. */
    public static final String NAME = "gemini";

    private static final List<Endpoint> ENDPOINTS = endpointList();
    private static final ProtoNames COUNT = ProtoNames.of("totalTokens");

    /** Paths that say a project and a place are those of the vendor's other platform. */
    private static List<Endpoint> endpointList() {
        List<Endpoint> all = new ArrayList<>();
        for (String version : List.of("/v1beta", "/v1", "/v1alpha", "/v1beta1")) {
            all.add(new Endpoint("GET", version + "/models", Operation.LIST_MODELS));
            all.add(new Endpoint("GET", version + "/models/*", Operation.SHOW_MODEL));
            for (String parent : List.of("/models/", "/projects/")) {
                String model = version + parent + "*";
                all.add(new Endpoint("POST", model + ":countTokens", Operation.COUNT_TOKENS));
                all.add(new Endpoint("POST", model + "%3AcountTokens", Operation.COUNT_TOKENS));
                all.add(new Endpoint("POST", model, Operation.GENERATE));
            }
        }
        return List.copyOf(all);
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
        return headers.get("x-goog-api-key").isPresent()
                || headers.get("x-goog-api-client").isPresent();
    }

    @Override
    public String keyParameter() {
        return "key";
    }

    @Override
    public Request decodeRequest(Call call) {
        return GeminiRequestDecoder.decode(call);
    }

    @Override
    public Request decodeCountRequest(Call call) {
        return GeminiRequestDecoder.decodeCount(call);
    }

    @Override
    public String decodeModelName(Call call) {
        return GeminiPaths.model(call.path());
    }

    @Override
    public EventEncoder encoder(EncodeContext context) {
        return new GeminiEventEncoder(context);
    }

    @Override
    public byte[] encodeAnswer(Answer answer, EncodeContext context) {
        return GeminiAnswerEncoder.encode(answer, context);
    }

    @Override
    public ErrorReply encodeError(Failure failure, String requestId) {
        return GeminiErrors.reply(failure, requestId);
    }

    @Override
    public byte[] encodeModels(List<ModelCard> models) {
        return GeminiModels.write(models);
    }

    @Override
    public byte[] encodeModel(ModelCard model) {
        return GeminiModels.write(model);
    }

    @Override
    public byte[] encodeCount(long inputTokens) {
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().field("totalTokens", inputTokens).endObject();
        return json.out().toBytes();
    }

    @Override
    public String streamContentType() {
        return GeminiForm.EVENTS.contentType();
    }

    @Override
    public String streamContentType(Request request) {
        return GeminiForm.of(request).contentType();
    }

    @Override
    public boolean mayRelay(Request request) {
        return GeminiForm.of(request) == GeminiForm.EVENTS;
    }

    @Override
    public boolean streamsJson() {
        return true;
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }

    @Override
    public String upstreamPath(Operation operation, Target target) {
        return GeminiPaths.upstream(operation, target);
    }

    @Override
    public Headers credentials(String key) {
        return key.isEmpty() ? Headers.NONE : Headers.of("x-goog-api-key", key);
    }

    @Override
    public EncodedRequest encodeRequest(Request request, Target target) {
        return GeminiRequestEncoder.encode(request, target);
    }

    @Override
    public EncodedRequest relayRequest(Call call, Request request, Target target) {
        return EncodedRequest.of(GeminiRelay.rewrite(call.body(), target.model()));
    }

    @Override
    public EncodedRequest encodeCountRequest(Request request, Target target) {
        return GeminiRequestEncoder.encodeCount(request, target);
    }

    @Override
    public FrameDecoder frames(int maxFrameBytes) {
        return new GeminiFrames(maxFrameBytes);
    }

    @Override
    public EventDecoder decoder(DecodeContext context) {
        return new GeminiEventDecoder(context);
    }

    @Override
    public Tap tap(boolean includeUsage) {
        return new GeminiTap();
    }

    @Override
    public void decodeAnswer(byte[] body, DecodeContext context, EventSink out) {
        GeminiEventDecoder.readAnswer(body, context, out);
    }

    @Override
    public Failure decodeError(int status, Headers headers, byte[] body) {
        return GeminiErrorReader.ofReply(status, headers, body);
    }

    @Override
    public List<ModelCard> decodeModels(byte[] body) {
        return GeminiModels.read(body);
    }

    @Override
    public OptionalLong decodeCount(byte[] body) {
        JsonReader reader = new JsonReader(body);
        reader.beginObject();
        long count = -1;
        for (int f = COUNT.next(reader); f != JsonReader.END_OBJECT; f = COUNT.next(reader)) {
            if (f == 0) {
                count = Lenient.number(reader, -1);
            } else {
                reader.skip();
            }
        }
        return count < 0 ? OptionalLong.empty() : OptionalLong.of(count);
    }
}
