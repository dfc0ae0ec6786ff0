package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.Emulations;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.event.Embeddings;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Floats;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Embed;
import dev.sluice.core.request.Request;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Requests for embeddings and the answers to them, {@code /v1/embeddings}. */
final class OpenAiChatEmbeddings {
    private static final Names REQUEST =
            Names.of("model", "input", "encoding_format", "dimensions", "user");
    private static final Names ANSWER = Names.of("data", "model", "usage");
    private static final Names ITEM = Names.of("index", "embedding");

    private OpenAiChatEmbeddings() {}

    // ---- requests ----

    /** Reads a client's request. */
    static Request decode(byte[] body) {
        JsonReader reader = JsonReader.strict(body);
        Request.Builder request = Request.builder(OpenAiChatDialect.NAME);
        Embed input = null;
        Long dimensions = null;
        boolean base64 = false;
        reader.beginObject();
        for (int f = reader.nextField(REQUEST);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(REQUEST)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> request.model = reader.string();
                case 1 -> input = input(reader);
                case 2 -> base64 = isBase64(reader.string());
                case 3 -> dimensions = positive(reader.integer());
                case 4 -> request.user = reader.string();
                default -> request.extra.put(reader.fieldName(), reader.raw());
            }
        }
        if (request.model.isEmpty()) {
            throw Failure.invalid("model", "model is required").asException();
        }
        if (input == null) {
            throw Failure.invalid("input", "input is required").asException();
        }
        request.embed = new Embed(input.texts(), input.tokens(), dimensions, base64);
        return request.build();
    }

    private static boolean isBase64(String format) {
        return switch (format) {
            case "float" -> false;
            case "base64" -> true;
            default ->
                    throw Failure.invalid(
                                    "encoding_format",
                                    "encoding_format: "
                                            + Lenient.shortened(format)
                                            + " (expected: float or base64)")
                            .asException();
        };
    }

    private static long positive(long dimensions) {
        if (dimensions < 1) {
            throw Failure.invalid(
                            "dimensions", "dimensions: " + dimensions + " (expected: at least 1)")
                    .asException();
        }
        return dimensions;
    }

    /** One text, texts, the tokens of one, or those of several. */
    private static Embed input(JsonReader reader) {
        if (reader.peek() == Kind.STRING) {
            return new Embed(List.of(filled(reader.string())), null, null, false);
        }
        Raw whole = reader.raw();
        JsonReader items = whole.reader();
        if (items.peek() != Kind.ARRAY) {
            throw wrongInput();
        }
        List<String> texts = new ArrayList<>();
        boolean numbers = false;
        items.beginArray();
        while (items.hasNext()) {
            switch (items.peek()) {
                case STRING -> texts.add(filled(items.string()));
                case NUMBER, ARRAY -> {
                    numbers = true;
                    items.skip();
                }
                case OBJECT, BOOLEAN, NULL -> throw wrongInput();
            }
        }
        if (numbers ? !texts.isEmpty() : texts.isEmpty()) {
            throw wrongInput();
        }
        return new Embed(texts, numbers ? whole : null, null, false);
    }

    private static String filled(String text) {
        if (text.isEmpty()) {
            throw Failure.invalid("input", "input: an empty text (expected: one with characters)")
                    .asException();
        }
        return text;
    }

    private static RuntimeException wrongInput() {
        return Failure.invalid(
                        "input",
                        "input is not as it should be (expected: a text, a list of texts, or tokens"
                                + " as numbers)")
                .asException();
    }

    /** Writes a request for an upstream. */
    static EncodedRequest encode(Request request, Target target) {
        Embed embed = request.embed();
        if (embed == null) {
            throw new IllegalArgumentException("a request for an answer (expected: embeddings)");
        }
        List<String> warnings = new ArrayList<>();
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().field("model", target.model()).name("input");
        if (embed.tokens() != null) {
            json.value(embed.tokens());
        } else {
            json.beginArray();
            embed.texts().forEach(json::value);
            json.endArray();
        }
        if (embed.dimensions() != null) {
            json.field("dimensions", embed.dimensions());
        }
        if (request.user() != null) {
            json.field("user", request.user());
        }
        boolean ours = request.dialect().equals(OpenAiChatDialect.NAME);
        request.extra()
                .forEach(
                        (name, value) -> {
                            if (ours) {
                                json.field(name, value);
                            } else if (!name.startsWith(Request.GATEWAY)) {
                                warnings.add("dropped=" + name);
                            }
                        });
        json.endObject();
        return new EncodedRequest(json.out().toBytes(), Headers.NONE, warnings, Emulations.NONE);
    }

    // ---- answers ----

    /** Reads an upstream's answer, whichever form its vectors have. */
    static Embeddings read(byte[] body) {
        JsonReader reader = new JsonReader(body);
        Map<Long, float[]> vectors = new TreeMap<>();
        boolean found = false;
        String model = "";
        Usage usage = Usage.NONE;
        reader.beginObject();
        for (int f = reader.nextField(ANSWER);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(ANSWER)) {
            switch (f) {
                case 0 -> {
                    found = true;
                    items(reader, vectors);
                }
                case 1 -> model = Lenient.text(reader).toString();
                case 2 -> usage = OpenAiChatUsage.read(reader);
                default -> reader.skip();
            }
        }
        if (!found) {
            throw reader.error("embeddings under data");
        }
        return new Embeddings(model, List.copyOf(vectors.values()), usage);
    }

    private static void items(JsonReader reader, Map<Long, float[]> vectors) {
        reader.beginArray();
        while (reader.hasNext()) {
            long index = vectors.size();
            float @Nullable [] vector = null;
            reader.beginObject();
            for (int f = reader.nextField(ITEM);
                    f != JsonReader.END_OBJECT;
                    f = reader.nextField(ITEM)) {
                switch (f) {
                    case 0 -> index = Lenient.number(reader, index);
                    case 1 -> vector = vector(reader);
                    default -> reader.skip();
                }
            }
            if (vector != null) {
                vectors.put(index, vector);
            }
        }
    }

    private static float[] vector(JsonReader reader) {
        return reader.peek() == Kind.STRING ? unpacked(reader) : Floats.read(reader);
    }

    private static float[] unpacked(JsonReader reader) {
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap(Base64.getDecoder().decode(reader.string()))
                            .order(ByteOrder.LITTLE_ENDIAN);
            float[] numbers = new float[bytes.remaining() / Float.BYTES];
            bytes.asFloatBuffer().get(numbers);
            return numbers;
        } catch (IllegalArgumentException notBase64) {
            throw reader.error("base64");
        }
    }

    private static String packed(float[] vector) {
        ByteBuffer bytes =
                ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Writes an answer for a client. */
    static byte[] write(Embeddings embeddings, EncodeContext context) {
        Embed asked = context.request().embed();
        boolean base64 = asked != null && asked.base64();
        JsonWriter json = new JsonWriter(new ByteBuilder(4096));
        json.beginObject().field("object", "list").name("data").beginArray();
        int index = 0;
        for (float[] vector : embeddings.vectors()) {
            json.beginObject().field("object", "embedding").field("index", index++);
            json.name("embedding");
            if (base64) {
                json.value(packed(vector));
            } else {
                Floats.write(json, vector);
            }
            json.endObject();
        }
        json.endArray();
        json.field("model", embeddings.model().isEmpty() ? context.model() : embeddings.model());
        long input = embeddings.usage().totalInput();
        if (input >= 0) {
            json.name("usage").beginObject().field("prompt_tokens", input);
            json.field("total_tokens", input).endObject();
        }
        json.endObject();
        return json.out().toBytes();
    }
}
