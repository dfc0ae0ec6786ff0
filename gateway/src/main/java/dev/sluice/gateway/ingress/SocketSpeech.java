package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.failure.Failure;

import java.util.List;
import java.util.Optional;

/** What is said over a WebSocket: how messages are read, and what of a stream is told in them. */
interface SocketSpeech {
    /** What a message of a client's asks for. */
    sealed interface Message {
        /**
         * An answer.
         *
         * @param lane the client's word for it, by which the client tells answers apart
         * @param body the request as the dialect wants it
         */
        record Begin(String lane, byte[] body) implements Message {}

        /** The end of an answer. */
        record Cancel(String lane) implements Message {}

        /** Nothing that is understood. */
        record Unclear(String lane, Failure failure) implements Message {}
    }

    /** The subprotocols that a browser may offer beside its key, the best first. */
    List<String> NAMES = List.of("sluice", "realtime");

    /**
     * What a subprotocol begins with whose rest is a key: browsers can send one by no other way.
     */
    List<String> KEYS = List.of("sluice-key.", "openai-insecure-api-key.");

    /** The key among the subprotocols that a browser offers; empty if there is none. */
    static Optional<String> key(String offered) {
        for (String each : offered.split(",", -1)) {
            for (String prefix : KEYS) {
                if (each.trim().startsWith(prefix)) {
                    return Optional.of(each.trim().substring(prefix.length()));
                }
            }
        }
        return Optional.empty();
    }

    /** Reads a message; never throws. */
    Message read(byte[] message);

    /** The dialect of the answer in a lane. */
    ClientDialect dialect(String lane);

    /** Where in a line of a stream the text of a message begins; -1 if the line is none. */
    int textOf(byte[] line, int offset, int length);

    /** The message that tells of an error before the first token. */
    byte[] error(ErrorReply reply);
}
