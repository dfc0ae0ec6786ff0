package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Lists of models, single ones, and counts of tokens. That a model streams text is said of every
 * one, since clients leave out those of which it is not said.
 */
final class BedrockModels {
    private static final Names LIST = Names.of("modelSummaries");
    private static final Names MODEL = Names.of("modelId", "providerName");
    private static final Names COUNT = Names.of("inputTokens");

    private BedrockModels() {}

    static byte[] list(List<ModelCard> models) {
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().name("modelSummaries").beginArray();
        models.forEach(model -> write(json, model));
        return json.endArray().endObject().out().toBytes();
    }

    static byte[] show(ModelCard model) {
        JsonWriter json = new JsonWriter(new ByteBuilder());
        write(json.beginObject().name("modelDetails"), model);
        return json.endObject().out().toBytes();
    }

    private static void write(JsonWriter json, ModelCard model) {
        json.beginObject()
                .field("modelArn", "arn:aws:bedrock:::foundation-model/" + model.id())
                .field("modelId", model.id())
                .field("modelName", model.id())
                .field("providerName", model.owner());
        list(json, "inputModalities", "TEXT");
        list(json, "outputModalities", "TEXT");
        json.field("responseStreamingSupported", true);
        list(json, "inferenceTypesSupported", "ON_DEMAND");
        json.name("modelLifecycle").beginObject().field("status", "ACTIVE").endObject();
        json.endObject();
    }

    private static void list(JsonWriter json, String name, String only) {
        json.name(name).beginArray().value(only).endArray();
    }

    static List<ModelCard> read(byte[] body) {
        List<ModelCard> models = new ArrayList<>();
        JsonReader reader = new JsonReader(body);
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
        String id = "";
        String owner = "";
        for (int f = reader.nextField(MODEL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MODEL)) {
            switch (f) {
                case 0 -> id = Lenient.text(reader).toString();
                case 1 -> owner = Lenient.text(reader).toString();
                default -> reader.skip();
            }
        }
        if (!id.isEmpty()) {
            models.add(new ModelCard(id, owner, 0));
        }
    }

    static byte[] count(long inputTokens) {
        return new ByteBuilder(32).add("{\"inputTokens\":").number(inputTokens).add('}').toBytes();
    }

    static OptionalLong readCount(byte[] body) {
        OptionalLong count = OptionalLong.empty();
        JsonReader reader = new JsonReader(body);
        reader.beginObject();
        for (int f = reader.nextField(COUNT);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(COUNT)) {
            if (f == 0 && reader.peek() == JsonReader.Kind.NUMBER) {
                count = OptionalLong.of(reader.integer());
            } else {
                reader.skip();
            }
        }
        return count;
    }
}
