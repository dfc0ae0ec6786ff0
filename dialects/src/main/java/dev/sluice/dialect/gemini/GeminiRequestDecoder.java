package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Request;

/**
 * Reads a request and checks it. The path names the model and says whether a stream is wanted; a
 * body that names a model too must name the same.
 */
final class GeminiRequestDecoder {
    private static final ProtoNames REQUEST =
            ProtoNames.of(
                    "model",
                    "contents",
                    "systemInstruction",
                    "tools",
                    "toolConfig",
                    "generationConfig",
                    "generateContentRequest");
    private static final ProtoNames INSTRUCTION = ProtoNames.of("parts", "role", "text");

    private final byte[] document;
    private final JsonReader reader;
    private final Request.Builder request = Request.builder(GeminiDialect.NAME);
    private final GeminiGeneration generation = new GeminiGeneration();

    private GeminiRequestDecoder(Call call, String model) {
        document = call.body();
        reader = JsonReader.strict(document);
        request.model = model;
        request.includeUsage = true;
    }

    static Request decode(Call call) {
        GeminiPaths path = GeminiPaths.read(call.path());
        GeminiRequestDecoder decoder = new GeminiRequestDecoder(call, path.model());
        switch (path.verb()) {
            case GeminiPaths.GENERATE -> {}
            case GeminiPaths.STREAM -> {
                decoder.request.stream = true;
                GeminiForm.ofQuery(call.query()).tell(decoder.request);
            }
            default ->
                    throw Failure.of(
                                    FailureCode.NOT_FOUND,
                                    "`"
                                            + Lenient.shortened(path.verb())
                                            + "` is not served here; a model takes generateContent,"
                                            + " streamGenerateContent and countTokens")
                            .asException();
        }
        return decoder.request();
    }

    /** Reads a request for a count; what is counted may be a whole request. */
    static Request decodeCount(Call call) {
        return new GeminiRequestDecoder(call, GeminiPaths.model(call.path())).request();
    }

    private Request request() {
        body();
        if (request.model.isEmpty()) {
            throw Failure.invalid("model", "a model is required").asException();
        }
        if (request.messages.isEmpty()) {
            throw Failure.invalid("contents", "contents is required, and must not be empty")
                    .asException();
        }
        request.sampling = generation.sampling();
        return request.build();
    }

    private void body() {
        ProtoObject body = ProtoObject.enter(reader, REQUEST);
        for (int f = body.next(); f != JsonReader.END_OBJECT; f = body.next()) {
            switch (f) {
                case 0 -> model();
                case 1 -> new GeminiContentsDecoder(reader, document, request).read();
                case 2 -> instruction();
                case 3 -> new GeminiToolsDecoder(reader, request).tools();
                case 4 -> new GeminiToolsDecoder(reader, request).config();
                case 5 -> generation.read(reader, request);
                case 6 -> body();
                default -> request.extra.put(body.name(), reader.raw());
            }
        }
    }

    private void model() {
        String named = GeminiPaths.modelName(reader.string());
        if (!request.model.isEmpty() && !request.model.equals(named)) {
            throw reader.error("the model is another than that of the path");
        }
        request.model = named;
    }

    /** A content, or, as some clients send it, a part or a string. */
    private void instruction() {
        if (reader.peek() == Kind.STRING) {
            instruct(reader.string());
            return;
        }
        ProtoObject content = ProtoObject.enter(reader, INSTRUCTION);
        for (int f = content.next(); f != JsonReader.END_OBJECT; f = content.next()) {
            switch (f) {
                case 0 -> instructions();
                case 2 -> instruct(reader.string());
                default -> reader.skip();
            }
        }
    }

    private void instructions() {
        if (reader.peek() == Kind.OBJECT) {
            instructionPart();
            return;
        }
        reader.beginArray();
        while (reader.hasNext()) {
            instructionPart();
        }
    }

    private void instructionPart() {
        int position = reader.position();
        boolean known = false;
        ProtoObject part = ProtoObject.enter(reader, INSTRUCTION);
        for (int f = part.next(); f != JsonReader.END_OBJECT; f = part.next()) {
            if (f == 2) {
                known = true;
                instruct(reader.string());
            } else {
                reader.skip();
            }
        }
        if (!known) {
            Raw raw = Lenient.rawAt(document, position);
            request.system.add(new Block.Opaque("systemInstruction", raw));
        }
    }

    private void instruct(String text) {
        if (!text.isEmpty()) {
            request.system.add(new Block.Text(text));
        }
    }
}
