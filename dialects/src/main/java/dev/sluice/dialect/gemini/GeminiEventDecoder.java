package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.BlockLedger;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.failure.UpstreamWords;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.framing.JsonArrayDecoder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.core.request.Seal;

import org.jspecify.annotations.Nullable;

/**
 * Reads pieces of an answer. A call that comes whole becomes a block that is begun, grown once and
 * ended; one platform sends arguments in pieces where it was asked to.
 *
 * <p>The vendor seals not only thoughts but calls and texts too. A seal on one of these is a block
 * of thinking without text right in front of it: so it reaches every client that can carry a seal,
 * and comes back to its place.
 *
 * <p>The wire has no end marker. A message is whole when the stream ends and a reason was told
 * before; counts may follow the reason.
 */
final class GeminiEventDecoder implements EventDecoder {
    private static final EventSink NOWHERE = event -> {};
    private static final long NONE = -1;

    private final GeminiChunk chunk;
    private final BlockLedger ledger = new BlockLedger(this::emit);
    private final boolean sameDialect;

    /** A call whose arguments come in pieces. */
    private record Running(long key, String id, String name, GeminiArguments arguments) {
        boolean goesOnIn(GeminiPart.Call call) {
            boolean named = call.name().isEmpty() || call.name().equals(name);
            return named && (id.isEmpty() || call.id().isEmpty() || call.id().equals(id));
        }
    }

    private EventSink out = NOWHERE;
    private @Nullable Running running;
    private boolean piecesSeen;
    private boolean started;
    private boolean ended;
    private long keys;

    /** The thinking at the end of the message that has no seal yet. */
    private long thinking = NONE;

    private String finishReason = "";
    private String finishMessage = "";
    private boolean blocked;
    private boolean answered;
    private Usage usage = Usage.NONE;

    GeminiEventDecoder(DecodeContext context) {
        sameDialect = context.sameDialect();
        chunk = new GeminiChunk(sameDialect);
    }

    /** Reads an unstreamed answer; one that is an array is a stream that came at once. */
    static void readAnswer(byte[] body, DecodeContext context, EventSink out) {
        GeminiEventDecoder decoder = new GeminiEventDecoder(context);
        JsonArrayDecoder frames = new JsonArrayDecoder(Math.max(1, body.length));
        frames.feed(body, 0, body.length, frame -> decoder.onFrame(frame, out));
        if (decoder.answered && decoder.finishReason.isEmpty() && isObject(body)) {
            // Some servers have no reason to tell; an object that is whole has ended.
            decoder.finishReason = "STOP";
        }
        decoder.onEnd(out);
    }

    private static boolean isObject(byte[] body) {
        return new JsonReader(body).peek() == JsonReader.Kind.OBJECT;
    }

    private void emit(Event event) {
        ended |= event instanceof Event.Failed;
        out.onEvent(event);
    }

    @Override
    public void onFrame(Frame frame, EventSink sink) {
        if (ended) {
            return;
        }
        out = sink;
        if (!frame.hasData() || frame.dataEquals("[DONE]")) {
            if (!isOver()) {
                emit(Event.PING);
            }
            return;
        }
        chunk.read(frame.dataBuffer(), frame.dataOffset(), frame.dataLength());
        if (chunk.isError()) {
            emit(
                    new Event.Failed(
                            GeminiErrorReader.ofFrame(
                                    frame.dataBuffer(), frame.dataOffset(), frame.dataLength())));
            return;
        }
        chunk();
    }

    private void chunk() {
        Usage told = usage.merge(chunk.usage());
        boolean counted = !told.equals(usage);
        usage = told;
        answered |= chunk.hasCandidates();
        blocked |= !chunk.blockReason().isEmpty();
        if (!started) {
            started = true;
            emit(new Event.MessageStart(chunk.id().toString(), chunk.model().toString(), 0, usage));
        } else if (counted) {
            emit(new Event.MessageDelta(null, null, usage));
        }
        for (GeminiPart part : chunk.parts()) {
            if (!ended) {
                part(part);
            }
        }
        for (GeminiChunk.Note note : chunk.notes()) {
            ledger.annotateLast(note.name(), note.data());
        }
        if (!chunk.finishReason().isEmpty()) {
            finishReason = chunk.finishReason().toString();
            finishMessage = chunk.finishMessage().toString();
        }
    }

