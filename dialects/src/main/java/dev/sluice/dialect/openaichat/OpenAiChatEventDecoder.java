package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Likeness;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Text;

/**
 * Reads chunks. Frames that differ from an earlier one in their text alone, which is nearly all of
 * them, are recognised without being read again; all others are read in one pass.
 *
 * <p>What servers do that the dialect does not say, and is taken all the same: choices missing,
 * null or empty; delta null or missing; usage anywhere; a finish reason together with content,
 * repeated or unknown; errors as a string or without a wrapper; an end without {@code [DONE]} once
 * a finish reason was told; text after {@code [DONE]}.
 */
final class OpenAiChatEventDecoder implements EventDecoder {
    private static final Names CHUNK =
            Names.of(
                    "choices",
                    "usage",
                    "id",
                    "model",
                    "created",
                    "error",
                    "object",
                    "x_groq",
                    "obfuscation");
    private static final Names GROQ = Names.of("usage");
    private static final byte[] NOTHING = new byte[0];

    private final OpenAiChatMessage message = new OpenAiChatMessage();
    private final OpenAiChatGrowth growth = new OpenAiChatGrowth(message);
    private final JsonReader reader = new JsonReader(NOTHING);
    private final Likeness likeness = new Likeness();
    private final OpenAiChatChoices choices;

    /** What the vendor pads the frame in work with. */
    private Text padding = Text.EMPTY;

    /** Frames that were read since the last one that was recognised. */
    private int misses;

    private OpenAiChatEventDecoder(DecodeContext context, boolean whole) {
        choices = new OpenAiChatChoices(message, growth, context.sameDialect(), whole);
    }

    /** A reader of a stream. */
    static OpenAiChatEventDecoder ofStream(DecodeContext context) {
        return new OpenAiChatEventDecoder(context, false);
    }

    /**
     * Reads an unstreamed answer, which differs from a chunk by having {@code message} for {@code
     * delta}.
     */
    static void readAnswer(byte[] body, DecodeContext context, EventSink out) {
        OpenAiChatEventDecoder decoder = new OpenAiChatEventDecoder(context, true);
        decoder.message.to(out);
        decoder.chunk(body, 0, body.length);
        if (!decoder.message.started()) {
            decoder.message.fail("the upstream's answer has no choices");
        }
        decoder.message.complete();
    }

    @Override
    public void onFrame(Frame frame, EventSink out) {
        if (message.ended()) {
            return;
        }
        message.to(out);
        byte[] bytes = frame.dataBuffer();
        int offset = frame.dataOffset();
        int length = frame.dataLength();
        if (frame.hasData() && likeness.matches(bytes, offset, length)) {
            misses = 0;
            growth.more(likeness.text());
        } else if (OpenAiChatFrames.isBlank(frame)) {
            out.onEvent(Event.PING);
        } else if (OpenAiChatFrames.isDone(frame)) {
            message.complete();
        } else if (frame.typeEquals("error")) {
            message.fail(OpenAiChatErrorReader.ofFrame(bytes, offset, length));
        } else {
            chunk(bytes, offset, length);
            learn(bytes, offset, length);
        }
    }

    @Override
    public void onEnd(EventSink out) {
        message.to(out);
        if (message.finishSeen()) {
            message.complete();
        } else {
            message.fail("the upstream's stream ended before its finish_reason");
        }
    }

    private void chunk(byte[] bytes, int offset, int length) {
        reader.reset(bytes, offset, length);
        growth.reset();
        padding = Text.EMPTY;
        int choicesAt = -1;
        int choicesEnd = -1;
        reader.beginObject();
        for (int f = reader.nextField(CHUNK);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CHUNK)) {
            switch (f) {
                case 0 -> {
                    if (message.started()) {
                        choices.read(reader, bytes);
                    } else {
                        // The message's id and model may stand behind its choices.
                        choicesAt = reader.position();
                        reader.skip();
                        choicesEnd = reader.position();
                    }
                }
                case 1 -> usage(reader);
                case 2, 3, 4 -> identity(f);
                case 5 -> {
                    if (!reader.skipNull()) {
                        message.fail(OpenAiChatErrorReader.ofFrame(bytes, offset, length));
                        return;
                    }
                }
                case 6 -> {
                    if (Lenient.text(reader).contentEquals("error")) {
                        message.fail(OpenAiChatErrorReader.ofFrame(bytes, offset, length));
                        return;
                    }
                }
                case 7 -> groq();
                case 8 -> padding = Lenient.text(reader);
                default -> reader.skip();
            }
        }
        if (choicesAt >= 0) {
            reader.reset(bytes, choicesAt, choicesEnd - choicesAt);
            choices.read(reader, bytes);
        }
    }

    private void identity(int field) {
        if (message.started()) {
            reader.skip();
            return;
        }
        switch (field) {
            case 2 -> message.id(Lenient.text(reader));
            case 3 -> message.model(Lenient.text(reader));
            default -> message.created(Lenient.number(reader, 0));
        }
    }

    private void usage(JsonReader from) {
        if (!from.skipNull()) {
            growth.notPlain();
            message.usage(OpenAiChatUsage.read(from));
        }
    }

    /** Groq tells usage in a place of its own. */
    private void groq() {
        if (Lenient.enterObject(reader)) {
            for (int f = reader.nextField(GROQ);
                    f != JsonReader.END_OBJECT;
                    f = reader.nextField(GROQ)) {
                if (f == 0) {
                    usage(reader);
                } else {
                    reader.skip();
                }
            }
        }
    }

    /**
     * Remembers a frame that has one growth and nothing else. Where no frame is like another, it
     * tries ever less often.
     */
    private void learn(byte[] bytes, int offset, int length) {
        misses++;
        boolean worthwhile = misses < 4 || Integer.bitCount(misses) == 1;
        if (worthwhile && growth.isPlain()) {
            growth.remember();
            likeness.learn(bytes, offset, length, growth.text(), padding);
        } else if (growth.hasBegunCall()) {
            // The fragments that follow belong to another call, whatever index they have.
            likeness.forget();
        }
    }
}
