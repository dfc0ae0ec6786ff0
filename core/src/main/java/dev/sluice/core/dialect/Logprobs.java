package dev.sluice.core.dialect;

import dev.sluice.core.event.Event.Annotation;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

/**
 * Log probabilities of tokens. OpenAI's dialects and Ollama's write a token alike, in a list that
 * stands for itself or is the {@code content} of an object.
 */
public final class Logprobs {
    /** The name of the annotation that holds them. */
    public static final String NAME = "logprobs";

    private static final Names CONTENT = Names.of("content");

    private Logprobs() {}

    /** The list that a note holds; null if it is another note, or holds none. */
    public static @Nullable Raw of(Annotation note) {
        return note.name().equals(NAME) ? list(note.data()) : null;
    }

    /** The list of what an upstream {@code told}; null if there is none. */
    public static @Nullable Raw list(Raw told) {
        Raw list = told.kind() == Kind.OBJECT ? content(told.reader()) : told;
        return list != null && list.kind() == Kind.ARRAY ? list : null;
    }

    private static @Nullable Raw content(JsonReader reader) {
        Raw content = null;
        reader.beginObject();
        for (int f = reader.nextField(CONTENT);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CONTENT)) {
            if (f == 0) {
                content = reader.raw();
            } else {
                reader.skip();
            }
        }
        return content;
    }
}
