package dev.sluice.dialect.grpc;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;

import org.jspecify.annotations.Nullable;

/** Gathers what is said of a whole message, and writes it as {@code Done}. */
final class GrpcEnding {
    private final EncodeContext context;
    private String model;
    private @Nullable StopReason reason;
    private String stopSequence = "";
    private Usage usage = Usage.NONE;

    GrpcEnding(EncodeContext context) {
        this.context = context;
        this.model = context.model();
    }

    void started(String answering, Usage known) {
        model = answering.isEmpty() ? model : answering;
        usage = usage.merge(known);
    }

    void told(Event.MessageDelta told) {
        usage = usage.merge(told.usage());
        reason = told.stopReason() == null ? reason : told.stopReason();
        stopSequence = told.stopSequence() == null ? stopSequence : told.stopSequence().toString();
    }

    void ended(StopReason why, @Nullable String sequence) {
        reason = why;
        stopSequence = sequence == null ? "" : sequence;
    }

    /** Writes it; {@code pieces} of text stand for tokens where nobody counted. */
    void write(ProtoWriter done, long pieces) {
        done.number(1, number(reason)).string(2, stopSequence).string(3, model);
        done.message(4, this::usage);
        long first = context.elapsed().toFirstContent();
        long nanos = context.elapsed().total() - first;
        long count = usage.output() > 1 ? usage.output() : pieces;
        done.number(5, first / 1e6);
        done.number(6, count > 1 && nanos > 0 && first > 0 ? (count - 1) * 1e9 / nanos : 0.0);
    }

    private void usage(ProtoWriter out) {
        count(out, 1, usage.totalInput());
        count(out, 2, usage.output());
        count(out, 3, usage.cacheRead());
        count(out, 4, usage.cacheWrite());
        count(out, 5, usage.reasoning());
        out.truth(6, usage.estimated());
    }

    private static void count(ProtoWriter out, int field, long count) {
        if (count >= 0) {
            out.present(field, count);
        }
    }

    private static long number(@Nullable StopReason reason) {
        return switch (reason) {
            case null -> 8;
            case END_TURN -> 1;
            case MAX_TOKENS -> 2;
            case STOP_SEQUENCE -> 3;
            case TOOL_USE -> 4;
            case REFUSAL -> 5;
            case PAUSE_TURN -> 6;
            case CONTEXT_WINDOW -> 7;
            case OTHER -> 8;
        };
    }
}
