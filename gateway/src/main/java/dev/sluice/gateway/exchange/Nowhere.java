package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.json.ByteBuilder;

/** In the place of a client that has left: takes everything and keeps nothing. */
final class Nowhere implements ClientTransport {
    private final ByteBuilder out = new ByteBuilder(512);

    @Override
    public void startStream(int status, Headers headers) {}

    @Override
    public ByteBuilder out() {
        return out;
    }

    @Override
    public void flush() {
        out.clear();
        out.shrink(4096);
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void endStream() {
        flush();
    }

    @Override
    public void reply(int status, Headers headers, byte[] body) {}

    @Override
    public void abort() {}
}
