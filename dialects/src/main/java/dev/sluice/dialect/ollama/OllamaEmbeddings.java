package dev.sluice.dialect.ollama;

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

import java.util.ArrayList;
import java.util.List;

/**
 * Requests for embeddings and the answers to them: {@code /api/embed}, and the older {@code
 * /api/embeddings}, which has one {@code prompt} and one vector. The older form is never asked of
 * an upstream.
 */
final class OllamaEmbeddings {
    private static final Names REQUEST = Names.of("model", "input", "dimensions", "prompt");

    /** Marks a request of the older form. */
    private static final String OLDER = Request.GATEWAY + "prompt";

    private static final Names ANSWER = Names.of("embeddings", "model", "prompt_eval_count");

    private OllamaEmbeddings() {}

    // ---- requests ----

    /** Reads a client's request. */
    static Request decode(byte[] body) {
        JsonReader reader = JsonReader.strict(body);
        Request.Builder request = Request.builder(OllamaDialect.NAME);
        List<String> texts = new ArrayList<>();
        Long dimensions = null;
        reader.beginObject();
        for (int f = reader.nextField(REQUEST);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(REQUEST)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> request.model = reader.string();
                case 1 -> texts(reader, texts);
                case 2 -> dimensions = reader.integer();
                case 3 -> {
                    texts.add(reader.string());
                    request.extra.put(OLDER, Raw.of("true"));
                }
                default -> request.extra.put(reader.fieldName(), reader.raw());
            }
        }
        if (request.model.isEmpty()) {
            throw Failure.invalid("model", "model is required").asException();
        }
        // None, and 0, is as the model makes them.
        Long wanted = dimensions != null && dimensions > 0 ? dimensions : null;
        request.embed = new Embed(texts, null, wanted, false);
        return request.build();
    }

    private static void texts(JsonReader reader, List<String> texts) {
        if (reader.peek() == Kind.STRING) {
            texts.add(reader.string());
            return;
        }
        reader.beginArray();
        while (reader.hasNext()) {
            texts.add(reader.string());
        }
    }

    /** Whether it was asked for in the older form. */
    static boolean isOlder(Request request) {
        return request.extra().containsKey(OLDER);
    }

    /** Writes a request for an upstream. */
    static EncodedRequest encode(Request request, Target target) {
        Embed embed = request.embed();
        if (embed == null) {
            throw new IllegalArgumentException("a request for an answer (expected: embeddings)");
        }
        if (embed.tokens() != null) {
            throw Failure.unsupported(
                            "input",
                            "Ollama's API takes no tokens as numbers (expected: input of texts)")
                    .asException();
        }
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().field("model", target.model()).name("input").beginArray();
        embed.texts().forEach(json::value);
        json.endArray();
        // Without it Ollama embeds the beginning of a text that is too long and does not say so.
        if (!request.extra().containsKey("truncate")) {
            json.field("truncate", false);
        }
        if (embed.dimensions() != null) {
            json.field("dimensions", embed.dimensions());
        }
        List<String> warnings = new ArrayList<>();
        if (request.user() != null) {
            warnings.add("dropped=user");
        }
        boolean own = request.dialect().equals(OllamaDialect.NAME);
        request.extra()
                .forEach(
                        (name, value) -> {
                            if (name.startsWith(Request.GATEWAY)) {
                                return;
                            }
                            if (own) {
                                json.field(name, value);
                            } else {
                                warnings.add("dropped=" + name);
                            }
                        });
        json.endObject();
        return new EncodedRequest(json.out().toBytes(), Headers.NONE, warnings, Emulations.NONE);
    }

    // ---- answers ----

    /** Reads an upstream's answer. */
    static Embeddings read(byte[] body) {
        JsonReader reader = new JsonReader(body);
        List<float[]> vectors = new ArrayList<>();
        boolean found = false;
        String model = "";
        long input = Usage.UNKNOWN;
        reader.beginObject();
        for (int f = reader.nextField(ANSWER);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(ANSWER)) {
            switch (f) {
                case 0 -> {
                    found = true;
                    reader.beginArray();
                    while (reader.hasNext()) {
                        vectors.add(Floats.read(reader));
                    }
                }
                case 1 -> model = Lenient.text(reader).toString();
                case 2 -> input = Lenient.number(reader, Usage.UNKNOWN);
                default -> reader.skip();
            }
        }
        if (!found) {
            throw reader.error("embeddings");
        }
        Usage usage = input < 0 ? Usage.NONE : Usage.of(input, 0, 0, 0, 0);
        return new Embeddings(model, vectors, usage);
    }

    /** Writes an answer for a client. */
    static byte[] write(Embeddings embeddings, EncodeContext context) {
        JsonWriter json = new JsonWriter(new ByteBuilder(4096));
        json.beginObject();
        if (isOlder(context.request())) {
            Floats.write(json.name("embedding"), embeddings.vectors().getFirst());
            return json.endObject().out().toBytes();
        }
        json.field("model", embeddings.model().isEmpty() ? context.model() : embeddings.model());
        json.name("embeddings").beginArray();
        for (float[] vector : embeddings.vectors()) {
            Floats.write(json, vector);
        }
        json.endArray();
        json.field("total_duration", Math.max(0, context.elapsed().total()));
        json.field("load_duration", 0);
        long input = embeddings.usage().totalInput();
        if (input >= 0) {
            json.field("prompt_eval_count", input);
        }
        json.endObject();
        return json.out().toBytes();
    }
}
