package dev.sluice.testkit;

import tools.jackson.databind.JsonNode;

import java.util.Optional;

/** One golden case: a response body byte for byte, and what a client ends up with. */
public final class Golden {
    private final String dialect;
    private final String name;
    private final byte[] bytes;
    private final JsonNode expected;

    Golden(String dialect, String name, byte[] bytes, JsonNode expected) {
        this.dialect = dialect;
        this.name = name;
        this.bytes = bytes;
        this.expected = expected;
    }

    /** The folder: {@code openai-chat}, {@code openai-responses}, {@code anthropic}. */
    public String dialect() {
        return dialect;
    }

    /** The file without its ending: {@code 03-two-parallel-tools}. */
    public String name() {
        return name;
    }

    /** A copy of the body. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The same answer unstreamed, in the dialect's shape; {@code x_*} members are notes. */
    public JsonNode expected() {
        return expected;
    }

    /** A note: {@code x_error}, {@code x_partial_content}, {@code x_reasoning} … */
    public Optional<JsonNode> note(String note) {
        return expected.optional(note);
    }

    /** Whether the stream must end in an error. */
    public boolean endsInError() {
        return expected.has("x_error") || expected.has("x_final");
    }

    /**
     * Whether it imitates a sloppy server: readers must take it, our writers must never write it.
     */
    public boolean isSloppy() {
        return name.contains("compat");
    }

    @Override
    public String toString() {
        return dialect + "/" + name;
    }
}
