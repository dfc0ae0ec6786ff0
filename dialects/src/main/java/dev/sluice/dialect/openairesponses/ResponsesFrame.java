package dev.sluice.dialect.openairesponses;

import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

/** Reads the members of events, in whatever order they stand. Texts are slices of the frame. */
final class ResponsesFrame {
    /** The index of an event that has none. */
    static final long NO_INDEX = -1;

    private static final Names EVENT =
            Names.of(
                    "type",
                    "delta",
                    "item_id",
                    "output_index",
                    "content_index",
                    "summary_index",
                    "item",
                    "response",
                    "text",
                    "arguments",
                    "input",
                    "refusal",
                    "logprobs",
                    "annotation",
                    "error",
                    "sequence_number",
                    "obfuscation");
    private static final Names TYPE = Names.of("type");
    private static final byte[] NOTHING = new byte[0];

    private final JsonReader reader = new JsonReader(NOTHING);

    String type = "";
    Text delta = Text.EMPTY;
    Text itemId = Text.EMPTY;
    long outputIndex;
    long contentIndex;
    long summaryIndex;

    /** Where the item begins in the frame's data, or -1. */
    int itemAt;

    /** What the event says of the whole response. */
    @Nullable ResponsesResult response;

    /** The whole text of what is done, under whichever name. */
    Text whole = Text.EMPTY;

    @Nullable Raw logprobs;
    @Nullable Raw annotation;
    @Nullable Raw error;

    /** Whether the data itself says the type. */
    boolean named;

    /** Where the event's number begins in the frame's data, or -1. */
    int numberAt;

    /** By which the length of a delta is hidden. */
    Text padding = Text.EMPTY;

    /** Whether the frame says nothing but that the other side is alive. */
    static boolean isBlank(Frame frame) {
        if (!frame.hasData()) {
            return true;
        }
        byte[] bytes = frame.dataBuffer();
        int end = frame.dataOffset() + frame.dataLength();
        for (int i = frame.dataOffset(); i < end; i++) {
            if (bytes[i] > ' ' || bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** The type of the event alone; cheap, since it stands first. */
    String typeOf(Frame frame) {
        reader.reset(frame.dataBuffer(), frame.dataOffset(), frame.dataLength());
        if (reader.peek() != Kind.OBJECT) {
            return frame.type();
        }
        reader.beginObject();
        for (int f = reader.nextField(TYPE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(TYPE)) {
            if (f == 0) {
                return Lenient.text(reader).toString();
            }
            reader.skip();
        }
        return frame.type();
    }

    /** Reads the next event. */
    void read(Frame frame) {
        type = "";
        delta = Text.EMPTY;
        itemId = Text.EMPTY;
        outputIndex = NO_INDEX;
        contentIndex = 0;
        summaryIndex = 0;
        itemAt = -1;
        response = null;
        whole = Text.EMPTY;
        logprobs = null;
        annotation = null;
        error = null;
        numberAt = -1;
        padding = Text.EMPTY;
        reader.reset(frame.dataBuffer(), frame.dataOffset(), frame.dataLength());
        reader.beginObject();
        for (int f = reader.nextField(EVENT);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(EVENT)) {
            member(f);
        }
        named = !type.isEmpty();
        type = named ? type : frame.type();
    }

    private void member(int field) {
        switch (field) {
            case 0 -> type = Lenient.text(reader).toString();
            case 1 -> delta = Lenient.text(reader);
            case 2 -> itemId = Lenient.text(reader);
            case 3 -> outputIndex = Math.max(NO_INDEX, Lenient.number(reader, NO_INDEX));
            case 4 -> contentIndex = Math.max(0, Lenient.number(reader, 0));
            case 5 -> summaryIndex = Math.max(0, Lenient.number(reader, 0));
            case 6 -> {
                itemAt = reader.position();
                reader.skip();
            }
            case 7 -> response = ResponsesResult.read(reader);
            case 8, 9, 10, 11 -> whole = Lenient.text(reader);
            case 12 -> logprobs = Lenient.something(reader);
            case 13 -> annotation = Lenient.something(reader);
            case 14 -> error = Lenient.something(reader);
            case 15 -> {
                numberAt = reader.position();
                reader.skip();
            }
            case 16 -> padding = Lenient.text(reader);
            default -> reader.skip();
        }
    }
}
