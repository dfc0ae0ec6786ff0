package dev.sluice.gateway.exchange;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;

import java.util.function.Consumer;

/** Gathers a body that is one document, up to a limit, and hands it over at its end. */
final class WholeReader implements BodyReader {
    private final Attempt attempt;
    private final int maxBytes;
    private final Consumer<byte[]> whole;
    private final ByteBuilder body = new ByteBuilder(1024);

    WholeReader(Attempt attempt, int maxBytes, Consumer<byte[]> whole) {
        this.attempt = attempt;
        this.maxBytes = maxBytes;
        this.whole = whole;
    }

    @Override
    public void onBytes(byte[] bytes, int offset, int length) {
        if (body.length() + length > maxBytes) {
            attempt.failed(
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream's answer is larger than "
                                    + maxBytes
                                    + " bytes (limits.answer)"));
            return;
        }
        body.add(bytes, offset, length);
    }

    @Override
    public void onEnd() {
        whole.accept(body.toBytes());
    }
}
