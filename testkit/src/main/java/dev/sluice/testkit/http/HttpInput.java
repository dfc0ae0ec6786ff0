package dev.sluice.testkit.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A buffered view of a socket's input that knows when its bytes arrived, and reads lines strictly.
 */
final class HttpInput {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final Source source;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private long nanos;
    private int mostPerRead = BUFFER_BYTES;
    // A field, so that a read that timed out inside a line can be taken up again.
    private final StringBuilder line = new StringBuilder();

    /** Where bytes come from: as {@link java.io.InputStream#read(byte[], int, int)}. */
    @FunctionalInterface
    interface Source {
        int read(byte[] into, int offset, int length) throws IOException;
    }

    HttpInput(Source source) {
        this.source = source;
    }

    /** Takes no more than this many bytes from the source, and gives no more, at once. */
    void limitReads(int bytes) {
        mostPerRead = Math.clamp(bytes, 1, BUFFER_BYTES);
    }

    /** When the byte that is next, or was last, arrived. */
    long nanos() {
        return nanos;
    }

    /** Bytes that are here and were not read yet. */
    int buffered() {
        return limit - position;
    }

    /** Waits for a byte; false at the end of the input. */
    boolean await() throws IOException {
        if (position < limit) {
            return true;
        }
        int count = source.read(buffer, 0, mostPerRead);
        nanos = System.nanoTime();
        position = 0;
        limit = Math.max(count, 0);
        return count > 0;
    }

    /**
     * Up to {@code most} bytes of what one read of the socket brought, at least one; EOFException
     * at the end.
     */
    byte[] some(long most) throws IOException {
        if (!await()) {
            throw new EOFException("the input ended");
        }
        int length = (int) Math.min(most, Math.min(buffered(), mostPerRead));
        byte[] bytes = new byte[length];
        System.arraycopy(buffer, position, bytes, 0, length);
        position += length;
        return bytes;
    }

    /**
     * A line that CR LF ends, without them. A lone CR, a lone LF and a line beyond the limit are
     * faults.
     */
    String line(int limitBytes) throws IOException {
        while (true) {
            if (!await()) {
                throw new EOFException("the input ended inside a line: " + line);
            }
            // ISO-8859-1, as HTTP heads are: every byte stays visible.
            char c = (char) (buffer[position++] & 0xFF);
            int length = line.length();
            boolean afterReturn = length > 0 && line.charAt(length - 1) == '\r';
            if (c == '\n' && afterReturn) {
                String text = line.substring(0, length - 1);
                line.setLength(0);
                return text;
            }
            if (c == '\n' || afterReturn) {
                throw new MalformedHttp("a line that does not end with CR LF: " + line);
            }
            if (length > limitBytes) {
                throw new MalformedHttp("a line longer than " + limitBytes + " bytes");
            }
            line.append(c);
        }
    }

    /** The bytes of a head's text. */
    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
