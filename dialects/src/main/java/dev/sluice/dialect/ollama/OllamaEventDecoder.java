package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.event.BlockLedger;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

/**
 * Reads lines of either form. A tool call comes whole and becomes a block that is begun, grown once
 * and ended. A line that says nothing is a sign of life.
 */
final class OllamaEventDecoder implements EventDecoder {
    private static final EventSink NOWHERE = event -> {};
    private static final Names CALL = Names.of("id", "function");
    private static final Names FUNCTION = Names.of("name", "arguments");

    private final OllamaLine line = new OllamaLine();
    private final BlockLedger ledger = new BlockLedger(this::emit);
    private EventSink out = NOWHERE;
    private boolean started;
    private boolean ended;
    private long calls;

    /** Reads an unstreamed answer, which is a last line that says all. */
    static void readAnswer(byte[] body, EventSink out) {
        OllamaEventDecoder decoder = new OllamaEventDecoder();
        decoder.out = out;
        decoder.line(body, 0, body.length);
        if (!decoder.ended) {
            decoder.fail("the upstream's answer is not `done`");
        }
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
        if (frame.hasData()) {
            line(frame.dataBuffer(), frame.dataOffset(), frame.dataLength());
        } else {
            emit(Event.PING);
        }
    }

    @Override
    public void onEnd(EventSink sink) {
        out = sink;
        if (!ended) {
            fail("the upstream's stream ended before its line with `done`");
        }
    }

    private void line(byte[] bytes, int offset, int length) {
        line.read(bytes, offset, length);
        if (line.isError()) {
            emit(new Event.Failed(OllamaErrorReader.ofLine(bytes, offset, length)));
            return;
        }
        if (!line.hasContent() && !line.isDone()) {
            emit(Event.PING);
            return;
        }
        if (!started) {
            started = true;
            emit(new Event.MessageStart("", line.model().toString(), line.created(), Usage.NONE));
        }
        ledger.append(DeltaKind.THINKING, line.thinking());
        ledger.append(DeltaKind.TEXT, line.content());
        Raw logprobs = line.logprobs();
        if (logprobs != null) {
            ledger.annotateLast("logprobs", logprobs);
        }
        Raw written = line.calls();
        if (written != null) {
            calls(written.reader());
        }
        if (line.isDone() && !ended) {
            done();
        }
    }

    private void done() {
        ledger.finish();
        if (ended) {
            return;
        }
        emit(
                new Event.MessageDelta(
                        OllamaStops.read(line.doneReason(), ledger.toolSeen()),
                        null,
                        line.usage()));
        ended = true;
        out.onEvent(Event.STOP);
    }

    private void calls(JsonReader reader) {
        reader.beginArray();
        while (reader.hasNext()) {
            if (Lenient.enterObject(reader)) {
                call(reader);
            }
        }
    }

    private void call(JsonReader reader) {
        String id = "";
        String name = "";
        Text arguments = Text.EMPTY;
        for (int f = reader.nextField(CALL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CALL)) {
            if (f == 0) {
                id = Lenient.text(reader).toString();
            } else if (f == 1 && Lenient.enterObject(reader)) {
                for (int g = reader.nextField(FUNCTION);
                        g != JsonReader.END_OBJECT;
                        g = reader.nextField(FUNCTION)) {
                    switch (g) {
                        case 0 -> name = Lenient.text(reader).toString();
                        case 1 -> arguments = arguments(reader);
                        default -> reader.skip();
                    }
                }
            } else if (f < 0) {
                reader.skip();
            }
        }
        if (name.isEmpty()) {
            fail("the upstream sent a tool call without a name");
            return;
        }
        long key = calls++;
        ledger.tool(key, id, name);
        ledger.grow(key, DeltaKind.ARGUMENTS, arguments);
        ledger.stop(key);
    }

    /** An object on this wire; the text of one at servers that only resemble Ollama. */
    private static Text arguments(JsonReader reader) {
        return switch (reader.peek()) {
            case OBJECT -> Text.of(reader.raw().toString());
            case STRING -> reader.text();
            case ARRAY, NUMBER, BOOLEAN, NULL -> {
                reader.skip();
                yield Text.EMPTY;
            }
        };
    }

    private void fail(String why) {
        if (!ended) {
            emit(new Event.Failed(Failure.of(FailureCode.UPSTREAM_BROKEN, why)));
        }
    }
}
