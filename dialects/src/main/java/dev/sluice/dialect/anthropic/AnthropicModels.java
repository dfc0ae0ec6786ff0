package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Names;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Lists of models and counts of tokens. */
final class AnthropicModels {
    private static final Names LIST = Names.of("data");
    private static final Names MODEL =
            Names.of("id", "created_at", "owned_by", "created", "display_name");
    private static final Names COUNT = Names.of("input_tokens");

    private AnthropicModels() {}

    static byte[] encode(List<ModelCard> models) {
        JsonWriter out = new JsonWriter(new ByteBuilder());
        out.beginObject().name("data").beginArray();
        for (ModelCard model : models) {
            write(out, model);
        }
        out.endArray().field("has_more", false).name("first_id");
        id(out, models.isEmpty() ? "" : models.getFirst().id());
        out.name("last_id");
        id(out, models.isEmpty() ? "" : models.getLast().id());
        return out.endObject().out().toBytes();
    }

    private static void id(JsonWriter out, String id) {
        if (id.isEmpty()) {
            out.nullValue();
        } else {
            out.value(id);
        }
    }

    static byte[] encode(ModelCard model) {
        JsonWriter out = new JsonWriter(new ByteBuilder());
        write(out, model);
        return out.out().toBytes();
    }

    private static void write(JsonWriter out, ModelCard model) {
        out.beginObject()
                .field("type", "model")
                .field("id", model.id())
                .field("display_name", model.id())
                .field("created_at", Instant.ofEpochSecond(model.created()).toString())
                // The official libraries demand it; what is listed here can be used.
                .field("lifecycle", "active")
                .endObject();
    }

    /**
     * The models of an upstream's list, which may be one of a server that knows this dialect only
     * for messages.
     */
    static List<ModelCard> decode(byte[] body) {
        List<ModelCard> models = new ArrayList<>();
        JsonReader reader = new JsonReader(body);
        reader.beginObject();
        int member = reader.nextField(LIST);
        while (member != JsonReader.END_OBJECT) {
            if (member == 0 && reader.peek() == JsonReader.Kind.ARRAY) {
                reader.beginArray();
                while (reader.hasNext()) {
                    model(reader, models);
                }
            } else {
                reader.skip();
            }
            member = reader.nextField(LIST);
        }
        return List.copyOf(models);
    }

    private static void model(JsonReader reader, List<ModelCard> models) {
        if (reader.peek() != JsonReader.Kind.OBJECT) {
            reader.skip();
            return;
        }
        String id = "";
        String owner = "anthropic";
        long created = 0;
        reader.beginObject();
        int member = reader.nextField(MODEL);
        while (member != JsonReader.END_OBJECT) {
            JsonReader.Kind kind = reader.peek();
            if (member == 0 && kind == JsonReader.Kind.STRING) {
                id = reader.string();
            } else if (member == 1 && kind == JsonReader.Kind.STRING) {
                created = seconds(reader.string());
            } else if (member == 2 && kind == JsonReader.Kind.STRING) {
                owner = reader.string();
            } else if (member == 3 && kind == JsonReader.Kind.NUMBER) {
                created = (long) reader.number();
            } else {
                reader.skip();
            }
            member = reader.nextField(MODEL);
        }
        if (!id.isEmpty()) {
            models.add(new ModelCard(id, owner, created));
        }
    }

    private static long seconds(String time) {
        try {
            return Math.max(0, OffsetDateTime.parse(time).toEpochSecond());
        } catch (DateTimeException unknown) {
            return 0;
        }
    }

    static byte[] encodeCount(long inputTokens) {
        return new ByteBuilder(32).add("{\"input_tokens\":").number(inputTokens).add('}').toBytes();
    }

    static OptionalLong decodeCount(byte[] body) {
        OptionalLong count = OptionalLong.empty();
        JsonReader reader = new JsonReader(body);
        reader.beginObject();
        int member = reader.nextField(COUNT);
        while (member != JsonReader.END_OBJECT) {
            if (member == 0 && reader.peek() == JsonReader.Kind.NUMBER) {
                count = OptionalLong.of(reader.integer());
            } else {
                reader.skip();
            }
            member = reader.nextField(COUNT);
        }
        return count;
    }
}
