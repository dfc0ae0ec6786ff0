package dev.sluice.dialect.openaichat;

import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.BlockLedger;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The message that an upstream tells, chunk by chunk or at once, turned into events: started at its
 * first choice, grown, and ended when the upstream has said all. The stop reason and the usage are
 * told at the very end, since on this wire usage may come after everything else.
 */
final class OpenAiChatMessage {
    private static final EventSink NOWHERE = event -> {};
    private static final int MOST_ASIDES = 64;

    /** Something beside the content that waits for a block. */
    private record Aside(String name, Raw data) {}

    private EventSink out = NOWHERE;
    private final BlockLedger ledger = new BlockLedger(this::emit);
    private final OpenAiChatCalls calls = new OpenAiChatCalls(this, ledger);

    private String id = "";
    private String model = "";
    private long created;
    private final List<Aside> asides = new ArrayList<>(0);
    private boolean blockOpen;
    private boolean started;
    private boolean ended;
    private boolean refused;
    private boolean finishSeen;
    private @Nullable StopReason told;
    private @Nullable Text stopSequence;
    private Usage usage = Usage.NONE;

    /** Where events go from now on. */
    void to(EventSink sink) {
        out = sink;
    }

    private void emit(Event event) {
        switch (event) {
            case Event.BlockStart start -> blockOpen = start.kind() != BlockKind.OPAQUE;
            case Event.BlockStop _ -> blockOpen = false;
            case Event.Failed _ -> ended = true;
            default -> {}
        }
        out.onEvent(event);
        if (blockOpen && !asides.isEmpty()) {
            tellAsides();
        }
    }

    boolean started() {
        return started;
    }

    /** Whether the message is complete or has failed. */
    boolean ended() {
        return ended;
    }

    /** Whether a finish reason was told. */
    boolean finishSeen() {
        return finishSeen;
    }

    OpenAiChatCalls calls() {
        return calls;
    }

    String id() {
        return id;
    }

    long created() {
        return created;
    }

    void id(Text value) {
        id = value.isEmpty() ? id : value.toString();
    }

    void model(Text value) {
        model = value.isEmpty() ? model : value.toString();
    }

    void created(long seconds) {
        created = Math.max(created, seconds);
    }

    /** The first choice has come. */
    void start() {
        if (!started && !ended) {
            started = true;
            emit(new Event.MessageStart(id, model, created, usage));
        }
    }

    /** Grows the text, thinking or refusal at the end of the message. */
    void grow(DeltaKind kind, Text text) {
        refused |= kind == DeltaKind.REFUSAL && !text.isEmpty();
        ledger.append(kind, text);
    }

    /**
     * Content of a kind that has no canonical form: a note on the block that is open, else a block
     * of its own.
     */
    void own(String name, Raw data) {
        if (blockOpen) {
            ledger.annotateLast(name, data);
        } else {
            ledger.whole(BlockKind.OPAQUE, name, data);
        }
    }

    /** Something beside the content: a note on the block that is open, or on the next one. */
    void aside(String name, Raw data) {
        if (blockOpen) {
            ledger.annotateLast(name, data);
        } else if (asides.size() < MOST_ASIDES) {
            asides.add(new Aside(name, data));
        }
    }

    private void tellAsides() {
        List<Aside> held = List.copyOf(asides);
        asides.clear();
        held.forEach(aside -> own(aside.name, aside.data));
    }

    /** Gives the block at the end of the message its log probabilities. */
    void logprobs(Raw data) {
        ledger.annotateLast("logprobs", data);
    }

    /** The upstream says why it stopped. */
    void finish(Text reason) {
        finishSeen = true;
        told = OpenAiChatStops.later(told, OpenAiChatStops.read(reason));
        Optional<Failure> broken = OpenAiChatStops.failure(reason);
        broken.ifPresent(this::fail);
    }

    /** The stop sequence that was met. */
    void stopSequence(Text sequence) {
        stopSequence = sequence.keep();
    }

    void usage(Usage reported) {
        usage = usage.merge(reported);
    }

    /** The upstream has said all. */
    void complete() {
        if (ended) {
            return;
        }
        if (!started) {
            fail("the upstream's stream ended before its message began");
            return;
        }
        tellAsides();
        calls.finish();
        ledger.finish();
        if (ended) {
            return;
        }
        StopReason reason =
                OpenAiChatStops.resolve(told, ledger.toolSeen(), refused, stopSequence != null);
        Text met = reason == StopReason.STOP_SEQUENCE ? stopSequence : null;
        emit(new Event.MessageDelta(reason, met, usage));
        ended = true;
        out.onEvent(Event.STOP);
    }

    void fail(String why) {
        fail(Failure.of(FailureCode.UPSTREAM_BROKEN, why));
    }

    void fail(Failure failure) {
        if (!ended) {
            emit(new Event.Failed(failure));
        }
    }
}
