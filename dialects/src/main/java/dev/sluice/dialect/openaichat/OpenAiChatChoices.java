package dev.sluice.dialect.openaichat;

import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code choices} of chunks and of whole answers into a message. Only the first choice is a
 * message; others come where several were asked for, which is for a relay alone.
 */
final class OpenAiChatChoices {
    private static final Names DELTA_CHOICE =
            Names.of("index", "delta", "finish_reason", "logprobs", "stop_reason", "matched_stop");
    private static final Names MESSAGE_CHOICE =
            Names.of(
                    "index", "message", "finish_reason", "logprobs", "stop_reason", "matched_stop");
    private static final Names DELTA =
            Names.of(
                    "content",
                    "reasoning_content",
                    "reasoning",
                    "refusal",
                    "tool_calls",
                    "function_call",
                    "role",
                    "audio",
                    "annotations",
                    "images");
    private static final Names CALL =
            Names.of("index", "id", "type", "function", "custom", "name", "arguments");
    private static final Names FUNCTION = Names.of("name", "arguments", "input");
    private static final Names PART = Names.of("type", "text", "thinking", "refusal");

    /** A member of the delta that has no place in a canonical message. */
    private record Extra(String name, Raw data) {}

    private final OpenAiChatMessage message;
    private final boolean sameDialect;
    private final Names choiceNames;
    private final JsonReader later = new JsonReader(new byte[0]);

    private Text content = Text.EMPTY;
    private Text reasoningContent = Text.EMPTY;
    private Text reasoning = Text.EMPTY;
    private Text refusal = Text.EMPTY;
    private final List<Extra> extras = new ArrayList<>(0);

    /** What grew in this frame, for a frame like it. */
    private int growths;

    private boolean plain;
    private boolean beganCall;
    private Text plainText = Text.EMPTY;
    private DeltaKind plainKind = DeltaKind.TEXT;
    private long plainKey;

    /** What a frame that is like the remembered one grows. */
    private DeltaKind likeKind = DeltaKind.TEXT;

    private long likeKey;

    OpenAiChatChoices(OpenAiChatMessage message, boolean sameDialect, boolean whole) {
        this.message = message;
        this.sameDialect = sameDialect;
        this.choiceNames = whole ? MESSAGE_CHOICE : DELTA_CHOICE;
    }

    /** Begins another frame. */
    void reset() {
        growths = 0;
        plain = true;
        beganCall = false;
    }

    /** The frame has more than its text. */
    void notPlain() {
        plain = false;
    }

    /** Whether the frame was one growth and nothing else. */
    boolean isPlain() {
        return plain && growths == 1;
    }

    /** Whether a tool call began in the frame. */
    boolean beganCall() {
        return beganCall;
    }

    /** The text of a plain frame. */
    Text plainText() {
        return plainText;
    }

    /** Frames like this plain one are told by {@link #more}. */
    void remember() {
        likeKind = plainKind;
        likeKey = plainKey;
    }

    /** A frame like the remembered one has {@code text}. */
    void more(Text text) {
        if (likeKind == DeltaKind.ARGUMENTS) {
            message.calls().arguments(likeKey, text);
        } else {
            message.grow(likeKind, text);
        }
    }

    /** Reads the array of choices that is next. */
    void read(JsonReader reader, byte[] bytes) {
        if (!OpenAiChatValues.enterArray(reader)) {
            return;
        }
        while (reader.hasNext()) {
            if (message.ended()) {
                reader.skip();
            } else {
                choice(reader, bytes);
            }
        }
    }

