package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists of models, and single ones. A gateway has no file of a model: what Ollama tells of it is
 * left at what says nothing (size 0, a digest of zeros), since clients want the members.
 */
final class OllamaModels {
    /** The version whose API is spoken here; clients ask for it to know what they may send. */
    private static final String VERSION = "0.12.6";

    private static final String DIGEST = "0".repeat(64);
    private static final Names LIST = Names.of("models");
    private static final Names MODEL = Names.of("name", "model", "modified_at");

    private OllamaModels() {}

    static byte[] version() {
        return ascii("{\"version\":\"" + VERSION + "\"}");
    }

    /** No model is held in the memory of a gateway. */
    static byte[] loaded() {
        return ascii("{\"models\":[]}");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] list(List<ModelCard> models) {
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().name("models").beginArray();
        for (ModelCard model : models) {
            json.beginObject().field("name", model.id()).field("model", model.id());
            json.field("modified_at", OllamaTimes.write(model.created()));
            json.field("size", 0).field("digest", DIGEST);
            details(json, model);
            json.endObject();
        }
        json.endArray().endObject();
        return json.out().toBytes();
    }

    private static void details(JsonWriter json, ModelCard model) {
        json.name("details").beginObject().field("parent_model", "").field("format", "");
        json.field("family", model.owner()).name("families").beginArray();
        json.value(model.owner()).endArray();
        json.field("parameter_size", "").field("quantization_level", "").endObject();
    }

    /**
     * One model. That it converses and may be given tools is said of every model, since clients
     * leave out those of which it is not said, and the upstream refuses what it cannot do.
     */
    static byte[] show(ModelCard model) {
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().field("modelfile", "FROM " + model.id() + "\n");
        json.field("parameters", "").field("template", "{{ .Prompt }}");
        details(json, model);
        json.name("model_info").beginObject();
        json.field("general.architecture", model.owner()).field("general.basename", model.id());
        json.endObject().name("capabilities").beginArray();
        json.value("completion").value("tools").endArray();
        json.field("modified_at", OllamaTimes.write(model.created())).endObject();
        return json.out().toBytes();
    }

    /** The models of a list. */
    static List<ModelCard> read(byte[] body) {
        JsonReader reader = new JsonReader(body);
        List<ModelCard> models = new ArrayList<>();
        reader.beginObject();
        for (int f = reader.nextField(LIST);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(LIST)) {
            if (f == 0 && Lenient.enterArray(reader)) {
                while (reader.hasNext()) {
                    card(reader, models);
                }
            } else if (f < 0) {
                reader.skip();
            }
        }
        return models;
    }

    private static void card(JsonReader reader, List<ModelCard> models) {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        String name = "";
        String model = "";
        long modified = 0;
        for (int f = reader.nextField(MODEL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MODEL)) {
            switch (f) {
                case 0 -> name = Lenient.text(reader).toString();
                case 1 -> model = Lenient.text(reader).toString();
                case 2 -> modified = OllamaTimes.read(Lenient.text(reader));
                default -> reader.skip();
            }
        }
        String id = model.isEmpty() ? name : model;
        if (!id.isEmpty()) {
            models.add(new ModelCard(id, "library", modified));
        }
    }
}
