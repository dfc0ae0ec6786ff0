package dev.sluice.core.request;

import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

/** A tool that the model may call. */
public sealed interface Tool {
    /** The name by which it is called. */
    String name();

    /**
     * A function of the client's.
     *
     * @param parameters JSON schema of its arguments, null if it takes none
     * @param strict whether arguments must follow the schema, null if not said
     */
    record Function(
            String name,
            @Nullable String description,
            @Nullable Raw parameters,
            @Nullable Boolean strict,
            @Nullable Raw cacheControl)
            implements Tool {}

    /**
     * A tool of the client's that takes free text; {@code format} limits it, null if any text will
     * do.
     */
    record Custom(String name, @Nullable String description, @Nullable Raw format)
            implements Tool {}

    /**
     * A tool that the vendor runs, or one with no canonical form; {@code type} is its type there.
     */
    record Hosted(String name, String type, Raw raw) implements Tool {}
}
