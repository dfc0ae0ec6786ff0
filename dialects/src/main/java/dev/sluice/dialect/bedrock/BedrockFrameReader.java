package dev.sluice.dialect.bedrock;

import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.Usage;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Likeness;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of one stream into its own fields, which hold until the next frame. The decoder
 * and the tap share it.
 *
 * <p>Most frames are the one before with another piece of text and another piece of padding, by
 * which AWS hides the length of tokens; those are recognised and not read again.
 */
final class BedrockFrameReader {
    /** What a frame is. */
    enum Type {
        MESSAGE_START,
        BLOCK_START,
        BLOCK_DELTA,
        BLOCK_STOP,
        MESSAGE_STOP,
        METADATA,
        /** The gateway's own sign of life. */
        PING,
        FAILURE,
        /** An event of a name that is not known here. */
        UNKNOWN
    }

    /** The event by which a gateway shows that it is alive; clients skip what they do not know. */
    static final String PING = "ping";

    private static final Names MEMBERS =
            Names.of(
                    "contentBlockIndex",
                    "delta",
                    "start",
                    "stopReason",
                    "additionalModelResponseFields",
                    "usage",
                    "p");
    private static final Names DELTA = Names.of("text", "toolUse", "reasoningContent");
    private static final Names TOOL_DELTA = Names.of("input");
    private static final Names REASONING = Names.of("text", "signature", "redactedContent");
    private static final Names START = Names.of("toolUse");
    private static final Names TOOL_START = Names.of("toolUseId", "name");
    private static final Names STOP_SEQUENCE = Names.of("stop_sequence");

    private final JsonReader reader = new JsonReader(new byte[0]);
    private final Likeness likeness = new Likeness();
    private long likeIndex;
    private DeltaKind likeKind = DeltaKind.TEXT;

    /** Frames that were read since the last one that was recognised. */
    private int misses;

    private Text padding = Text.EMPTY;
    private int deltaFrom = -1;

    /** The block's index on the wire. */
    long index;

    /** What the delta's text is; null if the delta is none of text. */
    @Nullable DeltaKind deltaKind;

    /** The delta's text. */
    Text text = Text.EMPTY;

    /** The delta's thinking that only its vendor can read, a JSON string; null if it is none. */
    @Nullable Raw redacted;

    /** The name of a delta that has no counterpart, empty if it has one. */
    String deltaName = "";

    /** The tool use that starts; empty if none does. */
    String toolId = "";

    String toolName = "";

    /** The name of a start that has no counterpart, and the start as it is written. */
    String startName = "";

    @Nullable Raw start;

    String stopReason = "";

    /** The stop sequence that was met; null if none. */
    @Nullable Text stopSequence;

    Usage usage = Usage.NONE;

    /**
     * Reads the next frame.
     *
     * @throws dev.sluice.core.json.MalformedJson when its payload is not a JSON object
     */
    Type read(Frame frame) {
        if (frame.isFailure()) {
            return Type.FAILURE;
        }
        Type type = typeOf(frame);
        if (type == Type.BLOCK_DELTA
                && likeness.matches(frame.dataBuffer(), frame.dataOffset(), frame.dataLength())) {
            misses = 0;
            index = likeIndex;
            deltaKind = likeKind;
            text = likeness.text();
            redacted = null;
            deltaName = "";
            return type;
        }
        if (type != Type.PING && type != Type.UNKNOWN) {
            members(frame);
        }
        if (type == Type.BLOCK_DELTA) {
            learn(frame);
        }
        return type;
    }

    private static Type typeOf(Frame frame) {
        if (frame.typeEquals("contentBlockDelta")) {
            return Type.BLOCK_DELTA;
        }
        return switch (frame.type()) {
            case "messageStart" -> Type.MESSAGE_START;
            case "contentBlockStart" -> Type.BLOCK_START;
            case "contentBlockStop" -> Type.BLOCK_STOP;
            case "messageStop" -> Type.MESSAGE_STOP;
            case "metadata" -> Type.METADATA;
            case PING -> Type.PING;
            default -> Type.UNKNOWN;
        };
    }

