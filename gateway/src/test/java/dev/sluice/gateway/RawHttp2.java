package dev.sluice.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An HTTP/2 client that sends what no library would: header blocks and frames as a test wants them,
 * without compression. Of the answers it tells what kind of frame came.
 */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int ACK = 1;
    private static final int PRIORITY = 0x20;
    private static final Set<Integer> MEANT = Set.of(DATA, HEADERS, RST_STREAM, GOAWAY);

    /** A frame that came. */
    record Frame(int type, int flags, int stream, byte[] payload) {
        /** The status of a header block, as far as the static table has it; 0 for another. */
        int status() {
            int[] indexed = {200, 204, 206, 304, 400, 404, 500};
            // A priority may stand before the block, and an update of the table's size in it.
            int at = (flags & PRIORITY) == 0 ? 0 : 5;
            if (at < payload.length && (payload[at] & 0xe0) == 0x20) {
                boolean isLong = (payload[at++] & 0x1f) == 0x1f;
                while (isLong) {
                    isLong = (payload[at++] & 0x80) != 0;
                }
            }
            int first = at < payload.length ? payload[at] & 0xff : 0;
            return first >= 0x88 && first <= 0x8e ? indexed[first - 0x88] : 0;
        }
    }

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    private RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** Connects, and agrees on HTTP/2 by prior knowledge. */
    static RawHttp2 connect(int port, Duration patience) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) patience.toMillis());
            socket.setTcpNoDelay(true);
            RawHttp2 client = new RawHttp2(socket);
            client.out.write(
                    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.send(SETTINGS, 0, 0, new byte[0]);
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A header block of literals that nobody remembers (RFC 7541, 6.2.2). */
    static byte[] block(List<Map.Entry<String, String>> fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (Map.Entry<String, String> field : fields) {
            block.write(0);
            string(block, field.getKey());
            string(block, field.getValue());
        }
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                block.write(rest % 128 + 128);
                rest /= 128;
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    /** Sends a frame; false when the server has ended the connection. */
    boolean send(int type, int flags, int stream, byte[] payload) {
        byte[] frame = new byte[9 + payload.length];
        frame[0] = (byte) (payload.length >> 16);
        frame[1] = (byte) (payload.length >> 8);
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        for (int i = 0; i < 4; i++) {
            frame[5 + i] = (byte) (stream >> (24 - 8 * i));
        }
        System.arraycopy(payload, 0, frame, 9, payload.length);
        try {
            out.write(frame);
            return true;
        } catch (IOException ended) {
            return false;
        }
    }

    /** The next frame that is no bookkeeping; one of type GOAWAY when the connection has ended. */
    Frame next() {
        try {
            while (true) {
                Frame frame = any();
                if (MEANT.contains(frame.type)) {
                    return frame;
                }
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no frame came in time", e);
        } catch (IOException ended) {
            return new Frame(GOAWAY, 0, 0, new byte[0]);
        }
    }

    /** The next frame of whatever kind; what the server sets is agreed to. */
    Frame any() throws IOException {
        Frame frame = read();
        if (frame.type == SETTINGS && frame.flags != ACK) {
            send(SETTINGS, ACK, 0, new byte[0]);
        }
        return frame;
    }

    /** Drops the connection at once (RST). */
    void reset() {
        reset(socket);
    }

    static void reset(Socket socket) {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Frame read() throws IOException {
        int length = (in.readUnsignedByte() << 16) + in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Frame(type, flags, stream, payload);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
