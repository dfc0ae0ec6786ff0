package dev.sluice.llama.grammar;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** A JSON schema that is an object: its words, each as it was written. */
record Schema(Map<String, Raw> words) {
    static Schema of(Raw raw) {
        return new Schema(members(raw));
    }

    static Map<String, Raw> members(Raw raw) {
        if (raw.kind() != Kind.OBJECT) {
            throw new GrammarException(
                    "the schema has " + raw.kind().words() + " where an object is expected");
        }
        Map<String, Raw> members = new LinkedHashMap<>();
        JsonReader reader = raw.reader();
        reader.beginObject();
        while (reader.nextField(Names.of()) != JsonReader.END_OBJECT) {
            members.put(reader.fieldName(), reader.raw());
        }
        return members;
    }

    boolean has(String word) {
        return words.containsKey(word);
    }

    @Nullable Raw get(String word) {
        return words.get(word);
    }

    /** The elements of an array; none where there is no such word. */
    List<Raw> list(String word) {
        List<Raw> elements = new ArrayList<>();
        Raw raw = words.get(word);
        if (raw == null) {
            return elements;
        }
        if (raw.kind() != Kind.ARRAY) {
            throw new GrammarException("`" + word + "` of the schema is no array");
        }
        JsonReader reader = raw.reader();
        reader.beginArray();
        while (reader.hasNext()) {
            elements.add(reader.raw());
        }
        return elements;
    }

    /** The members of an object; none where there is no such word. */
    Map<String, Raw> object(String word) {
        Raw raw = words.get(word);
        return raw == null ? Map.of() : members(raw);
    }

    /** The string, empty where there is none. */
    String text(String word) {
        Raw raw = words.get(word);
        return raw != null && raw.kind() == Kind.STRING ? raw.reader().string() : "";
    }

    /** The strings of an array, or the one string. */
    List<String> texts(String word) {
        Raw raw = words.get(word);
        if (raw != null && raw.kind() == Kind.STRING) {
            return List.of(raw.reader().string());
        }
        List<String> texts = new ArrayList<>();
        for (Raw element : list(word)) {
            if (element.kind() == Kind.STRING) {
                texts.add(element.reader().string());
            }
        }
        return texts;
    }

    OptionalDouble number(String word) {
        Raw raw = words.get(word);
        return raw != null && raw.kind() == Kind.NUMBER
                ? OptionalDouble.of(raw.reader().number())
                : OptionalDouble.empty();
    }

    /** A count, or {@code otherwise}. */
    int count(String word, int otherwise) {
        OptionalDouble number = number(word);
        return number.isPresent()
                ? (int) Math.clamp(number.getAsDouble(), 0, Integer.MAX_VALUE)
                : otherwise;
    }

    boolean isTrue(String word) {
        Raw raw = words.get(word);
        return raw != null && raw.kind() == Kind.BOOLEAN && raw.reader().bool();
    }

    boolean isFalse(String word) {
        Raw raw = words.get(word);
        return raw != null && raw.kind() == Kind.BOOLEAN && !raw.reader().bool();
    }

    /** This schema without {@code word}. */
    Schema without(String word) {
        Map<String, Raw> rest = new LinkedHashMap<>(words);
        rest.remove(word);
        return new Schema(rest);
    }

    /** What fulfils this and {@code other}, as far as words can be joined. */
    Schema and(Schema other) {
        Map<String, Raw> joined = new LinkedHashMap<>(words);
        other.words.forEach(
                (word, value) ->
                        joined.merge(
                                word,
                                value,
                                (mine, theirs) ->
                                        switch (word) {
                                            case "properties", "$defs", "definitions" ->
                                                    union(mine, theirs);
                                            case "required" -> concatenation(mine, theirs);
                                            default -> theirs;
                                        }));
        return new Schema(joined);
    }

    private static Raw union(Raw mine, Raw theirs) {
        Map<String, Raw> all = members(mine);
        all.putAll(members(theirs));
        JsonWriter out = new JsonWriter(new ByteBuilder());
        out.beginObject();
        all.forEach(out::field);
        out.endObject();
        return Raw.of(out.out().toString());
    }

    private static Raw concatenation(Raw mine, Raw theirs) {
        JsonWriter out = new JsonWriter(new ByteBuilder());
        out.beginArray();
        new Schema(Map.of("a", mine)).list("a").forEach(out::value);
        new Schema(Map.of("a", theirs)).list("a").forEach(out::value);
        out.endArray();
        return Raw.of(out.out().toString());
    }
}
