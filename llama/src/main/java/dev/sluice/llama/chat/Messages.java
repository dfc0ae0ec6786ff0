package dev.sluice.llama.chat;

import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Raw;
import dev.sluice.llama.template.Value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages, calls and tools in the shape that templates expect. */
final class Messages {
    private Messages() {}

    private static Value members(Object... namesAndValues) {
        Map<String, Value> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], (Value) namesAndValues[i + 1]);
        }
        return new Value.Members(members);
    }

    static Value content(String text, boolean parts) {
        return parts
                ? Value.Items.of(members("type", Value.of("text"), "text", Value.of(text)))
                : Value.of(text);
    }

    static Value message(String role, Value content) {
        return members("role", Value.of(role), "content", content);
    }

    static Value calling(Value content, List<Value> calls) {
        return members(
                "role",
                Value.of("assistant"),
                "content",
                content,
                "tool_calls",
                new Value.Items(calls));
    }

    static Value call(String id, String name, Value arguments) {
        return members(
                "id",
                Value.of(id),
                "type",
                Value.of("function"),
                "function",
                members("name", Value.of(name), "arguments", arguments));
    }

    static Value result(String id, String name, Value content) {
        return members(
                "role",
                Value.of("tool"),
                "tool_call_id",
                Value.of(id),
                "name",
                Value.of(name),
                "content",
                content);
    }

    static Value tool(String name, String description, Value parameters) {
        return members(
                "type",
                Value.of("function"),
                "function",
                members(
                        "name",
                        Value.of(name),
                        "description",
                        Value.of(description),
                        "parameters",
                        parameters));
    }

    static Value document(String title, String text) {
        return members("title", Value.of(title), "text", Value.of(text));
    }

    /** The schema of an object with one string. */
    static Value schemaOf(String property) {
        return members(
                "type",
                Value.of("object"),
                "properties",
                members(
                        property,
                        members("type", Value.of("string"), "description", Value.of("The text"))),
                "required",
                Value.Items.of(Value.of(property)));
    }

    /** The schema of an object without members. */
    static Value emptySchema() {
        return members("type", Value.of("object"), "properties", members());
    }

    /** Arguments as an object, or as the text that they are; broken ones are always text. */
    static Value arguments(String json, boolean asText) {
        String text = json.isBlank() ? "{}" : json;
        if (asText) {
            return Value.of(text);
        }
        try {
            return Value.of(Raw.of(text));
        } catch (MalformedJson _) {
            return Value.of(text);
        }
    }

    /** {@code message} with one more member. */
    static Value with(Value message, String name, Value value) {
        Map<String, Value> members = new LinkedHashMap<>(((Value.Members) message).values());
        members.put(name, value);
        return new Value.Members(members);
    }
}
