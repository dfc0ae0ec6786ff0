package dev.sluice.dialect.anthropic;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

/**
 * A client's request as it is read: the reader, and a scout that looks ahead for a {@code type},
 * since what the other members of a block mean depends on it and it may come last. Errors name the
 * place.
 */
final class RequestBody {
    private static final Names TYPE = Names.of("type");

    final JsonReader reader;
    private final byte[] bytes;
    private final JsonReader scout;

    /** Checks that {@code bytes} are JSON without doubtful names. */
    RequestBody(byte[] bytes) {
        this.bytes = bytes;
        reader = JsonReader.strict(bytes);
        scout = new JsonReader(bytes);
    }

    /** The {@code type} of the object that is next; empty if it has none. */
    String typeAhead() {
        look();
        return type();
    }

    /**
     * The {@code type} of the object in the member {@code name} of the object that is next; empty
     * if there is none.
     */
    String typeAheadIn(Names name) {
        look();
        if (scout.peek() != Kind.OBJECT) {
            return "";
        }
        scout.beginObject();
        int member = scout.nextField(name);
        while (member != JsonReader.END_OBJECT) {
            if (member == 0) {
                return type();
            }
            scout.skip();
            member = scout.nextField(name);
        }
        return "";
    }

    private void look() {
        int at = reader.position();
        scout.reset(bytes, at, bytes.length - at);
    }

    private String type() {
        if (scout.peek() != Kind.OBJECT) {
            return "";
        }
        scout.beginObject();
        int member = scout.nextField(TYPE);
        while (member != JsonReader.END_OBJECT) {
            if (member == 0 && scout.peek() == Kind.STRING) {
                return scout.string();
            }
            scout.skip();
            member = scout.nextField(TYPE);
        }
        return "";
    }

    /** A string, or null. */
    @Nullable String string() {
        return reader.skipNull() ? null : reader.string();
    }

    /** A value as it is written, or null. */
    @Nullable Raw raw() {
        return reader.skipNull() ? null : reader.raw();
    }

    /** A value that must be an object, as it is written. */
    Raw object() {
        if (reader.peek() != Kind.OBJECT) {
            throw reader.error("expected an object, found " + reader.peek().words());
        }
        return reader.raw();
    }

    /** The value that was just read is not one of those allowed. */
    FailureException wrong(String expected) {
        String path = path();
        return Failure.invalid(path, path + ": expected " + expected).asException();
    }

    /** The object that was just read, or is being read, lacks the member {@code name}. */
    FailureException missing(String name) {
        String path = path();
        String field = path.isEmpty() ? name : path + "." + name;
        return Failure.invalid(field, field + " is required").asException();
    }

    /** Where the reader is, such as {@code messages[0].role}. */
    String path() {
        return reader.error("").path();
    }
}
