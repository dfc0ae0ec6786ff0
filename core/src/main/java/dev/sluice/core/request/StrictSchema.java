package dev.sluice.core.request;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import java.util.HashSet;
import java.util.Set;

/**
 * Whether a JSON schema has the form that OpenAI demands where {@code strict} is true: every object
 * forbids additional properties and requires all that it has, and the words that cannot be enforced
 * are not used. A schema of another form is refused by the vendor, so strict is then not asked for.
 */
public final class StrictSchema {
    private static final int DEEPEST = 32;
    private static final Names WORDS =
            Names.of(
                    "properties",
                    "required",
                    "additionalProperties",
                    "items",
                    "anyOf",
                    "$defs",
                    "definitions",
                    "type",
                    "allOf",
                    "oneOf",
                    "not",
                    "if",
                    "patternProperties",
                    "dependentRequired",
                    "dependentSchemas",
                    "unevaluatedProperties",
                    "propertyNames",
                    "contains");
    private static final int FIRST_FORBIDDEN = 8;
    private static final Names NONE = Names.of();

    private final JsonReader reader;
    private boolean strict = true;

    private StrictSchema(JsonReader reader) {
        this.reader = reader;
    }

    /** Whether {@code schema} has it. */
    public static boolean isStrict(Raw schema) {
        StrictSchema walk = new StrictSchema(schema.reader());
        walk.schema(0);
        return walk.strict;
    }

    private void schema(int depth) {
        if (reader.peek() != Kind.OBJECT || depth > DEEPEST) {
            strict = false;
            reader.skip();
            return;
        }
        Set<String> properties = new HashSet<>();
        Set<String> required = new HashSet<>();
        boolean closed = false;
        boolean object = false;
        reader.beginObject();
        for (int f = reader.nextField(WORDS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(WORDS)) {
            switch (f) {
                case 0 -> {
                    object = true;
                    schemas(properties, depth);
                }
                case 1 -> strings(required);
                case 2 -> closed = isFalse();
                case 3 -> schema(depth + 1);
                case 4 -> anyOf(depth);
                case 5, 6 -> schemas(new HashSet<>(), depth);
                case 7 -> object |= saysObject();
                default -> {
                    strict &= f < FIRST_FORBIDDEN;
                    reader.skip();
                }
            }
        }
        strict &= !object || closed && required.containsAll(properties);
    }

    private void schemas(Set<String> names, int depth) {
        if (reader.peek() != Kind.OBJECT) {
            strict = false;
            reader.skip();
            return;
        }
        reader.beginObject();
        while (reader.nextField(NONE) != JsonReader.END_OBJECT) {
            names.add(reader.fieldName());
            schema(depth + 1);
        }
    }

    private void anyOf(int depth) {
        if (!Lenient.enterArray(reader)) {
            strict = false;
            return;
        }
        while (reader.hasNext()) {
            schema(depth + 1);
        }
    }

    private void strings(Set<String> into) {
        if (!Lenient.enterArray(reader)) {
            strict = false;
            return;
        }
        while (reader.hasNext()) {
            into.add(Lenient.text(reader).toString());
        }
    }

    private boolean isFalse() {
        if (reader.peek() == Kind.BOOLEAN) {
            return !reader.bool();
        }
        reader.skip();
        return false;
    }

    private boolean saysObject() {
        if (reader.peek() == Kind.STRING) {
            return reader.string().equals("object");
        }
        Set<String> types = new HashSet<>();
        strings(types);
        return types.contains("object");
    }
}
