package dev.sluice.llama.template;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value that a template works with. All but {@link Namespace} never change. */
public sealed interface Value {
    /** A string. */
    record Text(String value) implements Value {}

    /** A whole number. */
    record Int(long value) implements Value {}

    /** A number with a fraction. */
    record Real(double value) implements Value {}

    /** True or false. */
    record Bool(boolean value) implements Value {}

    /** None, which is also JSON's null. */
    record None() implements Value {}

    /** What a name or member that does not exist gives; {@code what} says which. */
    record Missing(String what) implements Value {}

    /** A list, or a tuple, which templates cannot tell from one. */
    record Items(List<Value> values) implements Value {
        /** Takes a list that nobody else changes. */
        public Items {
            values = Collections.unmodifiableList(values);
        }

        /** A list of {@code values}. */
        public static Items of(Value... values) {
            return new Items(List.of(values));
        }
    }

    /** A dictionary with names for keys, in their order. */
    record Members(Map<String, Value> values) implements Value {
        /** Takes a map that nobody else changes. */
        public Members {
            values = Collections.unmodifiableMap(values);
        }
    }

    /** The one thing that a template can change: what {@code namespace()} makes. */
    record Namespace(Map<String, Value> values) implements Value {}

    /** Something that can be called. */
    record Function(String name, Body body) implements Value {
        /** What happens at a call. */
        @FunctionalInterface
        interface Body {
            Value call(Arguments arguments);
        }
    }

    /** The only none there is. */
    None NONE = new None();

    /** True. */
    Bool TRUE = new Bool(true);

    /** False. */
    Bool FALSE = new Bool(false);

    /** A string. */
    static Value of(String value) {
        return new Text(value);
    }

    /** A whole number. */
    static Value of(long value) {
        return new Int(value);
    }

    /** True or false. */
    static Value of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /** The value that {@code json} writes; a whole number beyond 64 bits loses digits. */
    static Value of(Raw json) {
        return read(json.reader());
    }

    private static Value read(JsonReader reader) {
        return switch (reader.peek()) {
            case STRING -> new Text(reader.string());
            case BOOLEAN -> of(reader.bool());
            case NUMBER -> number(reader.raw().toString());
            case NULL -> {
                reader.skip();
                yield NONE;
            }
            case ARRAY -> items(reader);
            case OBJECT -> members(reader);
        };
    }

    private static Value number(String spelled) {
        boolean whole = true;
        for (int i = 0; i < spelled.length(); i++) {
            char c = spelled.charAt(i);
            whole &= c == '-' || c >= '0' && c <= '9';
        }
        if (whole && spelled.length() < 19) {
            return new Int(Long.parseLong(spelled));
        }
        return new Real(Double.parseDouble(spelled));
    }

    private static Value items(JsonReader reader) {
        List<Value> values = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            values.add(read(reader));
        }
        return new Items(values);
    }

    private static Value members(JsonReader reader) {
        Map<String, Value> values = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.nextField(Names.of()) != JsonReader.END_OBJECT) {
            values.put(reader.fieldName(), read(reader));
        }
        return new Members(values);
    }
}
