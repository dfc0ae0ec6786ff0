package dev.sluice.gateway.ingress;

import dev.sluice.core.json.ByteBuilder;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes chunks of an HTTP/1.1 body (RFC 9112, 7.1) straight to the connection, below the response
 * object that has written the head and will write the end.
 *
 * <p>A chunk is one buffer and one system call this way: no objects of the HTTP library, no
 * promise, no gathering of three small buffers. It is taken only for what surely fits into what the
 * connection takes at once; everything else goes through the response, whose queue knows when it
 * has drained. So the order is kept, and a slow client is noticed by the same means in both cases.
 */
final class ChunkWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAMING = 16;
    private static final String ENCODER = "httpEncoder";

    private final Channel channel;
    private final ChannelHandlerContext encoder;

    private ChunkWriter(Channel channel, ChannelHandlerContext encoder) {
        this.channel = channel;
        this.encoder = encoder;
    }

    /**
     * A writer for the body of the response to {@code request}; empty where bodies have no chunks
     * or are encrypted.
     */
    static Optional<ChunkWriter> of(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_1_1
                || request.isSSL()
                || !(request.connection() instanceof ConnectionBase connection)) {
            return Optional.empty();
        }
        Channel channel = connection.channel();
        return Optional.ofNullable(channel.pipeline().context(ENCODER))
                .map(encoder -> new ChunkWriter(channel, encoder));
    }

    /** Whether a chunk of {@code length} bytes surely fits. */
    boolean takes(int length) {
        return length > 0 && length + FRAMING < channel.bytesBeforeUnwritable();
    }

    /**
     * Writes what {@code data} holds as one chunk. A write that fails closes the connection, which
     * the response tells.
     */
    @SuppressWarnings("FutureReturnValueIgnored")
    void write(ByteBuilder data) {
        int length = data.length();
        ByteBuf chunk = channel.alloc().directBuffer(length + FRAMING);
        hex(chunk, length);
        chunk.writeShort('\r' << 8 | '\n');
        chunk.writeBytes(data.array(), 0, length);
        chunk.writeShort('\r' << 8 | '\n');
        encoder.writeAndFlush(chunk, channel.voidPromise());
    }

    private static void hex(ByteBuf chunk, int length) {
        int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(length)) / 4);
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            chunk.writeByte(HEX[length >>> shift & 0xf]);
        }
    }
}
