package dev.sluice.dialect.gemini;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;

import java.util.Locale;
import java.util.Set;

/**
 * The vendor's first form of schemas, a part of OpenAPI 3.0, in which types are words in capitals
 * and may be {@code nullable}, and counts may be strings. As JSON schema it can be told to every
 * vendor, this one included.
 */
final class GeminiSchema {
    private static final Set<String> TYPES =
            Set.of("STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL");
    private static final Set<String> COUNTS =
            Set.of(
                    "minItems",
                    "maxItems",
                    "minLength",
                    "maxLength",
                    "minProperties",
                    "maxProperties");

    /** Values that are no schemas, whatever they look like. */
    private static final Set<String> VALUES =
            Set.of("enum", "default", "example", "required", "propertyOrdering", "const");

    private static final ProtoNames NULLABLE = ProtoNames.of("nullable");

    private GeminiSchema() {}

    /** The schema as JSON schema; what is one already stays as it is. */
    static Raw toJsonSchema(Raw schema) {
        JsonWriter json = new JsonWriter(new ByteBuilder(schema.length() + 16));
        schema(schema.reader(), json);
        return Raw.of(json.out().toString());
    }

    private static void schema(JsonReader reader, JsonWriter json) {
        if (reader.peek() != Kind.OBJECT) {
            json.value(reader.raw());
            return;
        }
        Raw whole = reader.raw();
        boolean nullable = isNullable(whole.reader());
        JsonReader members = whole.reader();
        members.beginObject();
        json.beginObject();
        while (NULLABLE.next(members) != JsonReader.END_OBJECT) {
            member(ProtoNames.camelCase(members.fieldName()), members, json, nullable);
        }
        json.endObject();
    }

    private static boolean isNullable(JsonReader reader) {
        boolean nullable = false;
        reader.beginObject();
        for (int f = NULLABLE.next(reader); f != JsonReader.END_OBJECT; f = NULLABLE.next(reader)) {
            if (f == 0 && reader.peek() == Kind.BOOLEAN) {
                nullable = reader.bool();
            } else {
                reader.skip();
            }
        }
        return nullable;
    }

    private static void member(String name, JsonReader reader, JsonWriter json, boolean nullable) {
        switch (name) {
            case "nullable" -> reader.skip();
            case "type" -> type(reader, json, nullable);
            case "properties" -> properties(reader, json.name(name));
            case "anyOf" -> schemas(reader, json.name(name));
            default -> {
                json.name(name);
                if (COUNTS.contains(name) && reader.peek() == Kind.STRING) {
                    json.value(GeminiGeneration.integer(reader));
                } else if (VALUES.contains(name)) {
                    json.value(reader.raw());
                } else {
                    schema(reader, json);
                }
            }
        }
    }

    private static void type(JsonReader reader, JsonWriter json, boolean nullable) {
        Raw written = reader.raw();
        String word = written.kind() == Kind.STRING ? written.reader().string() : "";
        if (word.equals("TYPE_UNSPECIFIED")) {
            return;
        }
        json.name("type");
        if (word.isEmpty()) {
            json.value(written);
            return;
        }
        String type = TYPES.contains(word) ? word.toLowerCase(Locale.ROOT) : word;
        if (nullable) {
            json.beginArray().value(type).value("null").endArray();
        } else {
            json.value(type);
        }
    }

    private static void properties(JsonReader reader, JsonWriter json) {
        if (reader.peek() != Kind.OBJECT) {
            json.value(reader.raw());
            return;
        }
        reader.beginObject();
        json.beginObject();
        while (NULLABLE.next(reader) != JsonReader.END_OBJECT) {
            json.name(reader.fieldName());
            schema(reader, json);
        }
        json.endObject();
    }

    private static void schemas(JsonReader reader, JsonWriter json) {
        if (reader.peek() != Kind.ARRAY) {
            json.value(reader.raw());
            return;
        }
        reader.beginArray();
        json.beginArray();
        while (reader.hasNext()) {
            schema(reader, json);
        }
        json.endArray();
    }
}
