package dev.sluice.gateway.exchange;

import java.time.Duration;

/**
 * What holds for every exchange.
 *
 * @param keepalive how long a client hears nothing before it is sent a sign of life; zero means
 *     never
 * @param slowReader how long a client may take nothing while there is something for it
 * @param maxEventBytes the largest frame of an upstream
 * @param maxAnswerBytes the largest unstreamed answer
 * @param strict whether dropping a parameter is an error
 */
public record ExchangeSettings(
        Duration keepalive,
        Duration slowReader,
        int maxEventBytes,
        int maxAnswerBytes,
        boolean strict) {
    /** 10 s, 1 min, 16 MiB, 64 MiB, lenient. */
    public static final ExchangeSettings DEFAULT =
            new ExchangeSettings(
                    Duration.ofSeconds(10), Duration.ofMinutes(1), 16 << 20, 64 << 20, false);
}
