package dev.sluice.gateway.simulated;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes up JSON that fits a JSON schema in a simple way. It honours {@code const}, {@code enum},
 * {@code type}, {@code properties} with {@code required}, {@code items} with {@code minItems}, the
 * bounds of numbers and strings, the common formats, local {@code $ref}, and the first alternative
 * of {@code anyOf}, {@code oneOf}, {@code allOf}; no {@code pattern}.
 *
 * <p>Of an object it makes the required members, or all where none is required.
 */
final class ExampleJson {
    /** How deep and how large an example may be: a schema that refers to itself has no end. */
    private static final int MOST_DEPTH = 12;

    private static final int MOST_VALUES = 500;
    private static final int MOST_ITEMS = 20;
    private static final int MOST_CHARACTERS = 1_000;
    private static final Names NO_NAMES = Names.of();
    private static final String[] CITIES = {"Zürich", "東京", "Nairobi"};

    private final Raw root;
    private final int variation;
    private final Map<String, Map<String, Raw>> referred = new HashMap<>();
    private final ByteBuilder out = new ByteBuilder();
    private final JsonWriter json = new JsonWriter(out);
    private int valuesLeft = MOST_VALUES;

    private ExampleJson(Raw schema, int variation) {
        this.root = schema;
        this.variation = variation;
    }

    /**
     * JSON text that fits {@code schema}; another {@code variation}, counted from 0, gives other
     * values where it can.
     *
     * @throws dev.sluice.core.json.MalformedJson when the schema holds a number of absurd size
     */
    static String of(Raw schema, int variation) {
        ExampleJson example = new ExampleJson(schema, variation);
        example.value("", members(schema), 0);
        return example.out.toString();
    }

    /** Whether {@code schema} is one of objects that have no members. */
    static boolean isOfNothing(Raw schema) {
        Map<String, Raw> members = members(schema);
        Raw properties = members.get("properties");
        return (properties == null || members(properties).isEmpty())
                && !members.containsKey("$ref")
                && !members.containsKey("anyOf")
                && !members.containsKey("oneOf")
                && !members.containsKey("allOf");
    }

