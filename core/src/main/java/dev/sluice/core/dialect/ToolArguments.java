package dev.sluice.core.dialect;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.core.request.Block;

import java.util.Optional;

/** The arguments of a call as wires have them that know a JSON object only. */
public final class ToolArguments {
    private ToolArguments() {}

    /**
     * Of a call that a client sends back. An object goes as the client has written it; what is
     * broken is kept where the model can see it.
     */
    public static Raw sent(Block.ToolUse call) {
        Optional<Raw> object = call.custom() ? Optional.empty() : Raw.object(call.arguments());
        return object.orElseGet(
                () ->
                        Raw.of(
                                object(call.custom() ? "input" : "_raw")
                                        .quoted(call.arguments())
                                        .add('}')
                                        .toString()));
    }

    /** Of a call that a model makes; empty if they are broken or cut. */
    public static Optional<Raw> made(Text arguments, boolean custom) {
        return custom
                ? Optional.of(Raw.of(object("input").quoted(arguments).add('}').toString()))
                : Raw.object(arguments.toString());
    }

    /** Free text as the only argument of a function, see {@link Outgoing#CUSTOM_PARAMETERS}. */
    public static String ofFreeText(String text) {
        return object("input").quoted(text).add('}').toString();
    }

    private static ByteBuilder object(String name) {
        return new ByteBuilder().add("{\"").add(name).add("\":");
    }

    /** A client of such a wire cannot be told of arguments that are no object. */
    public static RuntimeException broken() {
        return Failure.of(
                        FailureCode.UPSTREAM_BROKEN,
                        "the upstream sent a tool call whose arguments are not a JSON object")
                .asException();
    }
}
