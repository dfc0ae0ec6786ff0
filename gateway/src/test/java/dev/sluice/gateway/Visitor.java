package dev.sluice.gateway;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A client of one of the gateway's transports, on a socket of its own, that can be told not to do
 * what a library would do for it: to read, to answer pings, to say good-bye.
 */
abstract class Visitor implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What comes in one piece of the transport. */
    sealed interface Heard {
        /** Something of the answer, as it stands on the wire. */
        record Text(String text) implements Heard {}

        /** Nothing but that the gateway is there. */
        record SignOfLife() implements Heard {}

        /** The end, and what is said of it. */
        record End(String why) implements Heard {}
    }

    /** A way to the gateway. */
    enum Way {
        EVENT_SOURCE {
            @Override
            Visitor visit(TestGateway gateway) throws IOException {
                return new Streamed(gateway, "GET /stream?prompt=hi HTTP/1.1\r\nhost: x\r\n\r\n");
            }
        },
        FETCH {
            @Override
            Visitor visit(TestGateway gateway) throws IOException {
                String body = "{\"prompt\":\"hi\"}";
                return new Streamed(
                        gateway,
                        "POST /stream HTTP/1.1\r\nhost: x\r\ncontent-length: "
                                + body.length()
                                + "\r\n\r\n"
                                + body);
            }
        },
        SOCKET {
            @Override
            Visitor visit(TestGateway gateway) throws IOException {
                String message = "{\"type\":\"generate\",\"id\":\"a\",\"prompt\":\"hi\"}";
                return new OnSocket(gateway, "/ws", message.getBytes(StandardCharsets.UTF_8));
            }
        },
        RESPONSES_SOCKET {
            @Override
            Visitor visit(TestGateway gateway) throws IOException {
                String message =
                        "{\"type\":\"response.create\",\"model\":\"gpt-5-mini\",\"input\":\"hi\"}";
                return new OnSocket(
                        gateway, "/v1/responses", message.getBytes(StandardCharsets.UTF_8));
            }
        },
        GRPC {
            @Override
            Visitor visit(TestGateway gateway) {
                return new OverGrpc(gateway);
            }
        };

        /** Connects and asks. */
        abstract Visitor visit(TestGateway gateway) throws IOException;

        /** The same, for those who do not care what could go wrong. */
        final Visitor to(TestGateway gateway) {
            try {
                return visit(gateway);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A WebSocket on {@code path} on which these bytes are said as text, whatever they are. */
    static Visitor saying(TestGateway gateway, String path, byte[] message) {
        try {
            return new OnSocket(gateway, path, message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean pongs = true;

    /** Answers no ping from now on. */
    void ignorePings() {
        pongs = false;
    }

    final boolean answersPings() {
        return pongs;
    }

    /** Reads until {@code text} has come, in however many pieces. */
    void awaitText(String text) {
        String before = "";
        while (true) {
            switch (hear()) {
                case Heard.Text(String more) -> {
                    String heard = before + more;
                    if (heard.contains(text)) {
                        return;
                    }
                    before = heard.substring(Math.max(0, heard.length() - text.length()));
                }
                case Heard.SignOfLife _ -> {}
                case Heard.End(String why) ->
                        throw new AssertionError("the end came before `" + text + "`: " + why);
            }
        }
    }

    /** Reads until the gateway has shown {@code count} times that it is there. */
    void awaitSignsOfLife(int count) {
        for (int signs = 0; signs < count; ) {
            switch (hear()) {
                case Heard.Text _ -> {}
                case Heard.SignOfLife _ -> signs++;
                case Heard.End(String why) -> throw new AssertionError("the end came: " + why);
            }
        }
    }

    /** Reads to the end, and says how it came. */
    String awaitEnd() {
        while (true) {
            if (hear() instanceof Heard.End(String why)) {
                return why;
            }
        }
    }

    private Heard hear() {
        try {
            return next();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("nothing came within " + LIMIT, e);
        } catch (IOException e) {
            return new Heard.End("connection: " + e.getMessage());
        }
    }

    /** The next that comes. */
    abstract Heard next() throws IOException;

    /** Goes away without a word (RST). */
    abstract void vanish();

    @Override
    public abstract void close();

    /** A socket that takes little which is not read. */
    private static Socket connect(TestGateway gateway) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) LIMIT.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
        return socket;
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new SocketException("closed");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    /** Events over HTTP/1.1. What frames the chunks is read as text, in which nobody looks. */
    private static final class Streamed extends Visitor {
        private final Socket socket;
        private final DataInputStream in;

        Streamed(TestGateway gateway, String request) throws IOException {
            socket = connect(gateway);
            in = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        Heard next() throws IOException {
            String line = line(in);
            return line.startsWith(":") ? new Heard.SignOfLife() : new Heard.Text(line);
        }

        @Override
        void vanish() {
            RawHttp2.reset(socket);
        }

        @Override
        public void close() {
            RawHttp2.reset(socket);
        }
    }

    /** Messages on a WebSocket. */
    private static final class OnSocket extends Visitor {
        private static final int FIN = 0x80;
        private static final int TEXT = 1;
        private static final int CLOSE = 8;
        private static final int PING = 9;
        private static final int PONG = 10;

        private final Socket socket;
        private final DataInputStream in;
        private final OutputStream out;

        OnSocket(TestGateway gateway, String path, byte[] message) throws IOException {
            socket = connect(gateway);
            in = new DataInputStream(socket.getInputStream());
            out = socket.getOutputStream();
            String handshake =
                    "GET "
                            + path
                            + " HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\n"
                            + "upgrade: websocket\r\nsec-websocket-version: 13\r\n"
                            + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
            out.write(handshake.getBytes(StandardCharsets.US_ASCII));
            String status = line(in);
            if (!status.contains(" 101 ")) {
                throw new AssertionError(status);
            }
            while (!line(in).isEmpty()) {
                // The rest of the head says nothing that matters here.
            }
            send(TEXT, message);
        }

        /** A frame under a mask of zeros, which changes nothing. */
        private void send(int opcode, byte[] payload) throws IOException {
            ByteBuffer frame = ByteBuffer.allocate(payload.length + 6);
            frame.put((byte) (FIN | opcode)).put((byte) (0x80 | payload.length)).putInt(0);
            out.write(frame.put(payload).array());
        }

        @Override
        Heard next() throws IOException {
            int opcode = in.readUnsignedByte() & 0x0f;
            int length = in.readUnsignedByte();
            length = length == 126 ? in.readUnsignedShort() : length;
            byte[] payload = new byte[length];
            in.readFully(payload);
            return switch (opcode) {
                case PING -> {
                    if (answersPings()) {
                        send(PONG, payload);
                    }
                    yield new Heard.SignOfLife();
                }
                case CLOSE -> {
                    ByteBuffer said = ByteBuffer.wrap(payload);
                    int code = said.getShort();
                    yield new Heard.End(code + " " + StandardCharsets.UTF_8.decode(said));
                }
                default -> new Heard.Text(new String(payload, StandardCharsets.UTF_8));
            };
        }

        @Override
        void vanish() {
            RawHttp2.reset(socket);
        }

        @Override
        public void close() {
            RawHttp2.reset(socket);
        }
    }

    /** A call of gRPC on a connection of HTTP/2. */
    private static final class OverGrpc extends Visitor {
        private static final int CALL = 1;
        private static final byte[] MESSAGE = {0, 0, 0, 0, 4, 2 << 3 | 2, 2, 'h', 'i'};

        private final RawHttp2 client;

        OverGrpc(TestGateway gateway) {
            client = RawHttp2.connect(gateway.port(), LIMIT);
            byte[] head =
                    RawHttp2.block(
                            List.of(
                                    Map.entry(":method", "POST"),
                                    Map.entry(":scheme", "http"),
                                    Map.entry(":authority", "x"),
                                    Map.entry(":path", "/sluice.v1.Generation/Stream"),
                                    Map.entry("content-type", "application/grpc"),
                                    Map.entry("te", "trailers")));
            client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, CALL, head);
            client.send(RawHttp2.DATA, RawHttp2.END_STREAM, CALL, MESSAGE);
        }

        @Override
        Heard next() throws IOException {
            RawHttp2.Frame frame = client.any();
            return switch (frame.type()) {
                case RawHttp2.DATA -> {
                    take(frame.payload().length);
                    yield new Heard.Text(new String(frame.payload(), StandardCharsets.UTF_8));
                }
                case RawHttp2.PING -> {
                    if (frame.flags() == 0 && answersPings()) {
                        client.send(RawHttp2.PING, RawHttp2.ACK, 0, frame.payload());
                    }
                    yield new Heard.SignOfLife();
                }
                case RawHttp2.GOAWAY -> new Heard.End("GOAWAY");
                case RawHttp2.RST_STREAM -> new Heard.End("RST_STREAM");
                case RawHttp2.HEADERS ->
                        (frame.flags() & RawHttp2.END_STREAM) != 0
                                ? new Heard.End("trailers")
                                : new Heard.Text("");
                default -> new Heard.Text("");
            };
        }

        /** Gives the server leave to send as much again. */
        private void take(int bytes) {
            if (bytes > 0) {
                byte[] more = ByteBuffer.allocate(4).putInt(bytes).array();
                client.send(RawHttp2.WINDOW_UPDATE, 0, 0, more);
                client.send(RawHttp2.WINDOW_UPDATE, 0, CALL, more);
            }
        }

        @Override
        void vanish() {
            client.reset();
        }

        @Override
        public void close() {
            client.reset();
        }
    }
}