    private void value(String name, Map<String, Raw> written, int depth) {
        if (depth > MOST_DEPTH || valuesLeft-- <= 0) {
            json.nullValue();
            return;
        }
        Map<String, Raw> schema = resolved(written);
        Raw constant = schema.get("const");
        List<Raw> choices = constant == null ? elements(schema.get("enum")) : List.of(constant);
        if (!choices.isEmpty()) {
            json.value(choices.get(variation % choices.size()));
            return;
        }
        switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(name, schema, depth);
            case "integer" -> json.value((long) Math.ceil(number(schema)));
            case "number" -> json.value(number(schema));
            case "boolean" -> json.value(true);
            case "null" -> json.nullValue();
            default -> json.value(string(name, schema));
        }
    }

    private void object(Map<String, Raw> schema, int depth) {
        Map<String, Raw> properties = members(schema.get("properties"));
        List<String> names = strings(schema.get("required"));
        json.beginObject();
        for (String name : names.isEmpty() ? properties.keySet() : names) {
            json.name(name);
            value(name, members(properties.get(name)), depth + 1);
        }
        json.endObject();
    }

    private void array(String name, Map<String, Raw> schema, int depth) {
        Map<String, Raw> items = members(schema.get("items"));
        int count = (int) Math.min(MOST_ITEMS, bound(schema, "minItems", 1));
        json.beginArray();
        for (int i = 0; i < Math.max(count, 1); i++) {
            value(name, items, depth + 1);
        }
        json.endArray();
    }

    /** The least number that is allowed, from 1 on if no least is said. */
    private double number(Map<String, Raw> schema) {
        double least = bound(schema, "minimum", bound(schema, "exclusiveMinimum", 0) + 1);
        double value = Math.min(least, bound(schema, "maximum", least));
        double step = bound(schema, "multipleOf", 0);
        return step > 0 ? Math.ceil(value / step) * step : value;
    }

    private String string(String name, Map<String, Raw> schema) {
        String plain = sample(name, schema);
        int least = (int) Math.min(MOST_CHARACTERS, bound(schema, "minLength", 0));
        int most = (int) Math.min(MOST_CHARACTERS, bound(schema, "maxLength", MOST_CHARACTERS));
        String padded = plain + "x".repeat(Math.max(0, least - plain.length()));
        return padded.substring(0, Math.max(0, Math.min(most, padded.length())));
    }

    private String sample(String name, Map<String, Raw> schema) {
        String format = strings(schema.get("format")).stream().findFirst().orElse("");
        return switch (format) {
            case "date" -> "2026-01-01";
            case "date-time" -> "2026-01-01T12:00:00Z";
            case "time" -> "12:00:00Z";
            case "email" -> "somebody@example.com";
            case "uri", "uri-reference" -> "https://example.com/";
            case "uuid" -> "00000000-0000-4000-8000-000000000000";
            default ->
                    name.equals("city") || name.equals("location")
                            ? CITIES[variation % CITIES.length]
                            : variation == 0 ? "example" : "example " + (variation + 1);
        };
    }

    private static String type(Map<String, Raw> schema) {
        for (String type : strings(schema.get("type"))) {
            return type;
        }
        return schema.containsKey("properties")
                ? "object"
                : schema.containsKey("items") ? "array" : "string";
    }

    /** The schema with what it refers to and its first alternative merged in. */
    private Map<String, Raw> resolved(Map<String, Raw> written) {
        Map<String, Raw> schema = written;
        for (int i = 0; i < MOST_DEPTH; i++) {
            Map<String, Raw> more = further(schema);
            if (more.isEmpty()) {
                return schema;
            }
            Map<String, Raw> merged = new LinkedHashMap<>(schema);
            for (String followed : List.of("$ref", "anyOf", "oneOf", "allOf")) {
                merged.remove(followed);
            }
            merged.putAll(more);
            schema = merged;
        }
        return schema;
    }

    private Map<String, Raw> further(Map<String, Raw> schema) {
        for (String reference : strings(schema.get("$ref"))) {
            return referred(reference);
        }
        for (String alternatives : List.of("anyOf", "oneOf", "allOf")) {
            for (Raw first : elements(schema.get(alternatives))) {
                return members(first);
            }
        }
        return Map.of();
    }

    /** What {@code #/$defs/Name} refers to, looked up once; nothing if it is no such reference. */
    private Map<String, Raw> referred(String reference) {
        return referred.computeIfAbsent(reference, this::lookUp);
    }

    private Map<String, Raw> lookUp(String reference) {
        if (!reference.startsWith("#/")) {
            return Map.of();
        }
        Map<String, Raw> at = members(root);
        for (String step : reference.substring(2).split("/", -1)) {
            at = members(at.get(step.replace("~1", "/").replace("~0", "~")));
        }
        return at;
    }

    private static double bound(Map<String, Raw> schema, String name, double unsaid) {
        Raw value = schema.get(name);
        return value != null && value.kind() == JsonReader.Kind.NUMBER
                ? value.reader().number()
                : unsaid;
    }

    private static Map<String, Raw> members(@Nullable Raw object) {
        if (object == null || object.kind() != JsonReader.Kind.OBJECT) {
            return Map.of();
        }
        Map<String, Raw> members = new LinkedHashMap<>();
        JsonReader reader = object.reader();
        reader.beginObject();
        while (reader.nextField(NO_NAMES) != JsonReader.END_OBJECT) {
            members.put(reader.fieldName(), reader.raw());
        }
        return members;
    }

    private static List<Raw> elements(@Nullable Raw array) {
        if (array == null || array.kind() != JsonReader.Kind.ARRAY) {
            return List.of();
        }
        List<Raw> elements = new ArrayList<>();
        JsonReader reader = array.reader();
        reader.beginArray();
        while (reader.hasNext()) {
            elements.add(reader.raw());
        }
        return elements;
    }

    /** The string, or the strings of the array. */
    private static List<String> strings(@Nullable Raw value) {
        if (value != null && value.kind() == JsonReader.Kind.STRING) {
            return List.of(value.reader().string());
        }
        List<String> strings = new ArrayList<>();
        for (Raw element : elements(value)) {
            if (element.kind() == JsonReader.Kind.STRING) {
                strings.add(element.reader().string());
            }
        }
        return strings;
    }
}
