package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;

import java.util.List;
import java.util.Optional;

/**
 * What is known of an exchange when it has ended. Holds no prompt and no answer.
 *
 * @param requestId the id that the client knows
 * @param principal whose key it was
 * @param client the dialect of the client
 * @param upstream who answered last, as {@code provider/model}; empty if nobody was asked
 * @param model the model as the client named it
 * @param streamed whether the client asked for a stream
 * @param relayed whether frames went through as they were
 * @param attempts how many upstreams were asked
 * @param status the HTTP status that the client got, 0 if none
 * @param totalMillis from the request to the end
 * @param warnings what was dropped, clamped or emulated
 */
public record ExchangeRecord(
        String requestId,
        String principal,
        String client,
        Operation operation,
        String upstream,
        String model,
        boolean streamed,
        boolean relayed,
        int attempts,
        int status,
        Outcome outcome,
        Optional<StopReason> stopReason,
        Optional<Failure> failure,
        Usage usage,
        Measures measures,
        double totalMillis,
        List<String> warnings) {}
