package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;

/**
 * OpenAI Responses over a WebSocket: the request behind {@code response.create}, and the events of
 * its stream, each as a message. In a lane, which {@code stream_id} names, there is one answer at a
 * time.
 */
final class ResponsesSpeech implements SocketSpeech {
    private static final Names OWN =
            Names.of("type", "stream_id", "stream", "background", "generate");
    private static final byte[] DATA = {'d', 'a', 't', 'a', ':', ' '};

    private final ClientDialect dialect;

    ResponsesSpeech(ClientDialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public Message read(byte[] message) {
        try {
            return object(JsonReader.strict(message));
        } catch (MalformedJson e) {
            return new Message.Unclear(
                    "",
                    Failure.invalid(e.path(), "the message is not as expected: " + e.getMessage()));
        }
    }

    private static Message object(JsonReader reader) {
        String type = "";
        String lane = "";
        boolean generates = true;
        JsonWriter rest = new JsonWriter(new ByteBuilder(1024)).beginObject();
        reader.beginObject();
        for (int f = reader.nextField(OWN); f != JsonReader.END_OBJECT; f = reader.nextField(OWN)) {
            switch (f) {
                case 0 -> type = reader.string();
                case 1 -> lane = reader.string();
                case 2, 3 -> reader.skip();
                case 4 -> generates = reader.bool();
                default -> rest.field(reader.fieldName(), reader.raw());
            }
        }
        reader.end();
        rest.field("stream", true).endObject();
        if (!type.equals("response.create")) {
            return new Message.Unclear(
                    lane, Failure.invalid("type", "type: expected `response.create`"));
        }
        if (!generates) {
            return new Message.Unclear(
                    lane,
                    new Failure(
                            FailureCode.UNSUPPORTED,
                            "no context is loaded here without an answer to it; leave `generate`"
                                    + " out",
                            "generate",
                            null,
                            null,
                            0));
        }
        return new Message.Begin(lane, rest.out().toBytes());
    }

    @Override
    public ClientDialect dialect(String lane) {
        return dialect;
    }

    @Override
    public int textOf(byte[] line, int offset, int length) {
        if (length <= DATA.length) {
            return -1;
        }
        for (int i = 0; i < DATA.length; i++) {
            if (line[offset + i] != DATA[i]) {
                return -1;
            }
        }
        return offset + DATA.length;
    }

    /** The reply's body is an object, whose members are preceded by what a status would say. */
    @Override
    public byte[] error(ErrorReply reply) {
        ByteBuilder message = new ByteBuilder(256).add("{\"type\":\"error\",\"status\":");
        message.number(reply.status()).add(',');
        return message.add(reply.body(), 1, reply.body().length - 1).toBytes();
    }
}
