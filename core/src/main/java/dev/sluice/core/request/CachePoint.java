package dev.sluice.core.request;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import java.util.Optional;

/**
 * A cache breakpoint: up to there a vendor may keep the prompt. Two vendors write it alike but for
 * the word that says what it is, and the same models stand behind both.
 */
public final class CachePoint {
    /** Anthropic's word for it. */
    public static final String EPHEMERAL = "ephemeral";

    /** Amazon's word for it. */
    public static final String DEFAULT = "default";

    private static final Names MEMBERS = Names.of("type", "ttl");

    private CachePoint() {}

    /** A breakpoint of either vendor under the word of one; empty if it is another's. */
    public static Optional<Raw> under(String word, Raw breakpoint) {
        JsonReader reader = breakpoint.reader();
        if (reader.peek() != Kind.OBJECT) {
            return Optional.empty();
        }
        String type = "";
        String ttl = "";
        reader.beginObject();
        for (int f = reader.nextField(MEMBERS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MEMBERS)) {
            switch (f) {
                case 0 -> type = Lenient.text(reader).toString();
                case 1 -> ttl = Lenient.text(reader).toString();
                default -> reader.skip();
            }
        }
        return type.equals(EPHEMERAL) || type.equals(DEFAULT)
                ? Optional.of(written(word, ttl))
                : Optional.empty();
    }

    private static Raw written(String word, String ttl) {
        ByteBuilder out = new ByteBuilder().add("{\"type\":").quoted(word);
        if (!ttl.isEmpty()) {
            out.add(",\"ttl\":").quoted(ttl);
        }
        return Raw.of(out.add('}').toString());
    }
}