    private void choice(JsonReader reader, byte[] bytes) {
        if (!OpenAiChatValues.enterObject(reader)) {
            return;
        }
        long index = -1;
        int deltaAt = -1;
        int deltaEnd = -1;
        Text finish = Text.EMPTY;
        Text met = Text.EMPTY;
        Raw logprobs = null;
        for (int f = reader.nextField(choiceNames);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(choiceNames)) {
            switch (f) {
                case 0 -> index = OpenAiChatValues.number(reader, 0);
                case 1 -> {
                    if (index == 0) {
                        message.start();
                        delta(reader);
                    } else {
                        deltaAt = reader.position();
                        reader.skip();
                        deltaEnd = reader.position();
                    }
                }
                case 2 -> finish = OpenAiChatValues.text(reader);
                case 3 -> logprobs = OpenAiChatValues.something(reader);
                case 4, 5 -> met = OpenAiChatValues.text(reader);
                default -> reader.skip();
            }
        }
        if (index > 0) {
            plain = false;
            return;
        }
        message.start();
        if (deltaAt >= 0) {
            later.reset(bytes, deltaAt, deltaEnd - deltaAt);
            delta(later);
        }
        end(finish, met, logprobs);
    }

    private void end(Text finish, Text met, @Nullable Raw logprobs) {
        if (logprobs != null) {
            plain = false;
            message.logprobs(logprobs);
        }
        if (OpenAiChatStops.isSequence(met)) {
            message.stopSequence(met);
        }
        if (!finish.isEmpty()) {
            plain = false;
            message.finish(finish);
        }
    }

    private void delta(JsonReader reader) {
        if (!OpenAiChatValues.enterObject(reader)) {
            return;
        }
        content = Text.EMPTY;
        reasoningContent = Text.EMPTY;
        reasoning = Text.EMPTY;
        refusal = Text.EMPTY;
        for (int f = reader.nextField(DELTA);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(DELTA)) {
            switch (f) {
                case 0 -> content(reader);
                case 1 -> reasoningContent = OpenAiChatValues.text(reader);
                case 2 -> reasoning = OpenAiChatValues.text(reader);
                case 3 -> refusal = OpenAiChatValues.text(reader);
                case 4 -> {
                    grow();
                    calls(reader);
                }
                case 5 -> {
                    grow();
                    function(reader);
                }
                case 6 -> reader.skip();
                case 7, 8, 9 -> extra(reader);
                default -> {
                    if (sameDialect) {
                        extra(reader);
                    } else {
                        reader.skip();
                    }
                }
            }
        }
        grow();
        for (Extra extra : extras) {
            message.annotate(extra.name, extra.data);
        }
        extras.clear();
    }

    private void extra(JsonReader reader) {
        String name = reader.fieldName();
        Raw data = OpenAiChatValues.something(reader);
        if (data != null) {
            plain = false;
            extras.add(new Extra(name, data));
        }
    }

    /** Passes on what was gathered of the delta, thinking before text. */
    private void grow() {
        // Servers that send both members send the same in both.
        grow(DeltaKind.THINKING, reasoningContent.isEmpty() ? reasoning : reasoningContent);
        grow(DeltaKind.TEXT, content);
        grow(DeltaKind.REFUSAL, refusal);
        plain &= reasoning.isEmpty() || reasoningContent.isEmpty();
        content = Text.EMPTY;
        reasoningContent = Text.EMPTY;
        reasoning = Text.EMPTY;
        refusal = Text.EMPTY;
    }

    private void grow(DeltaKind kind, Text text) {
        if (!text.isEmpty()) {
            grew(kind, -1, text);
            message.grow(kind, text);
        }
    }

    private void grew(DeltaKind kind, long key, Text text) {
        growths++;
        plainKind = kind;
        plainKey = key;
        plainText = text;
    }

    private void content(JsonReader reader) {
        if (reader.peek() != Kind.ARRAY) {
            content = OpenAiChatValues.text(reader);
            return;
        }
        // Mistral sends parts, thinking among them.
        plain = false;
        reader.beginArray();
        while (reader.hasNext()) {
            part(reader);
        }
    }

