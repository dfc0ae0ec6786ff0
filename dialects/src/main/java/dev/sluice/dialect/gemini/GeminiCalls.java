package dev.sluice.dialect.gemini;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import java.util.Optional;

/** Calls of functions as this wire has them: whole, with arguments that are an object. */
final class GeminiCalls {
    private GeminiCalls() {}

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

    /** Arguments that are no object cannot be told to a client of this dialect. */
    static RuntimeException broken() {
        return Failure.of(
                        FailureCode.UPSTREAM_BROKEN,
                        "the upstream sent a tool call whose arguments are not a JSON object")
                .asException();
    }
}
