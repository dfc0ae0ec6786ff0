package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import java.util.Optional;

/** Tool calls as this wire has them: whole, with arguments that are an object. */
final class OllamaCalls {
    private OllamaCalls() {}

    /**
     * The arguments as an object; empty if they are broken or cut. Free text is the only member.
     */
    static Optional<Raw> arguments(Text text, boolean custom) {
        return custom
                ? Optional.of(
                        Raw.of(
                                new ByteBuilder()
                                        .add("{\"input\":")
                                        .quoted(text)
                                        .add('}')
                                        .toString()))
                : Raw.object(text.toString());
    }

    /** Writes one call. */
    static void write(
            ByteBuilder out, String id, int index, String name, Raw arguments, EncodeContext of) {
        out.add("{\"id\":").quoted(id.isEmpty() ? "call_" + of.id() + '_' + index : id);
        out.add(",\"function\":{\"index\":").number(index).add(",\"name\":").quoted(name);
        out.add(",\"arguments\":");
        arguments.writeTo(out);
        out.add("}}");
    }

    /** Arguments that are no object cannot be told to a client of this dialect. */
    static RuntimeException broken() {
        return Failure.of(
                        FailureCode.UPSTREAM_BROKEN,
                        "the upstream sent a tool call whose arguments are not a JSON object")
                .asException();
    }
}
