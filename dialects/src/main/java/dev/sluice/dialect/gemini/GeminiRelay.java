package dev.sluice.dialect.gemini;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Member;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import java.nio.charset.StandardCharsets;

/**
 * A client's request for an upstream of the same dialect: its own bytes, in which the model's name
 * is replaced where it stands. Mostly it stands in the path alone.
 */
final class GeminiRelay {
    private static final Names COUNTED =
            Names.of("generateContentRequest", "generate_content_request");

    private GeminiRelay() {}

    static byte[] rewrite(byte[] body, String model) {
        Raw resource = Raw.string(GeminiPaths.resource(model));
        byte[] named = Member.replaced(body, "model", resource);
        JsonReader reader = new JsonReader(named);
        reader.beginObject();
        for (int f = reader.nextField(COUNTED);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(COUNTED)) {
            if (f < 0 || reader.peek() != Kind.OBJECT) {
                reader.skip();
                continue;
            }
            byte[] inner = reader.raw().toString().getBytes(StandardCharsets.UTF_8);
            byte[] replaced = Member.replaced(inner, "model", resource);
            return Member.replaced(
                    named, COUNTED.name(f), Raw.of(new String(replaced, StandardCharsets.UTF_8)));
        }
        return named;
    }
}
