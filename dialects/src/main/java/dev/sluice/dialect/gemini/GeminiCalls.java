package dev.sluice.dialect.gemini;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;

/** Calls of functions as this wire has them: whole, with arguments that are an object. */
final class GeminiCalls {
    private GeminiCalls() {}

    /** Writes the member {@code functionCall}. */
    static void write(ByteBuilder out, String id, String name, Raw arguments) {
        out.add("\"functionCall\":{");
        if (!id.isEmpty()) {
            out.add("\"id\":").quoted(id).add(',');
        }
        out.add("\"name\":").quoted(name).add(",\"args\":");
        arguments.writeTo(out);
        out.add('}');
    }
}
