package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.EncodeContext;

/** Names of answers and calls as this dialect writes them. */
final class OpenAiChatIds {
    private static final String ANSWER = "chatcmpl-";

    private OpenAiChatIds() {}

    /**
     * The id of an answer: the upstream's own if it is of this dialect, else one of the exchange.
     */
    static String answer(String upstream, EncodeContext context) {
        boolean kept =
                !upstream.isEmpty() && (context.sameDialect() || upstream.startsWith(ANSWER));
        return kept ? upstream : ANSWER + context.id();
    }

    /** The id of a call that came without one. */
    static String call(EncodeContext context, int index) {
        return "call_" + context.id() + '_' + index;
    }
}
