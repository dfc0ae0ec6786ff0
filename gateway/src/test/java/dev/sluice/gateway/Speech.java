package dev.sluice.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One streamed answer as a server of some dialect sends it, piece by piece and in this order: the
 * preamble, texts, one of the ends, what comes after. Dialects that number their events, or repeat
 * at the end what was said, make each stream one of its own.
 */
abstract class Speech {
    /** All that comes before the first content. */
    abstract byte[] preamble();

    /** One piece of text. */
    abstract byte[] text(String text);

    /** Says that the message is complete: from here on it is whole. */
    abstract byte[] finish();

    /** Says that the message has met its limit of tokens. */
    abstract byte[] finishAtLimit();

    /** What comes when all is told that a client needs. */
    abstract byte[] after();

    /** A sign of life. */
    abstract byte[] ping();

    /** An error in the middle of the stream. */
    abstract byte[] failure(String type, String message);

    /** The preamble, and these texts. */
    final byte[] begin(String... texts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(preamble());
        for (String text : texts) {
            all.writeBytes(text(text));
        }
        return all.toByteArray();
    }

    /** Everything after the last piece of text. */
    final byte[] end() {
        return joined(finish(), after());
    }

    /** These pieces, one behind the other. */
    static byte[] joined(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    /** The bytes of a piece of text. */
    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
