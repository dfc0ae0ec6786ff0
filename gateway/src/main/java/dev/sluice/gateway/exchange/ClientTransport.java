package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.json.ByteBuilder;

/**
 * The way to one client. What is written during a turn of the loop leaves in one piece at the end
 * of that turn: one system call, however many tokens the turn has brought, and none waits for a
 * timer.
 */
public interface ClientTransport {
    /** Starts a streamed answer. */
    void startStream(int status, Headers headers);

    /** Takes the stream's next bytes; {@link #flush} must follow in the same turn. */
    ByteBuilder out();

    /** Sends what {@link #out} holds at the end of this turn. */
    void flush();

    /**
     * Whether the client keeps up. When it does not, the upstream is paused until {@link
     * Exchange#onDrained}.
     */
    boolean isWritable();

    /** Ends the stream well, after what was written. */
    void endStream();

    /** Answers in one piece. */
    void reply(int status, Headers headers, byte[] body);

    /** Cuts the connection or resets the stream, so that what was sent cannot pass for whole. */
    void abort();
}