    private void part(JsonReader reader) {
        if (!OpenAiChatValues.enterObject(reader)) {
            return;
        }
        for (int f = reader.nextField(PART);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(PART)) {
            switch (f) {
                case 1 -> grow(DeltaKind.TEXT, OpenAiChatValues.text(reader));
                case 2 -> thinking(reader);
                case 3 -> grow(DeltaKind.REFUSAL, OpenAiChatValues.text(reader));
                default -> reader.skip();
            }
        }
    }

    private void thinking(JsonReader reader) {
        if (reader.peek() != Kind.ARRAY) {
            grow(DeltaKind.THINKING, OpenAiChatValues.text(reader));
            return;
        }
        reader.beginArray();
        while (reader.hasNext()) {
            if (!OpenAiChatValues.enterObject(reader)) {
                continue;
            }
            for (int f = reader.nextField(PART);
                    f != JsonReader.END_OBJECT;
                    f = reader.nextField(PART)) {
                if (f == 1) {
                    grow(DeltaKind.THINKING, OpenAiChatValues.text(reader));
                } else {
                    reader.skip();
                }
            }
        }
    }

    private void calls(JsonReader reader) {
        if (!OpenAiChatValues.enterArray(reader)) {
            return;
        }
        while (reader.hasNext()) {
            if (OpenAiChatValues.enterObject(reader)) {
                call(reader);
            }
        }
    }

    private Text callName = Text.EMPTY;
    private Text callArguments = Text.EMPTY;

    private void call(JsonReader reader) {
        long index = OpenAiChatCalls.NO_INDEX;
        Text id = Text.EMPTY;
        boolean custom = false;
        callName = Text.EMPTY;
        callArguments = Text.EMPTY;
        for (int f = reader.nextField(CALL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CALL)) {
            switch (f) {
                case 0 ->
                        index =
                                Math.max(
                                        OpenAiChatCalls.NO_INDEX,
                                        OpenAiChatValues.number(reader, OpenAiChatCalls.NO_INDEX));
                case 1 -> id = OpenAiChatValues.text(reader);
                case 2 -> custom |= OpenAiChatValues.text(reader).contentEquals("custom");
                case 3 -> body(reader);
                case 4 -> {
                    custom |= reader.peek() == Kind.OBJECT;
                    body(reader);
                }
                // Some servers forget the object around name and arguments.
                case 5 -> callName = OpenAiChatValues.text(reader);
                case 6 -> callArguments = arguments(reader);
                default -> reader.skip();
            }
        }
        fragment(index, id, custom);
    }

    private void function(JsonReader reader) {
        callName = Text.EMPTY;
        callArguments = Text.EMPTY;
        if (!reader.skipNull()) {
            body(reader);
            fragment(OpenAiChatCalls.LEGACY_INDEX, Text.EMPTY, false);
        }
    }

    private void body(JsonReader reader) {
        if (!OpenAiChatValues.enterObject(reader)) {
            return;
        }
        for (int f = reader.nextField(FUNCTION);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(FUNCTION)) {
            switch (f) {
                case 0 -> callName = OpenAiChatValues.text(reader);
                case 1, 2 -> callArguments = arguments(reader);
                default -> reader.skip();
            }
        }
    }

    /** Arguments as the string they should be; an object is taken as it is written. */
    private static Text arguments(JsonReader reader) {
        return switch (reader.peek()) {
            case STRING -> reader.text();
            case OBJECT, ARRAY -> Text.of(reader.raw().toString());
            case NUMBER, BOOLEAN, NULL -> {
                reader.skip();
                yield Text.EMPTY;
            }
        };
    }

    private void fragment(long index, Text id, boolean custom) {
        boolean begins = !id.isEmpty() || !callName.isEmpty() || index < 0;
        beganCall |= begins;
        plain &= !begins;
        long key = message.calls().fragment(index, id, callName, callArguments, custom);
        if (!callArguments.isEmpty()) {
            grew(DeltaKind.ARGUMENTS, key, callArguments);
        }
    }
}
