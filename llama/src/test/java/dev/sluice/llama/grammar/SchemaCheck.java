package dev.sluice.llama.grammar;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.util.stream.StreamSupport;

/** Whether a document follows a schema, for the words that our grammars know. */
final class SchemaCheck {
    private final JsonNode root;

    SchemaCheck(JsonNode root) {
        this.root = root;
    }

    boolean follows(JsonNode document) {
        return follows(document, root);
    }

    private boolean follows(JsonNode document, JsonNode schema) {
        if (schema.isBoolean()) {
            return schema.asBoolean();
        }
        if (schema.has("$ref")) {
            String pointer = schema.get("$ref").asString().substring(1);
            return follows(document, pointer.isEmpty() ? root : root.at(pointer));
        }
        return type(document, schema)
                && among(document, schema)
                && combined(document, schema)
                && object(document, schema)
                && array(document, schema)
                && number(document, schema)
                && text(document, schema);
    }

    private static boolean type(JsonNode document, JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isMissingNode()) {
            return true;
        }
        return type.isString()
                ? is(document, type.asString())
                : StreamSupport.stream(type.spliterator(), false)
                        .anyMatch(one -> is(document, one.asString()));
    }

    private static boolean is(JsonNode document, String type) {
        return switch (type) {
            case "object" -> document.isObject();
            case "array" -> document.isArray();
            case "string" -> document.isString();
            case "boolean" -> document.isBoolean();
            case "null" -> document.isNull();
            case "number" -> document.isNumber();
            case "integer" ->
                    document.isNumber()
                            && document.decimalValue().stripTrailingZeros().scale() <= 0;
            default -> throw new AssertionError(type);
        };
    }

    private static boolean among(JsonNode document, JsonNode schema) {
        return (!schema.has("const") || schema.get("const").equals(document))
                && (!schema.has("enum")
                        || StreamSupport.stream(schema.get("enum").spliterator(), false)
                                .anyMatch(document::equals));
    }

    private boolean combined(JsonNode document, JsonNode schema) {
        for (String word : new String[] {"anyOf", "oneOf"}) {
            if (schema.has(word)
                    && StreamSupport.stream(schema.get(word).spliterator(), false)
                            .noneMatch(one -> follows(document, one))) {
                return false;
            }
        }
        return !schema.has("allOf")
                || StreamSupport.stream(schema.get("allOf").spliterator(), false)
                        .allMatch(one -> follows(document, one));
    }

    private boolean object(JsonNode document, JsonNode schema) {
        if (!document.isObject()) {
            return true;
        }
        for (JsonNode name : schema.path("required")) {
            if (!document.has(name.asString())) {
                return false;
            }
        }
        for (var member : document.properties()) {
            JsonNode property = schema.path("properties").path(member.getKey());
            JsonNode rule =
                    property.isMissingNode() ? schema.path("additionalProperties") : property;
            if (!rule.isMissingNode() && !follows(member.getValue(), rule)) {
                return false;
            }
        }
        return true;
    }

    private boolean array(JsonNode document, JsonNode schema) {
        if (!document.isArray()) {
            return true;
        }
        if (document.size() < schema.path("minItems").asInt(0)
                || document.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
            return false;
        }
        JsonNode first = schema.path("prefixItems");
        for (int i = 0; i < document.size(); i++) {
            JsonNode rule = i < first.size() ? first.get(i) : schema.path("items");
            if (!rule.isMissingNode() && !follows(document.get(i), rule)) {
                return false;
            }
        }
        return true;
    }

    private static boolean number(JsonNode document, JsonNode schema) {
        if (!document.isNumber()) {
            return true;
        }
        BigDecimal value = document.decimalValue();
        return (!schema.has("minimum")
                        || value.compareTo(schema.get("minimum").decimalValue()) >= 0)
                && (!schema.has("maximum")
                        || value.compareTo(schema.get("maximum").decimalValue()) <= 0)
                && (!schema.has("exclusiveMinimum")
                        || value.compareTo(schema.get("exclusiveMinimum").decimalValue()) > 0)
                && (!schema.has("exclusiveMaximum")
                        || value.compareTo(schema.get("exclusiveMaximum").decimalValue()) < 0);
    }

    private static boolean text(JsonNode document, JsonNode schema) {
        if (!document.isString()) {
            return true;
        }
        String text = document.asString();
        int length = text.codePointCount(0, text.length());
        return length >= schema.path("minLength").asInt(0)
                && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
                && (!schema.has("pattern")
                        || java.util.regex.Pattern.compile(schema.get("pattern").asString())
                                .matcher(text)
                                .find());
    }
}
