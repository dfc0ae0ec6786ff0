package dev.sluice.dialect.sluice;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Reads a request: {@code prompt} and {@code system} are its own, and all else is what a request of
 * a conversation may have in the dialect that it is read by. The model may be left out; then the
 * one that is asked for is empty, or {@code provider/} where the path names a provider.
 */
final class SluiceRequests {
    private static final Names OWN = Names.of("prompt", "system", "model", "messages", "stream");

    /** Stands for the model while the rest is read, which nobody reads without one. */
    private static final String NO_MODEL = "default";

    private final JsonReader reader;
    private final JsonWriter rest = new JsonWriter(new ByteBuilder(1024)).beginObject();
    private String prompt = "";
    private String system = "";
    private String model = "";
    private boolean stream = true;
    private boolean conversation;

    private SluiceRequests(byte[] body) {
        reader = JsonReader.strict(body);
    }

    static Request decode(Call call, ClientDialect conversations) {
        return new SluiceRequests(call.body()).decode(call.path(), conversations);
    }

    private Request decode(String path, ClientDialect conversations) {
        reader.beginObject();
        for (int f = reader.nextField(OWN); f != JsonReader.END_OBJECT; f = reader.nextField(OWN)) {
            String name = reader.fieldName();
            if (!reader.skipNull()) {
                member(f, name);
            }
        }
        reader.end();
        if (prompt.isEmpty() && !conversation) {
            throw Failure.invalid(
                            "prompt",
                            "there is no prompt; expected `prompt`, or `messages` in a POST")
                    .asException();
        }
        if (!conversation) {
            rest.name("messages").beginArray().beginObject();
            rest.field("role", "user").field("content", prompt).endObject().endArray();
        }
        rest.field("model", NO_MODEL).endObject();
        Request read = conversations.decodeRequest(Call.of(rest.out().toBytes()));
        Request.Builder request = read.toBuilder();
        if (!system.isEmpty()) {
            request.system.addFirst(new Block.Text(system));
        }
        if (conversation && !prompt.isEmpty()) {
            request.messages.add(Message.of(Role.USER, prompt));
        }
        request.model = model(path);
        request.stream = stream;
        request.includeUsage = true;
        return request.build();
    }

    private void member(int field, String name) {
        switch (field) {
            case 0 -> prompt = reader.string();
            case 1 -> system = reader.string();
            case 2 -> model = reader.string();
            case 3 -> {
                if (reader.peek() != Kind.ARRAY) {
                    throw reader.error("expected an array of messages");
                }
                Raw messages = reader.raw();
                JsonReader inside = messages.reader();
                inside.beginArray();
                if (inside.hasNext()) {
                    conversation = true;
                    rest.field(name, messages);
                }
            }
            case 4 -> stream = reader.bool();
            default -> rest.field(name, reader.raw());
        }
    }

    private String model(String path) {
        String provider = URLDecoder.decode(path, StandardCharsets.UTF_8);
        return provider.isEmpty() || model.startsWith(provider + "/")
                ? model
                : provider + "/" + model;
    }
}
