package dev.sluice.gateway;

import io.airlift.compress.v3.zstd.ZstdOutputStream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Writes the content codings that the gateway must read. */
final class Coded {
    private static final int MOST_STORED = 1 << 16;

    private Coded() {}

    private interface Coder {
        OutputStream over(OutputStream out) throws IOException;
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
            // WBITS 16 (one bit, the first time only), ISLAST 0, MNIBBLES 4 (two bits), MLEN - 1,
            // ISUNCOMPRESSED 1.
            int bits = (length - 1) << 3 | 1 << 19;
            int header = from == 0 ? bits << 1 : bits;
            out.write(header);
            out.write(header >> 8);
            out.write(header >> 16);
            out.write(plain, from, length);
        }
        // ISLAST 1, ISLASTEMPTY 1.
        out.write(plain.length == 0 ? 0x06 : 0x03);
        return out.toByteArray();
    }
}
