package dev.sluice.gateway;

import io.airlift.compress.v3.zstd.ZstdOutputStream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Writes the content codings that the gateway must read. */
final class Coded {
    private static final int MOST_STORED = 1 << 16;

    private Coded() {}

    private interface Coder {
        OutputStream over(OutputStream out) throws IOException;
    }

    /**
     * 64 MiB of the letter a in br, as the encoder of Node.js writes them: there is no encoder in
     * Java.
     */
    private static final String BROTLI_BOMB =
            "y///P/glwuKxQCD3/o///3/wSwDEYRGA7v0f////4JcAiMMCAN37P/7//8EvARCHBQC693/8//+DXwIgDgsA"
                    + "dO//+P//B78EQBwWAOje//H//w9+CYA4LADQvf/L//8//BIAcVgAoHv/Bw==";

    static final int BOMB_BYTES = 64 << 20;

    /** 64 MiB of the letter a: little to send, much to hold. */
    static byte[] bomb(String coding) {
        if (coding.equals("br")) {
            return Base64.getDecoder().decode(BROTLI_BOMB);
        }
        byte[] plain = new byte[BOMB_BYTES];
        Arrays.fill(plain, (byte) 'a');
        return as(coding, plain);
    }

    /**
     * One part after the other of a body without end: members of gzip, frames of zstd, meta-blocks
     * of br.
     */
    static UnaryOperator<byte[]> endless(String coding) {
        if (!coding.equals("br")) {
            return plain -> as(coding, plain);
        }
        AtomicBoolean begun = new AtomicBoolean();
        return plain -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            stored(plain, 0, plain.length, !begun.getAndSet(true), out);
            return out.toByteArray();
        };
    }

    /** In the coding of that name. */
    static byte[] as(String coding, byte[] plain) {
        return switch (coding) {
            case "gzip" -> code(GZIPOutputStream::new, plain);
            case "deflate" -> code(DeflaterOutputStream::new, plain);
            case "zstd" -> code(ZstdOutputStream::new, plain);
            case "br" -> brotli(plain);
            default -> throw new IllegalArgumentException(coding);
        };
    }

    static byte[] gzip(String plain) {
        return as("gzip", plain.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] code(Coder coder, byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = coder.over(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Brotli (RFC 7932, 9.2) in meta-blocks that are stored and not compressed: there is no encoder
     * in Java.
     */
    private static byte[] brotli(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int from = 0; from < plain.length; from += MOST_STORED) {
            int length = Math.min(MOST_STORED, plain.length - from);
            stored(plain, from, length, from == 0, out);
        }
        // ISLAST 1, ISLASTEMPTY 1.
        out.write(plain.length == 0 ? 0x06 : 0x03);
        return out.toByteArray();
    }

    private static void stored(
            byte[] plain, int from, int length, boolean first, ByteArrayOutputStream out) {
        // WBITS 16 (one bit, the first time only), ISLAST 0, MNIBBLES 4 (two bits), MLEN - 1,
        // ISUNCOMPRESSED 1.
        int bits = (length - 1) << 3 | 1 << 19;
        int header = first ? bits << 1 : bits;
        out.write(header);
        out.write(header >> 8);
        out.write(header >> 16);
        out.write(plain, from, length);
    }
}
