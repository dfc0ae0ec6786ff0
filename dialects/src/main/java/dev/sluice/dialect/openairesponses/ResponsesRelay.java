package dev.sluice.dialect.openairesponses;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Names;

/**
 * A client's request for an upstream of the same dialect: its own bytes, in which the model's name
 * is replaced. Everything else stays as it was written.
 */
final class ResponsesRelay {
    private static final Names MODEL = Names.of("model");

    private ResponsesRelay() {}

    /** The bytes with {@code model}; the same array if nothing has to change. */
    static byte[] rewrite(byte[] body, String model) {
        JsonReader reader = new JsonReader(body);
        reader.beginObject();
        for (int f = reader.nextField(MODEL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MODEL)) {
            if (f != 0) {
                reader.skip();
                continue;
            }
            int from = reader.position();
            boolean named = reader.peek() == Kind.STRING;
            if (named && reader.string().equals(model)) {
                return body;
            }
            if (!named) {
                reader.skip();
            }
            return replaced(body, from, endOfValue(body, reader.position()), model);
        }
        return body;
    }

    private static byte[] replaced(byte[] body, int from, int to, String model) {
        ByteBuilder out = new ByteBuilder(body.length + model.length() + 16);
        out.add(body, 0, from).quoted(model);
        return out.add(body, to, body.length - to).toBytes();
    }

    /** The offset right behind the value in front of {@code next}. */
    private static int endOfValue(byte[] body, int next) {
        int end = next;
        while (body[end - 1] == ' '
                || body[end - 1] == '\n'
                || body[end - 1] == '\r'
                || body[end - 1] == '\t') {
            end--;
        }
        return end;
    }
}
