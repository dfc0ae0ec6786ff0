package dev.sluice.testkit;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * JSON for tests, read strictly: no duplicate member, nothing after the value, UTF-8 without a
 * fault.
 */
public final class Json {
    private static final int EXCERPT = 200;
    private static final JsonMapper STRICT =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private Json() {}

    /** The value; an assertion failure that shows the beginning of the text when it is not JSON. */
    public static JsonNode parse(String text) {
        try {
            JsonNode node = STRICT.readTree(text);
            if (node.isMissingNode()) {
                throw new AssertionError("not JSON: the text is empty");
            }
            return node;
        } catch (JacksonException e) {
            throw new AssertionError(
                    "not JSON: " + e.getOriginalMessage() + ": " + excerpt(text), e);
        }
    }

    /** As {@link #parse(String)}, from strict UTF-8. */
    public static JsonNode parse(byte[] bytes) {
        return parse(utf8(bytes));
    }

    /** The value, which must be an object. */
    public static ObjectNode object(String text) {
        if (parse(text) instanceof ObjectNode object) {
            return object;
        }
        throw new AssertionError("not a JSON object: " + excerpt(text));
    }

    /** An empty object to fill. */
    public static ObjectNode object() {
        return STRICT.createObjectNode();
    }

    /** The text as a JSON string, with its quotes. */
    public static String quote(String text) {
        return STRICT.writeValueAsString(text);
    }

    /** The text of the bytes; an assertion failure when they are not UTF-8. */
    public static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError(
                    "not UTF-8: " + excerpt(new String(bytes, StandardCharsets.UTF_8)), e);
        }
    }

    /** The beginning of a text, short enough for a failure message. */
    public static String excerpt(String text) {
        return text.length() <= EXCERPT
                ? text
                : text.substring(0, EXCERPT) + "… (" + text.length() + " characters)";
    }
}