    private void members(Frame frame) {
        clear();
        reader.reset(frame.dataBuffer(), frame.dataOffset(), frame.dataLength());
        reader.beginObject();
        for (int f = reader.nextField(MEMBERS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MEMBERS)) {
            switch (f) {
                case 0 -> index = Lenient.number(reader, 0);
                case 1 -> delta();
                case 2 -> start();
                case 3 -> stopReason = Lenient.text(reader).toString();
                case 4 -> stopSequence = stopSequence(reader);
                case 5 -> usage = BedrockUsage.read(reader);
                case 6 -> padding = Lenient.text(reader);
                default -> reader.skip();
            }
        }
        reader.end();
    }

    private void clear() {
        index = 0;
        deltaKind = null;
        text = Text.EMPTY;
        padding = Text.EMPTY;
        redacted = null;
        deltaName = "";
        deltaFrom = -1;
        toolId = "";
        toolName = "";
        startName = "";
        start = null;
        stopReason = "";
        stopSequence = null;
        usage = Usage.NONE;
    }

    private void delta() {
        int from = reader.position();
        if (!Lenient.enterObject(reader)) {
            return;
        }
        deltaFrom = from;
        for (int f = reader.nextField(DELTA);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(DELTA)) {
            switch (f) {
                case 0 -> grown(DeltaKind.TEXT);
                case 1 -> toolDelta();
                case 2 -> reasoning();
                default -> {
                    deltaName = reader.fieldName();
                    reader.skip();
                }
            }
        }
    }

    private void grown(DeltaKind kind) {
        text = Lenient.text(reader);
        deltaKind = kind;
    }

    private void toolDelta() {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = reader.nextField(TOOL_DELTA);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(TOOL_DELTA)) {
            if (f == 0) {
                grown(DeltaKind.ARGUMENTS);
            } else {
                reader.skip();
            }
        }
    }

    private void reasoning() {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = reader.nextField(REASONING);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(REASONING)) {
            switch (f) {
                case 0 -> grown(DeltaKind.THINKING);
                case 1 -> grown(DeltaKind.SIGNATURE);
                case 2 -> redacted = reader.peek() == Kind.STRING ? reader.raw() : skipped();
                default -> reader.skip();
            }
        }
    }

    private @Nullable Raw skipped() {
        reader.skip();
        return null;
    }

    private void start() {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = reader.nextField(START);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(START)) {
            if (f == 0 && Lenient.enterObject(reader)) {
                toolStart();
            } else if (f < 0) {
                startName = reader.fieldName();
                start = reader.raw();
            }
        }
    }

    private void toolStart() {
        for (int f = reader.nextField(TOOL_START);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(TOOL_START)) {
            switch (f) {
                case 0 -> toolId = Lenient.text(reader).toString();
                case 1 -> toolName = Lenient.text(reader).toString();
                default -> reader.skip();
            }
        }
    }

    /** The stop sequence among a model's own members, where the request has asked for it. */
    static @Nullable Text stopSequence(JsonReader reader) {
        Text found = null;
        if (!Lenient.enterObject(reader)) {
            return null;
        }
        for (int f = reader.nextField(STOP_SEQUENCE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(STOP_SEQUENCE)) {
            if (f == 0 && reader.peek() == Kind.STRING) {
                found = reader.text();
            } else {
                reader.skip();
            }
        }
        return found;
    }

    /** The delta as it was written, of the frame that was read last. */
    Raw delta(Frame frame) {
        return Lenient.rawAt(frame.dataBuffer(), deltaFrom);
    }

    /**
     * Remembers a frame that is nothing but growth. Where no frame is like another, it tries ever
     * less often.
     */
    private void learn(Frame frame) {
        DeltaKind kind = deltaKind;
        misses++;
        boolean worthwhile = misses < 4 || Integer.bitCount(misses) == 1;
        if (worthwhile
                && kind != null
                && kind != DeltaKind.SIGNATURE
                && redacted == null
                && deltaName.isEmpty()) {
            likeness.learn(
                    frame.dataBuffer(), frame.dataOffset(), frame.dataLength(), text, padding);
            likeIndex = index;
            likeKind = kind;
        }
    }
}
