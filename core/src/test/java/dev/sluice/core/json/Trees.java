package dev.sluice.core.json;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Documents as trees, read by the reader under test and by another library. */
final class Trees {
    private static final Names NONE = Names.of();
    private static final JsonMapper JACKSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .build();

    private Trees() {}

    /** What the other library reads; empty if it refuses. */
    static Optional<JsonNode> jackson(byte[] document) {
        for (int i = 0; i < Math.min(4, document.length); i++) {
            if (document[i] == 0) {
                // It would take them for UTF-16 or UTF-32, which is not JSON (RFC 8259, 8.1).
                return Optional.empty();
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
            JsonNode tree = JACKSON.readTree(document);
            return tree.isMissingNode() ? Optional.empty() : Optional.of(tree);
        } catch (JacksonException | CharacterCodingException refused) {
            return Optional.empty();
        }
    }

    /** What the reader under test reads by walking; empty if it refuses. */
    static Optional<JsonNode> walk(JsonReader reader) {
        try {
            JsonNode tree = value(reader);
            reader.end();
            return Optional.of(tree);
        } catch (MalformedJson refused) {
            return Optional.empty();
        }
    }

    private static JsonNode value(JsonReader reader) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (reader.peek()) {
            case STRING -> nodes.stringNode(reader.string());
            case BOOLEAN -> nodes.booleanNode(reader.bool());
            case NULL -> {
                reader.skipNull();
                yield nodes.nullNode();
            }
            case NUMBER -> number(reader.raw().toString());
            case ARRAY -> array(reader);
            case OBJECT -> object(reader);
        };
    }

    private static JsonNode number(String digits) {
        try {
            return JACKSON.readTree(digits);
        } catch (JacksonException wrong) {
            throw new AssertionError("a number that is none: " + digits, wrong);
        }
    }

    private static ArrayNode array(JsonReader reader) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(value(reader));
        }
        return array;
    }

    private static ObjectNode object(JsonReader reader) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        reader.beginObject();
        while (reader.nextField(NONE) != JsonReader.END_OBJECT) {
            String name = reader.fieldName();
            object.set(name, value(reader));
        }
        return object;
    }

    /** Whether a document can be skipped and kept raw. */
    static boolean skips(byte[] document) {
        try {
            JsonReader skipping = new JsonReader(document);
            skipping.skip();
            skipping.end();
            JsonReader keeping = new JsonReader(document);
            keeping.raw();
            keeping.end();
            return true;
        } catch (MalformedJson refused) {
            return false;
        }
    }
}
