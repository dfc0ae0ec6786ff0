package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.json.ByteBuilder;

import java.nio.charset.StandardCharsets;

/** A client on paper: writes down what it is sent, and reads as fast as a test wants. */
final class PaperClient implements ClientTransport {
    private final ByteBuilder pending = new ByteBuilder();
    private final StringBuilder read = new StringBuilder();
    private Headers headers = Headers.NONE;
    private int status;
    private int ends;
    private boolean writable = true;
    private boolean broken;

    /** All that was sent. */
    String read() {
        return read.toString();
    }

    /** The status that was sent, 0 if none. */
    int status() {
        return status;
    }

    Headers headers() {
        return headers;
    }

    /** How often the answer was ended, well or not. */
    int ends() {
        return ends;
    }

    /** Reads no more. */
    void stall() {
        writable = false;
    }

    /** From now on whatever is asked of the way to it is an accident. */
    void breakDown() {
        broken = true;
    }

    private void use() {
        if (broken) {
            throw new IllegalStateException("the way to the client is broken");
        }
    }

    @Override
    public void startStream(int code, Headers fields) {
        use();
        status = code;
        headers = fields;
    }

    @Override
    public ByteBuilder out() {
        return pending;
    }

    @Override
    public void flush() {
        use();
        read.append(new String(pending.toBytes(), StandardCharsets.UTF_8));
        pending.clear();
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void endStream() {
        use();
        ends++;
    }

    @Override
    public void reply(int code, Headers fields, byte[] body) {
        startStream(code, fields);
        read.append(new String(body, StandardCharsets.UTF_8));
        ends++;
    }

    @Override
    public void abort() {
        use();
        ends++;
    }
}
