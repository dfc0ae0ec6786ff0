package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Names;

import java.nio.charset.StandardCharsets;

/**
 * A client's request for an upstream of the same dialect: its own bytes, in which the model's name
 * is replaced and usage is asked for. Everything else stays as it was written.
 */
final class OpenAiChatRelay {
    private static final Names REQUEST = Names.of("model", "stream_options");
    private static final Names OPTIONS = Names.of("include_usage");
    private static final String ASKED = "{\"include_usage\":true}";

    private final byte[] body;
    private final ByteBuilder out;
    private int copied;
    private boolean changed;

    private OpenAiChatRelay(byte[] body) {
        this.body = body;
        this.out = new ByteBuilder(body.length + 64);
    }

    /** The bytes for {@code target}; the same array if nothing has to change. */
    static byte[] rewrite(byte[] body, Target target) {
        return new OpenAiChatRelay(body).rewrite(target);
    }

    private byte[] rewrite(Target target) {
        boolean ask = target.stream() && target.quirks().is(Quirk.STREAM_USAGE);
        JsonReader reader = new JsonReader(body);
        boolean optionsSeen = false;
        reader.beginObject();
        int end = -1;
        while (end < 0) {
            switch (reader.nextField(REQUEST)) {
                case 0 -> model(reader, target.model());
                case 1 -> {
                    optionsSeen = true;
                    if (ask) {
                        options(reader);
                    } else {
                        reader.skip();
                    }
                }
                case JsonReader.END_OBJECT -> end = lastBrace();
                default -> reader.skip();
            }
        }
        if (ask && !optionsSeen) {
            replace(end, end, ",\"stream_options\":" + ASKED);
        }
        if (!changed) {
            return body;
        }
        out.add(body, copied, body.length - copied);
        return out.toBytes();
    }

    private void model(JsonReader reader, String model) {
        int from = reader.position();
        if (reader.peek() == Kind.STRING && reader.string().equals(model)) {
            return;
        }
        if (reader.position() == from) {
            reader.skip();
        }
        ByteBuilder quoted = new ByteBuilder().quoted(model);
        replace(from, endOfValue(reader), quoted.toString());
    }

    private void options(JsonReader reader) {
        int from = reader.position();
        if (reader.peek() != Kind.OBJECT) {
            reader.skip();
            replace(from, endOfValue(reader), ASKED);
            return;
        }
        reader.beginObject();
        boolean empty = true;
        boolean seen = false;
        for (int f = reader.nextField(OPTIONS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(OPTIONS)) {
            empty = false;
            if (f == 0) {
                seen = true;
                include(reader);
            } else {
                reader.skip();
            }
        }
        if (!seen) {
            int inside = endOfValue(reader) - 1;
            replace(inside, inside, (empty ? "" : ",") + "\"include_usage\":true");
        }
    }

    private void include(JsonReader reader) {
        int from = reader.position();
        if (reader.peek() == Kind.BOOLEAN && reader.bool()) {
            return;
        }
        if (reader.position() == from) {
            reader.skip();
        }
        replace(from, endOfValue(reader), "true");
    }

    /** The offset right behind the value that was just read. */
    private int endOfValue(JsonReader reader) {
        int end = reader.position();
        while (isWhite(body[end - 1])) {
            end--;
        }
        return end;
    }

    private int lastBrace() {
        int end = body.length;
        while (body[end - 1] != '}') {
            end--;
        }
        return end - 1;
    }

    private static boolean isWhite(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private void replace(int from, int to, String text) {
        out.add(body, copied, from - copied);
        out.add(text.getBytes(StandardCharsets.UTF_8));
        copied = to;
        changed = true;
    }
}
