package dev.sluice.dialect.anthropic;

import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Likeness;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * Reads the frames of one stream into its own fields, which hold until the next frame. The decoder
 * and the tap share it.
 *
 * <p>Most frames are the one before with another piece of text; those are recognised and not read
 * again. Of all others every member is taken wherever it stands: the type may come last. The {@code
 * type} in the data says what a frame is; the name of the event says it where that is missing.
 */
final class AnthropicFrameReader {
    /** What a frame is. */
    enum Type {
        MESSAGE_START,
        BLOCK_START,
        BLOCK_DELTA,
        BLOCK_STOP,
        MESSAGE_DELTA,
        MESSAGE_STOP,
        PING,
        ERROR,
        /** A comment, an empty event, a marker of another dialect. */
        NOTHING,
        /** An event of a name that is not known here. */
        UNKNOWN
    }

    private static final Names MEMBERS =
            Names.of("type", "index", "delta", "content_block", "message", "usage", "error");
    private static final Names MESSAGE = Names.of("id", "model", "usage");
    private static final Names DELTA =
            Names.of(
                    "type",
                    "text",
                    "thinking",
                    "partial_json",
                    "signature",
                    "stop_reason",
                    "stop_sequence");

    private final JsonReader reader = new JsonReader(new byte[0]);
    private final Likeness likeness = new Likeness();
    private long likeIndex;
    private DeltaKind likeKind = DeltaKind.TEXT;

    /** Frames that were read since the last one that was recognised. */
    private int misses;

    private Text type = Text.EMPTY;
    private boolean errorMember;
    private boolean errorObject;
    private int deltaFrom = -1;

    /** The block's index on the wire. */
    long index;

    /** What the delta's text is; null if the delta has a type that is not known here. */
    @Nullable DeltaKind deltaKind;

    /** The delta's text. */
    Text text = Text.EMPTY;

    /** The delta's own type. */
    Text deltaType = Text.EMPTY;

    /** The block that starts. */
    @Nullable Raw block;

    String messageId = "";
    String model = "";
    Usage usage = Usage.NONE;

    /** The wire's word for the stop reason, empty if none. */
    String stopReason = "";

    /** The stop sequence that was met; null if none. */
    @Nullable Text stopSequence;

    /** The failure that a frame of type {@link Type#ERROR} tells. */
    @Nullable Failure failure;

    /**
     * Reads the next frame.
     *
     * @throws MalformedJson when its data is not a JSON object
     */
    Type read(Frame frame) {
        if (frame.dataLength() == 0) {
            return Type.NOTHING;
        }
        byte[] data = frame.dataBuffer();
        if (likeness.matches(data, frame.dataOffset(), frame.dataLength())) {
            index = likeIndex;
            misses = 0;
            deltaKind = likeKind;
            text = likeness.text();
            return Type.BLOCK_DELTA;
        }
        boolean named = frame.typeEquals("error");
        try {
            return readMembers(frame, named);
        } catch (MalformedJson malformed) {
            if (named) {
                errorObject = false;
                failure = AnthropicErrors.ofStream(frame);
                return Type.ERROR;
            }
            throw malformed;
        }
    }