    private void part(GeminiPart part) {
        GeminiPart.Call call = part.call();
        Raw opaque = part.opaque();
        if (opaque != null) {
            thinking = NONE;
            ledger.whole(BlockKind.OPAQUE, part.type(), opaque);
        } else if (call != null) {
            seal(part.signature());
            call(call);
        } else if (part.thought()) {
            thought(part);
        } else if (part.isContent()) {
            seal(part.signature());
            thinking = NONE;
            ledger.append(DeltaKind.TEXT, part.text());
        }
    }

    /** A thought grows the one before it, unless that is sealed. */
    private void thought(GeminiPart part) {
        if (!part.isContent()) {
            return;
        }
        if (thinking == NONE) {
            thinking = keys++;
            ledger.open(thinking, BlockKind.THINKING, "", "", null);
        }
        ledger.grow(thinking, DeltaKind.THINKING, part.text());
        if (!part.signature().isEmpty()) {
            ledger.grow(thinking, DeltaKind.SIGNATURE, marked(part.signature()));
            ledger.stop(thinking);
            thinking = NONE;
        }
    }

    /** The seal of what comes next. */
    private void seal(Text signature) {
        if (signature.isEmpty()) {
            return;
        }
        thinking = NONE;
        long key = keys++;
        ledger.open(key, BlockKind.THINKING, "", "", null);
        ledger.grow(key, DeltaKind.SIGNATURE, marked(signature));
        ledger.stop(key);
    }

    private Text marked(Text signature) {
        return sameDialect
                ? signature
                : Text.of(Seal.mark(GeminiDialect.NAME, signature.toString()));
    }

    private void call(GeminiPart.Call call) {
        thinking = NONE;
        if (running != null && running.goesOnIn(call)) {
            more(running, call);
            return;
        }
        endRunning();
        if (call.name().isEmpty()) {
            // The end of a call that came in pieces may be told once more.
            if (!piecesSeen || call.isPartial() || !call.arguments().isEmpty()) {
                fail("the upstream sent a tool call without a name");
            }
            return;
        }
        long key = keys++;
        ledger.tool(key, call.id(), call.name());
        if (call.isPartial()) {
            piecesSeen = true;
            running = new Running(key, call.id(), call.name(), new GeminiArguments());
            more(running, call);
        } else {
            ledger.grow(key, DeltaKind.ARGUMENTS, call.arguments());
            ledger.stop(key);
        }
    }

    private void more(Running grown, GeminiPart.Call call) {
        try {
            for (GeminiArguments.Piece piece : call.pieces()) {
                ledger.grow(grown.key, DeltaKind.ARGUMENTS, grown.arguments.take(piece));
            }
        } catch (FailureException broken) {
            emit(new Event.Failed(broken.failure()));
            return;
        }
        if (!call.continues()) {
            endRunning();
        }
    }

    private void endRunning() {
        Running ended = running;
        if (ended != null) {
            running = null;
            ledger.grow(ended.key, DeltaKind.ARGUMENTS, ended.arguments.end());
            ledger.stop(ended.key);
        }
    }

    @Override
    public void onEnd(EventSink sink) {
        out = sink;
        if (ended) {
            return;
        }
        if (!isOver()) {
            fail("the upstream's stream ended before it said why");
        } else if (GeminiStops.isMalformed(finishReason) && !sameDialect) {
            malformed();
        } else {
            done();
        }
    }

    /** Whether the message has come to its end, though the stream may go on. */
    private boolean isOver() {
        return blocked || !finishReason.isEmpty();
    }

    private void done() {
        StopReason reason =
                finishReason.isEmpty()
                        ? StopReason.REFUSAL
                        : GeminiStops.read(finishReason, ledger.toolSeen());
        if (!GeminiStops.cut(reason)) {
            endRunning();
        }
        ledger.finish();
        if (ended) {
            return;
        }
        emit(new Event.MessageDelta(reason, null, usage));
        ended = true;
        out.onEvent(Event.STOP);
    }

    /** Another try of the same request may go well. */
    private void malformed() {
        String words = UpstreamWords.clean(finishMessage);
        emit(
                new Event.Failed(
                        new Failure(
                                FailureCode.UPSTREAM_ERROR,
                                "the model's answer is no answer ("
                                        + finishReason
                                        + ")"
                                        + (words.isEmpty() ? "" : ": " + words),
                                null,
                                finishReason,
                                null,
                                0)));
    }

    private void fail(String why) {
        emit(new Event.Failed(Failure.of(FailureCode.UPSTREAM_BROKEN, why)));
    }
}
