package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;

import java.util.ArrayList;
import java.util.List;

/** Lists of models, and single ones. */
final class OpenAiChatModels {
    private static final Names LIST = Names.of("data");
    private static final Names MODEL = Names.of("id", "owned_by", "created");

    private OpenAiChatModels() {}

    static byte[] write(List<ModelCard> models) {
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().field("object", "list").name("data").beginArray();
        models.forEach(model -> write(json, model));
        json.endArray().endObject();
        return json.out().toBytes();
    }

    static byte[] write(ModelCard model) {
        JsonWriter json = new JsonWriter(new ByteBuilder());
        write(json, model);
        return json.out().toBytes();
    }

    private static void write(JsonWriter json, ModelCard model) {
        json.beginObject().field("id", model.id()).field("object", "model");
        json.field("created", model.created()).field("owned_by", model.owner()).endObject();
    }

    /** The models of a list; of a bare array too. */
    static List<ModelCard> read(byte[] body) {
        JsonReader reader = new JsonReader(body);
        List<ModelCard> models = new ArrayList<>();
        if (reader.peek() == Kind.ARRAY) {
            cards(reader, models);
            return models;
        }
        reader.beginObject();
        for (int f = reader.nextField(LIST);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(LIST)) {
            if (f == 0) {
                cards(reader, models);
            } else {
                reader.skip();
            }
        }
        return models;
    }

    private static void cards(JsonReader reader, List<ModelCard> models) {
        if (!Lenient.enterArray(reader)) {
            return;
        }
        while (reader.hasNext()) {
            card(reader, models);
        }
    }

    private static void card(JsonReader reader, List<ModelCard> models) {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        String id = "";
        String owner = "";
        long created = 0;
        for (int f = reader.nextField(MODEL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MODEL)) {
            switch (f) {
                case 0 -> id = Lenient.text(reader).toString();
                case 1 -> owner = Lenient.text(reader).toString();
                case 2 -> created = Lenient.number(reader, 0);
                default -> reader.skip();
            }
        }
        if (!id.isEmpty()) {
            models.add(new ModelCard(id, owner, created));
        }
    }
}
