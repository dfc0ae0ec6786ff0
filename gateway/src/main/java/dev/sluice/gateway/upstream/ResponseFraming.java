package dev.sluice.gateway.upstream;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How the head of an HTTP/1.1 response says that its body ends (RFC 9112, 6.3). It takes only what
 * leaves no doubt: anything that two readers could read in two ways is {@link Kind#UNKNOWN}.
 */
final class ResponseFraming {
    /** What follows the head. */
    enum Kind {
        /** The head goes on beyond what there is. */
        UNFINISHED,
        /** No body; the next response follows. */
        NOTHING,
        /** A body of {@link #length()} bytes. */
        COUNTED,
        /** A body of chunks. */
        CHUNKED,
        /** Something else, or something odd. */
        UNKNOWN
    }

    private static final int LONGEST_LINE = 16 << 10;
    private static final byte[] STATUS_LINE = ascii("http/1.1 ");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding:");
    private static final byte[] CONTENT_LENGTH = ascii("content-length:");
    private static final byte[] CHUNKED = ascii("chunked");

    private byte[] line = new byte[128];
    private int lineLength;
    private boolean first = true;
    private int status;
    private int chunkedFields;
    private int otherFields;
    private long length = -1;

    /** Forgets the head that was read; the next one begins. */
    void clear() {
        lineLength = 0;
        first = true;
        status = 0;
        chunkedFields = 0;
        otherFields = 0;
        length = -1;
    }

    /** The bytes of a counted body. */
    long length() {
        return length;
    }

    /**
     * Reads on in the head, up to its end or that of {@code in}; what is read is skipped in {@code
     * in}.
     */
    Kind read(ByteBuf in) {
        while (in.isReadable()) {
            int count = in.bytesBefore((byte) '\n');
            if (count < 0) {
                return keep(in, in.readableBytes()) ? Kind.UNFINISHED : Kind.UNKNOWN;
            }
            if (!(lineLength == 0 && !first && skipsField(in, count) || keep(in, count))) {
                return Kind.UNKNOWN;
            }
            in.skipBytes(1);
            if (lineLength == 0) {
                continue;
            }
            if (line[lineLength - 1] != '\r') {
                return Kind.UNKNOWN;
            }
            lineLength--;
            if (lineLength == 0) {
                return first ? Kind.UNKNOWN : kind();
            }
            if (!(first ? statusLine() : field())) {
                return Kind.UNKNOWN;
            }
            first = false;
            lineLength = 0;
        }
        return Kind.UNFINISHED;
    }

    /** Skips a whole line that is plainly the line of another field. */
    private static boolean skipsField(ByteBuf in, int count) {
        int at = in.readerIndex();
        byte b = in.getByte(at);
        if (count < 2
                || in.getByte(at + count - 1) != '\r'
                || b == ' '
                || b == '\t'
                || (b | 0x20) == 't'
                || (b | 0x20) == 'c') {
            return false;
        }
        in.skipBytes(count);
        return true;
    }

    private boolean keep(ByteBuf in, int count) {
        if (lineLength + count > LONGEST_LINE) {
            return false;
        }
        if (line.length < lineLength + count) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, lineLength + count));
        }
        in.readBytes(line, lineLength, count);
        lineLength += count;
        return true;
    }

    private boolean statusLine() {
        if (lineLength < 12 || !startsWith(STATUS_LINE)) {
            return false;
        }
        for (int i = 9; i < 12; i++) {
            if (line[i] < '0' || line[i] > '9') {
                return false;
            }
            status = status * 10 + line[i] - '0';
        }
        return true;
    }

    private boolean field() {
        if (line[0] == ' ' || line[0] == '\t') {
            return false;
        }
        if (startsWith(TRANSFER_ENCODING)) {
            int from = valueStart(TRANSFER_ENCODING.length);
            if (valueEnd(from) - from == CHUNKED.length && matches(CHUNKED, from)) {
                chunkedFields++;
            } else {
                otherFields++;
            }
        } else if (startsWith(CONTENT_LENGTH)) {
            return length < 0 && count(valueStart(CONTENT_LENGTH.length));
        }
        return true;
    }

    private boolean count(int from) {
        int to = valueEnd(from);
        if (to == from || to - from > 15) {
            return false;
        }
        length = 0;
        for (int i = from; i < to; i++) {
            if (line[i] < '0' || line[i] > '9') {
                return false;
            }
            length = length * 10 + line[i] - '0';
        }
        return true;
    }

    private Kind kind() {
        if (status < 200) {
            return status == 101 ? Kind.UNKNOWN : Kind.NOTHING;
        }
        if (otherFields > 0 || chunkedFields > 1 || chunkedFields == 1 && length >= 0) {
            return Kind.UNKNOWN;
        }
        if (status == 204 || status == 304) {
            return Kind.NOTHING;
        }
        if (chunkedFields == 1) {
            return Kind.CHUNKED;
        }
        return length < 0 ? Kind.UNKNOWN : Kind.COUNTED;
    }

    private int valueStart(int from) {
        int at = from;
        while (at < lineLength && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
        return at;
    }

    private int valueEnd(int from) {
        int end = lineLength;
        while (end > from && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
            end--;
        }
        return end;
    }

    private boolean startsWith(byte[] lowerCase) {
        return lineLength >= lowerCase.length && matches(lowerCase, 0);
    }

    private boolean matches(byte[] lowerCase, int from) {
        for (int i = 0; i < lowerCase.length; i++) {
            int b = line[from + i];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
