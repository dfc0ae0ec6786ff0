package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Records of exchanges that never were, for tests of those who watch. */
public final class ExchangeRecords {
    private String requestId = "req_1";
    private String principal = "alice";
    private String model = "fast";
    private String upstream = "local/qwen3";
    private int status = 200;
    private int attempts = 1;
    private Outcome outcome = Outcome.COMPLETE;
    private Optional<StopReason> stopReason = Optional.of(StopReason.END_TURN);
    private Optional<Failure> failure = Optional.empty();
    private Usage usage = Usage.of(10, 2, Usage.UNKNOWN, 3, 0);
    private List<String> warnings = List.of();
    private final List<Duration> tokens = new ArrayList<>();

    private ExchangeRecords() {}

    /** A short stream that went well. */
    public static ExchangeRecords record() {
        return new ExchangeRecords();
    }

    /** What the client chose. */
    public ExchangeRecords names(String id, String asked) {
        requestId = id;
        model = asked;
        return this;
    }

    /** An end that was none. */
    public ExchangeRecords failed(Failure why, int httpStatus) {
        outcome = Outcome.FAILED;
        failure = Optional.of(why);
        stopReason = Optional.empty();
        status = httpStatus;
        return this;
    }

    /** The client went away before anything was sent. */
    public ExchangeRecords cancelled(Failure why) {
        failed(why, 0);
        outcome = Outcome.CANCELLED;
        return this;
    }

    /** What was counted. */
    public ExchangeRecords usage(Usage counted) {
        usage = counted;
        return this;
    }

    /** How often upstreams were asked. */
    public ExchangeRecords attempts(int count) {
        attempts = count;
        return this;
    }

    /** What was changed. */
    public ExchangeRecords warnings(String... changed) {
        warnings = List.of(changed);
        return this;
    }

    /** When tokens came, from the request. */
    public ExchangeRecords tokensAfter(int... millis) {
        for (int after : millis) {
            tokens.add(Duration.ofMillis(after));
        }
        return this;
    }

    /** The record. */
    public ExchangeRecord build() {
        Measures measures = new Measures(0);
        tokens.forEach(after -> measures.token(after.toNanos()));
        return new ExchangeRecord(
                requestId,
                principal,
                "anthropic",
                Operation.GENERATE,
                upstream,
                model,
                true,
                false,
                attempts,
                status,
                outcome,
                stopReason,
                failure,
                usage,
                measures,
                123.456,
                warnings);
    }
}
