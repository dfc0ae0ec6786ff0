package dev.sluice.gateway.coding;

import io.airlift.compress.v3.zstd.ZstdInputStream;

import org.brotli.dec.BrotliInputStream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** A content coding (RFC 9110, 8.4.1). Decoding blocks: it belongs on a virtual thread. */
public enum ContentCoding {
    GZIP {
        @Override
        public InputStream decoding(InputStream coded) throws IOException {
            return new GZIPInputStream(coded, 8192);
        }
    },
    DEFLATE {
        @Override
        public InputStream decoding(InputStream coded) {
            return new InflaterInputStream(coded);
        }
    },
    BR {
        @Override
        public InputStream decoding(InputStream coded) throws IOException {
            return new BrotliInputStream(coded);
        }
    },
    ZSTD {
        @Override
        public InputStream decoding(InputStream coded) {
            return new ZstdInputStream(coded);
        }
    };

    /** All names, for a message to a person. */
    public static final String NAMES = "gzip, deflate, br, zstd";

    /**
     * The coding that a {@code content-encoding} field names; empty if it is not one of these or
     * several at once.
     */
    public static Optional<ContentCoding> of(String field) {
        return switch (field.trim().toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> Optional.of(GZIP);
            case "deflate" -> Optional.of(DEFLATE);
            case "br" -> Optional.of(BR);
            case "zstd" -> Optional.of(ZSTD);
            default -> Optional.empty();
        };
    }

    /**
     * A stream of the decoded bytes.
     *
     * @throws IOException when the coded bytes are not this coding
     */
    public abstract InputStream decoding(InputStream coded) throws IOException;

    /**
     * Decodes all of {@code coded}, but no more than {@code most} bytes and one: a result of that
     * length was cut.
     *
     * @throws IOException when the coded bytes are not this coding, or cut
     */
    public byte[] decode(byte[] coded, int most) throws IOException {
        try (InputStream in = decoding(new ByteArrayInputStream(coded))) {
            return in.readNBytes(Math.min(most, Integer.MAX_VALUE - 16) + 1);
        } catch (RuntimeException broken) {
            throw new IOException("not " + name().toLowerCase(Locale.ROOT), broken);
        }
    }
}
