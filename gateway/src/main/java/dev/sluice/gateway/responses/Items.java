package dev.sluice.gateway.responses;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Seal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests and responses as documents: their members, and the items of a conversation. */
final class Items {
    private static final Names NONE = Names.of();

    private Items() {}

    /** The member {@code name} of an object, unless it is null or not there. */
    static Optional<Raw> member(Raw object, String name) {
        return Optional.ofNullable(members(object).get(name))
                .filter(value -> value.kind() != Kind.NULL);
    }

    /** The members of an object, in their order. */
    static Map<String, Raw> members(Raw object) {
        return members(object.reader());
    }

    /** The members of the object that is next, in their order. */
    static Map<String, Raw> members(JsonReader reader) {
        Map<String, Raw> members = new LinkedHashMap<>();
        if (reader.peek() == Kind.OBJECT) {
            reader.beginObject();
            while (reader.nextField(NONE) != JsonReader.END_OBJECT) {
                members.put(reader.fieldName(), reader.raw());
            }
        }
        return members;
    }

    /** The members of the object that is next as far as they are wanted. */
    static Map<String, Raw> members(JsonReader reader, Names wanted) {
        Map<String, Raw> members = new LinkedHashMap<>();
        reader.beginObject();
        for (int f = reader.nextField(wanted);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(wanted)) {
            if (f >= 0) {
                members.put(wanted.name(f), reader.raw());
            } else {
                reader.skip();
            }
        }
        return members;
    }

    /** The elements of an array; of a string the message of the user that it stands for. */
    static List<Raw> ofInput(Raw input) {
        return switch (input.kind()) {
            case ARRAY -> elements(input);
            case STRING -> List.of(message(input));
            case OBJECT, NUMBER, BOOLEAN, NULL -> List.of();
        };
    }

    /** The elements of an array; none of anything else. */
    static List<Raw> elements(Raw array) {
        List<Raw> elements = new ArrayList<>();
        JsonReader reader = array.reader();
        if (reader.peek() == Kind.ARRAY) {
            reader.beginArray();
            while (reader.hasNext()) {
                elements.add(reader.raw());
            }
        }
        return elements;
    }

    private static Raw message(Raw text) {
        JsonWriter json = object().field("type", "message").field("role", "user");
        parts(json.name("content"), text);
        return raw(json.endObject());
    }

    private static void parts(JsonWriter json, Raw text) {
        json.beginArray().beginObject().field("type", "input_text").field("text", text);
        json.endObject().endArray();
    }

    private static JsonWriter object() {
        return new JsonWriter(new ByteBuilder()).beginObject();
    }

    private static Raw raw(JsonWriter json) {
        return Raw.of(json.out().toString());
    }

    /** An object with these members. */
    static Raw objectOf(Map<String, Raw> members) {
        JsonWriter json = object();
        members.forEach(json::field);
        return raw(json.endObject());
    }

    /** An array of these elements. */
    static Raw arrayOf(List<Raw> elements) {
        JsonWriter json = new JsonWriter(new ByteBuilder()).beginArray();
        elements.forEach(json::value);
        return raw(json.endArray());
    }

    /**
     * An item of the input as it is listed: with an id, a type, and content in parts.
     *
     * @param place its place, of which an id is made where it has none
     */
    static Raw listed(Raw item, int place) {
        Map<String, Raw> members = members(item);
        members.putIfAbsent("type", Raw.of("\"message\""));
        members.putIfAbsent("id", Raw.of("\"item_" + place + "\""));
        Raw content = members.get("content");
        if (content != null && content.kind() == Kind.STRING) {
            JsonWriter json = new JsonWriter(new ByteBuilder());
            parts(json, content);
            members.put("content", raw(json));
        }
        return objectOf(members);
    }

    /** The string that a member is; empty if it is none. */
    static String string(Map<String, Raw> members, String name) {
        Raw value = members.get(name);
        return value != null && value.kind() == Kind.STRING ? value.reader().string() : "";
    }

    /**
     * These items without reasoning that the dialect's vendor has not sealed itself: it refuses
     * what it cannot read.
     */
    static List<Raw> withoutForeignSeals(List<Raw> items) {
        return items.stream().filter(item -> !isForeignReasoning(item)).toList();
    }

    private static boolean isForeignReasoning(Raw item) {
        Map<String, Raw> members = members(item);
        String seal = string(members, "encrypted_content");
        return string(members, "type").equals("reasoning")
                && (seal.isEmpty() || Seal.isMarked(seal));
    }
}
