package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;
import dev.sluice.dialect.sluice.SluiceDialect;

import java.nio.charset.StandardCharsets;

/**
 * The gateway's own events over a WebSocket: any number of answers at once, told apart by an id
 * that the client gives to each. What is no JSON object is a prompt.
 */
final class OwnSpeech implements SocketSpeech {
    private static final Names OWN = Names.of("type", "id", "stream");
    private static final int LONGEST_ID = 256;

    private final SluiceDialect dialect;
    private int prompts;

    OwnSpeech(SluiceDialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public Message read(byte[] message) {
        if (!isObject(message)) {
            String text = new String(message, StandardCharsets.UTF_8).strip();
            JsonWriter json = new JsonWriter(new ByteBuilder()).beginObject();
            json.field("prompt", text).endObject();
            return new Message.Begin("prompt-" + ++prompts, json.out().toBytes());
        }
        try {
            return object(JsonReader.strict(message));
        } catch (MalformedJson e) {
            return unclear("", e.path(), "the message is not as expected: " + e.getMessage());
        }
    }

    private static boolean isObject(byte[] message) {
        int start = 0;
        while (start < message.length && message[start] >= 0 && message[start] <= ' ') {
            start++;
        }
        return start < message.length && message[start] == '{';
    }

    private static Message unclear(String id, String param, String why) {
        return new Message.Unclear(id, Failure.invalid(param, why));
    }

    private static Message object(JsonReader reader) {
        String type = "";
        String id = "";
        JsonWriter rest = new JsonWriter(new ByteBuilder()).beginObject();
        reader.beginObject();
        for (int f = reader.nextField(OWN); f != JsonReader.END_OBJECT; f = reader.nextField(OWN)) {
            switch (f) {
                case 0 -> type = reader.string();
                case 1 -> id = reader.string();
                // Here all is a stream.
                case 2 -> reader.skip();
                default -> rest.field(reader.fieldName(), reader.raw());
            }
        }
        reader.end();
        rest.endObject();
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            return unclear("", "id", "id: expected 1 to " + LONGEST_ID + " characters");
        }
        return switch (type) {
            case "generate" -> new Message.Begin(id, rest.out().toBytes());
            case "cancel" -> new Message.Cancel(id);
            default -> unclear(id, "type", "type: expected `generate` or `cancel`");
        };
    }

    @Override
    public ClientDialect dialect(String lane) {
        return dialect.inLines(lane);
    }

    @Override
    public int textOf(byte[] line, int offset, int length) {
        return length > 0 ? offset : -1;
    }

    @Override
    public byte[] error(ErrorReply reply) {
        return reply.body();
    }
}