    private Type readMembers(Frame frame, boolean namedError) {
        clear();
        reader.reset(frame.dataBuffer(), frame.dataOffset(), frame.dataLength());
        if (reader.peek() != JsonReader.Kind.OBJECT && frame.dataEquals("[DONE]")) {
            return Type.NOTHING;
        }
        reader.beginObject();
        int member = reader.nextField(MEMBERS);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> type = text(reader);
                case 1 ->
                        index = reader.peek() == JsonReader.Kind.NUMBER ? reader.integer() : skip();
                case 2 -> delta();
                case 3 -> block = object() ? reader.raw() : null;
                case 4 -> message();
                case 5 -> usage = AnthropicUsage.read(reader);
                case 6 -> {
                    errorMember = reader.peek() != JsonReader.Kind.NULL;
                    errorObject = object() && skip() == 0;
                }
                default -> reader.skip();
            }
            member = reader.nextField(MEMBERS);
        }
        reader.end();
        Type found = namedError ? Type.ERROR : classify(frame);
        if (found == Type.BLOCK_DELTA) {
            learn(frame);
        } else if (found == Type.ERROR) {
            failure = AnthropicErrors.ofStream(frame);
        }
        return found;
    }

    private void clear() {
        type = Text.EMPTY;
        errorMember = false;
        errorObject = false;
        index = 0;
        deltaKind = null;
        text = Text.EMPTY;
        deltaType = Text.EMPTY;
        deltaFrom = -1;
        block = null;
        messageId = "";
        model = "";
        usage = Usage.NONE;
        stopReason = "";
        stopSequence = null;
    }

    private Type classify(Frame frame) {
        Type byData = typeOf(type.isEmpty() ? frame.type() : type.toString());
        return byData == Type.UNKNOWN && errorMember ? Type.ERROR : byData;
    }

    /** Whether the error that was read last has the one form that every client knows. */
    boolean isPlainError(Frame frame) {
        return frame.typeEquals("error") && errorObject && type.contentEquals("error");
    }

    private static Type typeOf(String name) {
        return switch (name) {
            case "message_start" -> Type.MESSAGE_START;
            case "content_block_start" -> Type.BLOCK_START;
            case "content_block_delta" -> Type.BLOCK_DELTA;
            case "content_block_stop" -> Type.BLOCK_STOP;
            case "message_delta" -> Type.MESSAGE_DELTA;
            case "message_stop" -> Type.MESSAGE_STOP;
            case "ping" -> Type.PING;
            case "error" -> Type.ERROR;
            default -> Type.UNKNOWN;
        };
    }

    /**
     * Remembers a frame that is nothing but growth. Where no frame is like another, it tries ever
     * less often.
     */
    private void learn(Frame frame) {
        DeltaKind kind = deltaKind;
        misses++;
        boolean worthwhile = misses < 4 || Integer.bitCount(misses) == 1;
        if (worthwhile && kind != null && kind != DeltaKind.SIGNATURE && !type.isEmpty()) {
            likeness.learn(frame.dataBuffer(), frame.dataOffset(), frame.dataLength(), text);
            likeIndex = index;
            likeKind = kind;
        }
    }

    private void message() {
        if (!object()) {
            return;
        }
        reader.beginObject();
        int member = reader.nextField(MESSAGE);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> messageId = text(reader).toString();
                case 1 -> model = text(reader).toString();
                case 2 -> usage = AnthropicUsage.read(reader);
                default -> reader.skip();
            }
            member = reader.nextField(MESSAGE);
        }
    }

    private void delta() {
        int from = reader.position();
        if (!object()) {
            return;
        }
        DeltaKind found = null;
        reader.beginObject();
        int member = reader.nextField(DELTA);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> deltaType = text(reader);
                case 1 -> found = grown(DeltaKind.TEXT);
                case 2 -> found = grown(DeltaKind.THINKING);
                case 3 -> found = grown(DeltaKind.ARGUMENTS);
                case 4 -> found = grown(DeltaKind.SIGNATURE);
                case 5 -> stopReason = text(reader).toString();
                case 6 ->
                        stopSequence =
                                reader.peek() == JsonReader.Kind.STRING ? reader.text() : none();
                default -> reader.skip();
            }
            member = reader.nextField(DELTA);
        }
        deltaKind = isCalled(found, deltaType) ? found : null;
        deltaFrom = from;
    }

    private DeltaKind grown(DeltaKind kind) {
        text = text(reader);
        return kind;
    }

    /**
     * Whether a delta with a member of this kind is what its type says; a type of another name
     * belongs to something else, whatever its members.
     */
    private static boolean isCalled(@Nullable DeltaKind kind, Text name) {
        if (kind == null) {
            return false;
        }
        return name.isEmpty()
                || name.contentEquals(
                        switch (kind) {
                            case TEXT, REFUSAL -> "text_delta";
                            case THINKING -> "thinking_delta";
                            case ARGUMENTS -> "input_json_delta";
                            case SIGNATURE -> "signature_delta";
                        });
    }

    /** The delta as it was written, of the frame that was read last. */
    Optional<Raw> delta(Frame frame) {
        if (deltaFrom < 0) {
            return Optional.empty();
        }
        int end = frame.dataOffset() + frame.dataLength();
        JsonReader again = new JsonReader(frame.dataBuffer());
        again.reset(frame.dataBuffer(), deltaFrom, end - deltaFrom);
        return Optional.of(again.raw());
    }

    private boolean object() {
        if (reader.peek() == JsonReader.Kind.OBJECT) {
            return true;
        }
        reader.skip();
        return false;
    }

    private long skip() {
        reader.skip();
        return 0;
    }

    private @Nullable Text none() {
        reader.skip();
        return null;
    }

    private static Text text(JsonReader reader) {
        if (reader.peek() == JsonReader.Kind.STRING) {
            return reader.text();
        }
        reader.skip();
        return Text.EMPTY;
    }
}
