package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;

/** Tool calls as this wire has them: whole, with arguments that are an object. */
final class OllamaCalls {
    private OllamaCalls() {}

    /** Writes one call. */
    static void write(
            ByteBuilder out, String id, int index, String name, Raw arguments, EncodeContext of) {
        out.add("{\"id\":").quoted(id.isEmpty() ? "call_" + of.id() + '_' + index : id);
        out.add(",\"function\":{\"index\":").number(index).add(",\"name\":").quoted(name);
        out.add(",\"arguments\":");
        arguments.writeTo(out);
        out.add("}}");
    }
}
