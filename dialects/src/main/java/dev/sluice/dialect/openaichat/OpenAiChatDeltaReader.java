package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.Losses;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads what a choice adds to the message: text, thinking, refusal, calls, and what only this
 * dialect knows.
 */
final class OpenAiChatDeltaReader {
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

    /**
     * A member that has no place in a canonical message; {@code content} is whether it is something
     * for the reader.
     */
    private record Extra(String name, Raw data, boolean content) {}

    private final OpenAiChatMessage message;
    private final OpenAiChatGrowth growth;
    private final boolean sameDialect;

    private Text content = Text.EMPTY;
    private Text reasoningContent = Text.EMPTY;
    private Text reasoning = Text.EMPTY;
    private Text refusal = Text.EMPTY;
    private Text callName = Text.EMPTY;
    private Text callArguments = Text.EMPTY;
    private final List<Extra> extras = new ArrayList<>(0);
    private final Losses lost = new Losses();

    OpenAiChatDeltaReader(OpenAiChatMessage message, OpenAiChatGrowth growth, boolean sameDialect) {
        this.message = message;
        this.growth = growth;
        this.sameDialect = sameDialect;
    }

    /** Reads the delta, or whole message, that is next. */
    void read(JsonReader reader) {
        if (!Lenient.enterObject(reader)) {
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
                case 1 -> reasoningContent = Lenient.text(reader);
                case 2 -> reasoning = Lenient.text(reader);
                case 3 -> refusal = Lenient.text(reader);
                case 4 -> {
                    grow();
                    calls(reader);
                }
                case 5 -> {
                    grow();
                    function(reader);
                }
                case 6 -> reader.skip();
                case 7, 8, 9 -> extra(reader, true);
                default -> {
                    if (sameDialect || isNews(reader)) {
                        extra(reader, false);
                    } else {
                        reader.skip();
                    }
                }
            }
        }
        grow();
        for (Extra extra : extras) {
            if (extra.content) {
                message.own(extra.name, extra.data);
            } else {
                message.aside(extra.name, extra.data);
            }
        }
        extras.clear();
    }

    /** What another dialect has no place for is told once, so that it is known to be lost. */
    private boolean isNews(JsonReader reader) {
        return reader.peek() != Kind.NULL && lost.add(reader.fieldName());
    }

    private void extra(JsonReader reader, boolean isContent) {
        String name = reader.fieldName();
        Raw data = Lenient.something(reader);
        if (data != null) {
            growth.notPlain();
            extras.add(new Extra(name, data, isContent));
        }
    }

    /** Passes on what was gathered of the delta, thinking before text. */
    private void grow() {
        // Servers that send both members send the same in both.
        growth.grow(DeltaKind.THINKING, reasoningContent.isEmpty() ? reasoning : reasoningContent);
        growth.grow(DeltaKind.TEXT, content);
        growth.grow(DeltaKind.REFUSAL, refusal);
        if (!reasoning.isEmpty() && !reasoningContent.isEmpty()) {
            growth.notPlain();
        }
        content = Text.EMPTY;
        reasoningContent = Text.EMPTY;
        reasoning = Text.EMPTY;
        refusal = Text.EMPTY;
    }

    private void content(JsonReader reader) {
        if (reader.peek() != Kind.ARRAY) {
            content = Lenient.text(reader);
            return;
        }
        // Mistral sends parts, thinking among them.
        growth.notPlain();
        reader.beginArray();
        while (reader.hasNext()) {
            part(reader);
        }
    }

    private void part(JsonReader reader) {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = reader.nextField(PART);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(PART)) {
            switch (f) {
                case 1 -> growth.grow(DeltaKind.TEXT, Lenient.text(reader));
                case 2 -> thinking(reader);
                case 3 -> growth.grow(DeltaKind.REFUSAL, Lenient.text(reader));
                default -> reader.skip();
            }
        }
    }

    private void thinking(JsonReader reader) {
        if (reader.peek() != Kind.ARRAY) {
            growth.grow(DeltaKind.THINKING, Lenient.text(reader));
            return;
        }
        reader.beginArray();
        while (reader.hasNext()) {
            if (!Lenient.enterObject(reader)) {
                continue;
            }
            for (int f = reader.nextField(PART);
                    f != JsonReader.END_OBJECT;
                    f = reader.nextField(PART)) {
                if (f == 1) {
                    growth.grow(DeltaKind.THINKING, Lenient.text(reader));
                } else {
                    reader.skip();
                }
            }
        }
    }

    private void calls(JsonReader reader) {
        if (!Lenient.enterArray(reader)) {
            return;
        }
        while (reader.hasNext()) {
            if (Lenient.enterObject(reader)) {
                call(reader);
            }
        }
    }

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
                                        Lenient.number(reader, OpenAiChatCalls.NO_INDEX));
                case 1 -> id = Lenient.text(reader);
                case 2 -> custom |= Lenient.text(reader).contentEquals("custom");
                case 3 -> body(reader);
                case 4 -> {
                    custom |= reader.peek() == Kind.OBJECT;
                    body(reader);
                }
                // Some servers forget the object around name and arguments.
                case 5 -> callName = Lenient.text(reader);
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
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = reader.nextField(FUNCTION);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(FUNCTION)) {
            switch (f) {
                case 0 -> callName = Lenient.text(reader);
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
        if (begins) {
            growth.beganCall();
        }
        long key = message.calls().fragment(index, id, callName, callArguments, custom);
        growth.grewArguments(key, callArguments);
    }
}
