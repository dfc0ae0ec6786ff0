package dev.sluice.gateway.ingress;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.gateway.coding.ContentCoding;
import dev.sluice.gateway.exchange.Loop;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Undoes the compression of a request's body, off the loop, and bounds what comes out of it. */
final class RequestCoding {
    private static final System.Logger LOG = System.getLogger(RequestCoding.class.getName());

    private RequestCoding() {}

    static void decode(
            String field,
            byte[] body,
            int most,
            Loop loop,
            Consumer<byte[]> whole,
            Consumer<Failure> refused) {
        Optional<ContentCoding> coding = ContentCoding.of(field);
        if (coding.isEmpty()) {
            refused.accept(
                    Failure.invalid(
                            "content-encoding",
                            "the content-encoding of the request is not known; use one of "
                                    + ContentCoding.NAMES
                                    + ", or none"));
            return;
        }
        Thread.ofVirtual()
                .name("request-decoding")
                .start(() -> decode(coding.get(), body, most, loop, whole, refused));
    }

    private static void decode(
            ContentCoding coding,
            byte[] body,
            int most,
            Loop loop,
            Consumer<byte[]> whole,
            Consumer<Failure> refused) {
        try {
            byte[] decoded = coding.decode(body, most);
            loop.execute(
                    () -> {
                        if (decoded.length > most) {
                            refused.accept(
                                    Failure.of(
                                            FailureCode.REQUEST_TOO_LARGE,
                                            "the body of the request is larger than "
                                                    + most
                                                    + " bytes once it is decompressed"
                                                    + " (limits.body)"));
                        } else {
                            whole.accept(decoded);
                        }
                    });
        } catch (IOException e) {
            loop.execute(
                    () ->
                            refused.accept(
                                    Failure.invalid(
                                            "content-encoding",
                                            "the body of the request is not what its"
                                                    + " content-encoding says")));
        } catch (Error accident) {
            LOG.log(System.Logger.Level.ERROR, "a request's body cannot be decoded", accident);
            loop.execute(
                    () ->
                            refused.accept(
                                    Failure.of(
                                            FailureCode.INTERNAL,
                                            "the gateway failed while it decompressed the"
                                                    + " request")));
        }
    }
}
