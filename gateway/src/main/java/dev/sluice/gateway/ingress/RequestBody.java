package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.gateway.exchange.Loop;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

import java.util.function.Consumer;

/** Reads the body of one request up to its limits of size and time, and undoes its compression. */
final class RequestBody {
    private final HttpServerRequest request;
    private final Headers headers;
    private final IngressSettings settings;
    private final Loop loop;
    private ByteBuilder gathered = new ByteBuilder(1024);
    private boolean over;

    RequestBody(HttpServerRequest request, Headers headers, IngressSettings settings, Loop loop) {
        this.request = request;
        this.headers = headers;
        this.settings = settings;
        this.loop = loop;
    }

    void read(Consumer<byte[]> whole, Consumer<Failure> refused) {
        if (announced() > settings.maxBodyBytes()) {
            over = true;
            refused.accept(tooLarge());
            return;
        }
        Loop.Timer timer =
                loop.schedule(
                        settings.bodyTimeout().toMillis(),
                        () -> {
                            if (!over) {
                                over = true;
                                refused.accept(
                                        Failure.of(
                                                FailureCode.REQUEST_TIMEOUT,
                                                "the body of the request did not come within "
                                                        + settings.bodyTimeout().toSeconds()
                                                        + " s"));
                            }
                        });
        request.handler(buffer -> take(buffer, refused));
        request.exceptionHandler(
                _ -> {
                    over = true;
                    timer.cancel();
                });
        request.endHandler(
                _ -> {
                    timer.cancel();
                    if (!over) {
                        over = true;
                        decode(whole, refused);
                    }
                });
    }

    private long announced() {
        try {
            return headers.get("content-length").map(Long::parseLong).orElse(0L);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void take(Buffer buffer, Consumer<Failure> refused) {
        if (over) {
            return;
        }
        if (gathered.length() + (long) buffer.length() > settings.maxBodyBytes()) {
            over = true;
            gathered = new ByteBuilder(0);
            refused.accept(tooLarge());
            return;
        }
        gathered.add(buffer.getBytes());
    }

    private void decode(Consumer<byte[]> whole, Consumer<Failure> refused) {
        byte[] body = gathered.toBytes();
        gathered = new ByteBuilder(0);
        String coding = headers.get("content-encoding").orElse("identity").trim();
        if (coding.isEmpty() || coding.equalsIgnoreCase("identity")) {
            whole.accept(body);
            return;
        }
        RequestCoding.decode(coding, body, settings.maxBodyBytes(), loop, whole, refused);
    }

    private Failure tooLarge() {
        return Failure.of(
                FailureCode.REQUEST_TOO_LARGE,
                "the body of the request is larger than "
                        + settings.maxBodyBytes()
                        + " bytes (limits.body)");
    }
}
