package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;

import java.util.ArrayList;
import java.util.List;

/** Lists of models, and single ones. */
final class GeminiModels {
    private static final ProtoNames LIST = ProtoNames.of("models");
    private static final ProtoNames MODEL = ProtoNames.of("name", "supportedGenerationMethods");

    private GeminiModels() {}

    static byte[] write(List<ModelCard> models) {
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().name("models").beginArray();
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
        json.beginObject().field("name", GeminiPaths.resource(model.id()));
        json.field("baseModelId", model.id()).field("version", "").field("displayName", model.id());
        json.field("description", model.owner());
        json.name("supportedGenerationMethods").beginArray();
        json.value(GeminiPaths.GENERATE).value(GeminiPaths.STREAM).value(GeminiPaths.COUNT);
        json.endArray().endObject();
    }

    /** The models of a list that answer; those that only embed or draw are left out. */
    static List<ModelCard> read(byte[] body) {
        JsonReader reader = new JsonReader(body);
        List<ModelCard> models = new ArrayList<>();
        reader.beginObject();
        for (int f = LIST.next(reader); f != JsonReader.END_OBJECT; f = LIST.next(reader)) {
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
        boolean answers = true;
        for (int f = MODEL.next(reader); f != JsonReader.END_OBJECT; f = MODEL.next(reader)) {
            switch (f) {
                case 0 -> name = GeminiPaths.modelName(Lenient.text(reader).toString());
                case 1 -> answers = answers(reader);
                default -> reader.skip();
            }
        }
        if (!name.isEmpty() && answers) {
            models.add(new ModelCard(name, "google", 0));
        }
    }

    private static boolean answers(JsonReader reader) {
        if (!Lenient.enterArray(reader)) {
            return true;
        }
        boolean answers = false;
        while (reader.hasNext()) {
            answers |= Lenient.text(reader).contentEquals(GeminiPaths.GENERATE);
        }
        return answers;
    }
}
