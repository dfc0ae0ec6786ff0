package dev.sluice.core.request;

import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

/** The form that the answer's text must have. */
public sealed interface ResponseFormat {
    /** Any text. */
    record PlainText() implements ResponseFormat {}

    /** Some JSON object. */
    record JsonObject() implements ResponseFormat {}

    /** JSON that follows a schema; {@code name} may be empty. */
    record JsonSchema(
            String name, @Nullable String description, Raw schema, @Nullable Boolean strict)
            implements ResponseFormat {}
}
