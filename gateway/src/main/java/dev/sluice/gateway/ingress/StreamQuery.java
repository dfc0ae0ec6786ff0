package dev.sluice.gateway.ingress;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Raw;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes a body of the part of an address behind the question mark, for clients such as {@code
 * EventSource} that cannot send one: every name is a member. What is a number in a body is written
 * as one; all else is text.
 */
final class StreamQuery {
    private static final String MAX_TOKENS = "max_tokens";
    private static final String TEMPERATURE = "temperature";

    private StreamQuery() {}

    /**
     * The body that {@code query} stands for.
     *
     * @throws dev.sluice.core.failure.FailureException when a name is there twice, or a number is
     *     none
     */
    static byte[] body(String query) {
        JsonWriter json = new JsonWriter(new ByteBuilder()).beginObject();
        values(query)
                .forEach(
                        (name, value) -> {
                            if (name.equals(MAX_TOKENS) || name.equals(TEMPERATURE)) {
                                json.field(name, number(name, value));
                            } else {
                                json.field(name, value);
                            }
                        });
        return json.endObject().out().toBytes();
    }

    private static Map<String, String> values(String query) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            if (!name.isEmpty() && values.put(name, value) != null) {
                throw Failure.invalid(name, name + " is in the address twice").asException();
            }
        }
        values.values().removeIf(String::isEmpty);
        return values;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException cut) {
            throw Failure.invalid("", "the address has a % that no two hexadecimal digits follow")
                    .asException();
        }
    }

    private static Raw number(String name, String value) {
        try {
            Raw raw = Raw.of(value);
            return switch (raw.kind()) {
                case NUMBER -> raw;
                case OBJECT, ARRAY, STRING, BOOLEAN, NULL -> throw noNumber(name);
            };
        } catch (MalformedJson e) {
            throw noNumber(name);
        }
    }

    private static RuntimeException noNumber(String name) {
        return Failure.invalid(name, name + " in the address is no number").asException();
    }
}
