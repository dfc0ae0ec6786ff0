package dev.sluice.dialect.grpc;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import java.util.ArrayList;
import java.util.List;

/** Turns a {@code GenerateRequest} into the body of the same request in JSON. */
final class GrpcRequests {
    private static final Names NONE = Names.of();

    private final JsonWriter json = new JsonWriter(new ByteBuilder(1024)).beginObject();
    private final List<ProtoReader> messages = new ArrayList<>();
    private final List<ProtoReader> tools = new ArrayList<>();
    private final List<String> stop = new ArrayList<>();

    private GrpcRequests() {}

    /** The body in JSON of the message that {@code call} has behind its prefix. */
    static byte[] json(Call call) {
        return new GrpcRequests().json(ProtoReader.framed(call.body()));
    }

    private byte[] json(ProtoReader request) {
        for (int field = request.next(); field > 0; field = request.next()) {
            switch (field) {
                case 1 -> json.field("model", request.string());
                case 2 -> json.field("prompt", request.string());
                case 3 -> json.field("system", request.string());
                case 4 -> messages.add(request.message());
                case 5 -> json.field("max_tokens", request.varint());
                case 6 -> json.field("temperature", finite("temperature", request.number()));
                case 7 -> json.field("top_p", finite("top_p", request.number()));
                case 8 -> stop.add(request.string());
                case 9 -> json.field("seed", request.varint());
                case 10 -> tools.add(request.message());
                case 11 -> more(request.string());
                default -> request.skip();
            }
        }
        lists();
        return json.endObject().out().toBytes();
    }

    private static double finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw Failure.invalid(name, name + " is no number").asException();
        }
        return value;
    }

    /**
     * A member that is here and among the fields is there twice, which whoever reads it refuses.
     */
    private void more(String object) {
        if (object.isEmpty()) {
            return;
        }
        try {
            JsonReader reader = Raw.of(object).reader();
            reader.beginObject();
            while (reader.nextField(NONE) != JsonReader.END_OBJECT) {
                json.field(reader.fieldName(), reader.raw());
            }
        } catch (MalformedJson e) {
            throw Failure.invalid("more_json", "more_json is no JSON object: " + e.getMessage())
                    .asException();
        }
    }

    private void lists() {
        if (!messages.isEmpty()) {
            json.name("messages").beginArray();
            messages.forEach(this::message);
            json.endArray();
        }
        if (!stop.isEmpty()) {
            json.name("stop").beginArray();
            stop.forEach(json::value);
            json.endArray();
        }
        if (!tools.isEmpty()) {
            json.name("tools").beginArray();
            tools.forEach(this::tool);
            json.endArray();
        }
    }

    private void message(ProtoReader message) {
        List<ProtoReader> calls = new ArrayList<>();
        String content = "";
        json.beginObject();
        for (int field = message.next(); field > 0; field = message.next()) {
            switch (field) {
                case 1 -> json.field("role", message.string());
                case 2 -> content = message.string();
                case 3 -> calls.add(message.message());
                case 4 -> json.field("tool_call_id", message.string());
                default -> message.skip();
            }
        }
        if (!content.isEmpty() || calls.isEmpty()) {
            json.field("content", content);
        }
        if (!calls.isEmpty()) {
            json.name("tool_calls").beginArray();
            calls.forEach(this::call);
            json.endArray();
        }
        json.endObject();
    }

    private void call(ProtoReader call) {
        String id = "";
        String name = "";
        String arguments = "";
        for (int field = call.next(); field > 0; field = call.next()) {
            switch (field) {
                case 1 -> id = call.string();
                case 2 -> name = call.string();
                case 3 -> arguments = call.string();
                default -> call.skip();
            }
        }
        json.beginObject().field("id", id).field("type", "function").name("function");
        json.beginObject().field("name", name).field("arguments", arguments).endObject();
        json.endObject();
    }

    private void tool(ProtoReader tool) {
        String name = "";
        String description = "";
        String parameters = "";
        for (int field = tool.next(); field > 0; field = tool.next()) {
            switch (field) {
                case 1 -> name = tool.string();
                case 2 -> description = tool.string();
                case 3 -> parameters = tool.string();
                default -> tool.skip();
            }
        }
        json.beginObject().field("type", "function").name("function").beginObject();
        json.field("name", name);
        if (!description.isEmpty()) {
            json.field("description", description);
        }
        if (!parameters.isEmpty()) {
            json.field("parameters", schema(parameters));
        }
        json.endObject().endObject();
    }

    private static Raw schema(String text) {
        try {
            return Raw.of(text);
        } catch (MalformedJson e) {
            throw Failure.invalid(
                            "tools.parameters_json",
                            "parameters_json is no JSON: " + e.getMessage())
                    .asException();
        }
    }
}
