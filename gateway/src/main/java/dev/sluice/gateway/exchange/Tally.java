package dev.sluice.gateway.exchange;

import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What becomes known of an answer while it comes: the stuff of the exchange's record. */
final class Tally {
    private final Measures measures;
    private Usage usage = Usage.NONE;
    private @Nullable StopReason stopReason;
    private boolean blockDropped;

    Tally(long start) {
        measures = new Measures(start);
    }

    /** Another try begins: what the one before told is not of the answer. */
    void clear() {
        usage = Usage.NONE;
        stopReason = null;
    }

    Measures measures() {
        return measures;
    }

    Usage usage() {
        return usage;
    }

    /** Usage was told, which is cumulative. */
    void usage(Usage told) {
        usage = usage.merge(told);
    }

    /** The answer stops for this reason, if any is told. */
    void stopReason(@Nullable StopReason told) {
        stopReason = told == null ? stopReason : told;
    }

    /** What the upstream has told of the answer so far. */
    void told(Usage told, Optional<StopReason> reason) {
        usage(told);
        stopReason(reason.orElse(null));
    }

    /** A block came that the client's dialect has no place for. */
    void blockDropped() {
        blockDropped = true;
    }

    /** The record of the exchange, which ends now. */
    ExchangeRecord record(
            ClientStream client,
            CandidateOrder order,
            boolean relayed,
            Outcome outcome,
            Optional<Failure> failure,
            long nanos) {
        ClientCall call = client.call();
        return new ExchangeRecord(
                call.requestId(),
                call.principal(),
                call.dialect().name(),
                call.operation(),
                order.candidate().label(),
                call.request().model(),
                call.streamed(),
                relayed,
                order.tries(),
                client.status(),
                outcome,
                Optional.ofNullable(stopReason),
                failure,
                usage,
                measures,
                nanos / 1e6,
                warnings(client.warnings()));
    }

    private List<String> warnings(List<String> told) {
        if (!blockDropped) {
            return told;
        }
        List<String> all = new ArrayList<>(told);
        all.add("dropped=content_block");
        return all;
    }
}
