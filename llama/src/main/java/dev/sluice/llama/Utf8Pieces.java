package dev.sluice.llama;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Puts characters together from bytes that come in pieces. The bytes of a character that is not
 * whole are held back; bytes that never become one turn into U+FFFD as soon as that is certain.
 */
final class Utf8Pieces {
    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] held = new byte[4];
    private int holding;

    /** Takes a piece and returns the characters that it completes. */
    String add(byte[] piece) {
        if (holding == 0 && isAscii(piece)) {
            return new String(piece, StandardCharsets.ISO_8859_1);
        }
        ByteBuffer in = ByteBuffer.allocate(holding + piece.length);
        in.put(held, 0, holding).put(piece).flip();
        CharBuffer out = CharBuffer.allocate(in.remaining());
        decoder.decode(in, out, false);
        holding = in.remaining();
        if (holding > held.length) {
            held = new byte[holding];
        }
        in.get(held, 0, holding);
        return out.flip().toString();
    }

    private static boolean isAscii(byte[] piece) {
        for (byte b : piece) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
