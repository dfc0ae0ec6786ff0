package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.provider.Head;

/**
 * Reads the start of an upstream's error and makes a failure of it, whatever it is: JSON, a web
 * page, nothing, too much, cut.
 */
final class ErrorReader implements BodyReader {
    private static final int MOST = 64 << 10;

    private final Attempt attempt;
    private final Dialect dialect;
    private final Head head;
    private final ByteBuilder body = new ByteBuilder(512);

    ErrorReader(Attempt attempt, Dialect dialect, Head head) {
        this.attempt = attempt;
        this.dialect = dialect;
        this.head = head;
    }

    @Override
    public void onBytes(byte[] bytes, int offset, int length) {
        body.add(bytes, offset, Math.min(length, MOST - body.length()));
        if (body.length() >= MOST) {
            tell();
        }
    }

    @Override
    public void onEnd() {
        tell();
    }

    @Override
    public void onBroken(Attempt broken, Failure failure) {
        tell();
    }

    private void tell() {
        attempt.failed(dialect.decodeError(head.status(), head.headers(), body.toBytes()));
    }
}
