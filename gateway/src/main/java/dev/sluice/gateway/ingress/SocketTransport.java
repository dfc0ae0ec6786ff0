package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.gateway.exchange.ClientWatch;
import dev.sluice.gateway.exchange.Exchange;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** The way of one answer to a client on a WebSocket: each line of the stream is a message. */
final class SocketTransport implements IngressTransport {
    private final Socket socket;
    private final SocketSpeech speech;
    private final ByteBuilder pending = new ByteBuilder(512);
    private @Nullable ClientWatch watch;
    private @Nullable Exchange exchange;
    private Runnable whenOver = () -> {};
    private boolean over;

    SocketTransport(Socket socket, SocketSpeech speech) {
        this.socket = socket;
        this.speech = speech;
    }

    @Override
    public void bind(ClientWatch bound, Runnable ended) {
        watch = bound;
        whenOver = ended;
    }

    /** What answers. */
    void carries(Exchange answering) {
        exchange = answering;
    }

    /** The client wants no more of this answer; it is told of the end. */
    void cancel() {
        if (exchange != null) {
            exchange.onCancel();
        }
    }

    void drained() {
        if (watch != null && !over && socket.isWritable()) {
            watch.onDrained();
        }
    }

    /** The client is gone. */
    void gone() {
        if (!over) {
            over = true;
            if (watch != null) {
                watch.onClientGone();
            }
            whenOver.run();
        }
    }

    @Override
    public void startStream(int status, Headers headers) {
        // The first message is the start.
    }

    @Override
    public ByteBuilder out() {
        return pending;
    }

    @Override
    public void flush() {
        byte[] bytes = pending.array();
        int start = 0;
        for (int i = 0; i < pending.length(); i++) {
            if (bytes[i] == '\n') {
                int text = speech.textOf(bytes, start, i - start);
                if (text >= 0) {
                    socket.send(Arrays.copyOfRange(bytes, text, i));
                }
                start = i + 1;
            }
        }
        pending.clear();
        pending.shrink(4096);
    }

    @Override
    public boolean isWritable() {
        return socket.isWritable();
    }

    @Override
    public void endStream() {
        flush();
        end();
    }

    @Override
    public void reply(int status, Headers headers, byte[] body) {
        socket.send(speech.error(new ErrorReply(status, headers, body)));
        end();
    }

    private void end() {
        if (!over) {
            over = true;
            whenOver.run();
        }
    }

    /** Of an answer that breaks off nothing can be taken back: the connection ends with it. */
    @Override
    public void abort() {
        end();
        socket.cut();
    }
}
