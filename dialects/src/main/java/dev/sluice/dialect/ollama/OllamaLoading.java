package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.Operation;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;

import java.util.Optional;

/**
 * Requests that only load a model into memory or take it out of there: a conversation without
 * messages, an empty prompt.
 */
final class OllamaLoading {
    private OllamaLoading() {}

    /** {@code load} or {@code unload} if {@code request} asks for that. */
    static Optional<String> asked(Request request, Operation operation) {
        boolean bare = operation == Operation.COMPLETE || request.system().isEmpty();
        if (!bare || !request.messages().isEmpty()) {
            return Optional.empty();
        }
        Raw keep = request.extra().get("keep_alive");
        return Optional.of(keep != null && isZero(keep.toString()) ? "unload" : "load");
    }

    /** A number of seconds, or a duration such as {@code "0s"}. */
    private static boolean isZero(String keepAlive) {
        return switch (keepAlive) {
            case "0", "\"0\"", "\"0s\"", "\"0m\"", "\"0h\"" -> true;
            default -> false;
        };
    }
}
