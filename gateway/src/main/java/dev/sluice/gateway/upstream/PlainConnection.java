package dev.sluice.gateway.upstream;

import dev.sluice.core.provider.Head;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** One connection of HTTP/1.1 to a model server: a request, its answer, the next request. */
final class PlainConnection extends ChannelInboundHandlerAdapter
        implements HttpStream.Carrier, ResponseReader.Sink {
    private static final System.Logger LOG = System.getLogger(PlainConnection.class.getName());

    private final PlainConnections all;
    private final URI base;
    private final ReadBuffer buffer;
    private final ResponseReader reader;
    private @Nullable Channel channel;
    private @Nullable ChannelFuture sent;
    private @Nullable HttpStream stream;
    private long idleSince;

    PlainConnection(PlainConnections all, URI base, ReadBuffer buffer, int mostHeadBytes) {
        this.all = all;
        this.base = base;
        this.buffer = buffer;
        this.reader = new ResponseReader(this, mostHeadBytes);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    private Channel channel() {
        return Objects.requireNonNull(channel, "opened");
    }

    /**
     * Sends a request. If nobody waits for the answer any more the connection is closed: a crowd of
     * clients that left while they were connected leaves no crowd of idle connections.
     */
    void send(UpstreamRequest request, HttpStream asking) {
        if (!asking.connected(this)) {
            close();
            return;
        }
        stream = asking;
        reader.expect();
        ByteBuf message = channel().alloc().directBuffer(512 + request.body().length);
        try {
            RequestHead.write(message, request, base);
            message.writeBytes(request.body());
        } catch (RuntimeException refused) {
            message.release();
            stream = null;
            close();
            asking.accident(refused);
            return;
        }
        sent = channel().writeAndFlush(message);
    }

    /** Closes the connection; the stream on it is told nothing. */
    void close() {
        stream = null;
        cut();
    }

    /** Closes the connection; the stream on it is told that it broke. */
    @SuppressWarnings("FutureReturnValueIgnored") // the pool hears of it when it is closed
    void cut() {
        channel().close();
    }

    /** Whether nobody has used it for {@code seconds}, or for as long as the server allows. */
    boolean isIdleFor(long now, int seconds) {
        int most = reader.idleSeconds() > 0 ? Math.min(seconds, reader.idleSeconds()) : seconds;
        return now - idleSince >= TimeUnit.SECONDS.toNanos(most);
    }

    // ---- what the stream wants ----

    @Override
    public void reading(boolean wanted) {
        channel().config().setAutoRead(wanted);
    }

    @Override
    public void reset() {
        close();
    }

    // ---- what comes ----

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        int length = in.readableBytes();
        byte[] bytes;
        try {
            bytes = buffer.take(in);
        } finally {
            in.release();
        }
        try {
            reader.read(bytes, 0, length);
        } catch (MalformedResponse malformed) {
            HttpStream told = stream;
            close();
            if (told != null) {
                told.malformed(malformed);
            }
        } finally {
            buffer.giveBack(bytes);
        }
    }

    @Override
    public void onHead(Head head) {
        if (stream != null) {
            stream.head(head);
        }
    }

    @Override
    public void onData(byte[] bytes, int offset, int length) {
        if (stream != null) {
            stream.bytes(bytes, offset, length);
        }
    }

    @Override
    public void onEnd(boolean isReusable) {
        HttpStream done = stream;
        if (done == null) {
            return;
        }
        stream = null;
        if (isReusable && sent != null && sent.isSuccess()) {
            idleSince = all.loop().nanoTime();
            reading(true);
            all.free(this);
        } else {
            close();
        }
        done.ended();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        all.closed(this);
        if (stream != null && !reader.closed()) {
            broke(new ClosedChannelException());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            broke(cause);
        } else {
            HttpStream told = stream;
            if (told != null) {
                told.accident(cause);
            } else {
                LOG.log(System.Logger.Level.ERROR, "an accident on an idle connection", cause);
            }
        }
        close();
    }

    private void broke(Throwable cause) {
        HttpStream told = stream;
        stream = null;
        if (told != null) {
            told.brokeOff(cause);
        }
    }
}
