package dev.sluice.gateway.ingress;

import java.time.Duration;
import java.util.List;

/**
 * The bounds of the client side.
 *
 * @param maxBodyBytes the largest request body, after decompression
 * @param maxStreams most exchanges at once on one event loop
 * @param slowReaderBytes how much is held for a client that does not read as fast as its stream
 *     comes
 * @param headTimeout how long a connection may take to send the head of a request, and how long an
 *     idle one is kept
 * @param bodyTimeout how long the body of a request may take
 * @param origins of which pages may ask, beside the gateway's own
 */
public record IngressSettings(
        int maxBodyBytes,
        int maxStreams,
        int slowReaderBytes,
        Duration headTimeout,
        Duration bodyTimeout,
        List<String> origins) {
    /** 32 MiB, 20 000, 256 KiB, 1 min, 1 min, none. */
    public static final IngressSettings DEFAULT =
            new IngressSettings(
                    32 << 20,
                    20_000,
                    256 << 10,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    List.of());

    /** Copies the list. */
    public IngressSettings {
        origins = List.copyOf(origins);
    }
}
