package dev.sluice.dialect.gemini;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * What functions answered. On this wire that is an object; by convention {@code output} holds what
 * is no object by itself, and {@code error} tells that it went wrong. Elsewhere it is text.
 */
final class GeminiResults {
    private static final ProtoNames CONVENTION = ProtoNames.of("output", "result", "error");

    /** An answer in canonical form. */
    record Read(String text, boolean isError) {}

    private GeminiResults() {}

    static Read read(@Nullable Raw response) {
        if (response == null) {
            return new Read("", false);
        }
        JsonReader reader = response.reader();
        reader.beginObject();
        int member = CONVENTION.next(reader);
        if (member < 0) {
            return new Read(response.toString(), false);
        }
        Raw value = reader.raw();
        boolean alone = CONVENTION.next(reader) == JsonReader.END_OBJECT;
        boolean text = value.kind() == Kind.STRING;
        if (alone && member == 2) {
            return new Read(text ? value.reader().string() : value.toString(), true);
        }
        return alone && text
                ? new Read(value.reader().string(), false)
                : new Read(response.toString(), false);
    }

    static Raw write(String text, boolean isError) {
        Optional<Raw> object = text.isBlank() ? Optional.empty() : Raw.object(text);
        if (object.isPresent() && !isError) {
            return object.get();
        }
        JsonWriter json = new JsonWriter(new ByteBuilder(text.length() + 16));
        json.beginObject().name(isError ? "error" : "output");
        if (object.isPresent()) {
            json.value(object.get());
        } else {
            json.value(text);
        }
        json.endObject();
        return Raw.of(json.out().toString());
    }
}
