package dev.sluice.dialect.gemini;

import dev.sluice.core.json.JsonReader;

import java.util.HashSet;
import java.util.Set;

/**
 * One object of a client's request, member by member. A member that is null is not there. A member
 * that stands there twice, in both of its spellings, is an error: what is checked must be what is
 * sent.
 */
final class ProtoObject {
    private final JsonReader reader;
    private final ProtoNames names;
    private final Set<String> seen = new HashSet<>();

    private ProtoObject(JsonReader reader, ProtoNames names) {
        this.reader = reader;
        this.names = names;
    }

    /** Enters the object that is next. */
    static ProtoObject enter(JsonReader reader, ProtoNames names) {
        reader.beginObject();
        return new ProtoObject(reader, names);
    }

    /** The place of the next member that is not null, as {@link ProtoNames#next} tells it. */
    int next() {
        int place = names.next(reader);
        while (place != JsonReader.END_OBJECT) {
            once();
            if (!reader.skipNull()) {
                return place;
            }
            place = names.next(reader);
        }
        return place;
    }

    private void once() {
        if (!seen.add(name())) {
            throw reader.error("the member `" + name() + "` stands here in both of its spellings");
        }
    }

    /** The name of the member that {@link #next} has found, in camel case. */
    String name() {
        return ProtoNames.camelCase(reader.fieldName());
    }
}
