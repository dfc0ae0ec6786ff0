package dev.sluice.dialect.openaichat;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Text;

/**
 * Sees whether there is something for the reader in the deltas of a frame, and what the whole
 * message had so far, without making anything of it.
 */
final class OpenAiChatContentSight {
    private static final Names CALL = Names.of("index", "function");
    private static final Names FUNCTION = Names.of("arguments");
    private static final Names DELTA =
            Names.of(
                    "content",
                    "reasoning_content",
                    "reasoning",
                    "refusal",
                    "role",
                    "tool_calls",
                    "function_call");
    private boolean tools;
    private boolean refused;

    /**
     * Of the frame in work: whether there is content, whether that is one text and nothing else,
     * and that text.
     */
    private boolean content;

    private boolean plain;
    private Text text = Text.EMPTY;

    /** Begins another frame. */
    void reset() {
        content = false;
        plain = true;
        text = Text.EMPTY;
    }

    /** Whether any frame had a tool call. */
    boolean tools() {
        return tools;
    }

    /** Whether any frame had refusal text. */
    boolean refused() {
        return refused;
    }

    /** Whether the frame has something for the reader. */
    boolean content() {
        return content;
    }

    /** The text that is all that the frame's deltas have; empty if there is none, or more. */
    Text onlyText() {
        return plain ? text : Text.EMPTY;
    }

    /** Looks at the delta that is next. */
    void read(JsonReader reader) {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = reader.nextField(DELTA);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(DELTA)) {
            switch (f) {
                case 0, 1, 2 -> grow(reader);
                case 3 -> refused |= grow(reader);
                case 4 -> reader.skip();
                case 5 -> calls(reader);
                case 6 -> {
                    if (Lenient.isSomething(reader)) {
                        called();
                    }
                }
                default -> {
                    if (Lenient.isSomething(reader)) {
                        content = true;
                        plain = false;
                    }
                }
            }
        }
    }

    private void called() {
        tools = true;
        content = true;
        plain = false;
    }

    /** Sees fragments of calls. One that is nothing but more arguments is text like any other. */
    private void calls(JsonReader reader) {
        if (!Lenient.enterArray(reader)) {
            return;
        }
        while (reader.hasNext()) {
            boolean was = plain;
            called();
            if (Lenient.enterObject(reader)) {
                plain = fragment(reader) && was;
            }
        }
    }

    /** Reads past a fragment; tells whether it is arguments alone. */
    private boolean fragment(JsonReader reader) {
        boolean arguments = false;
        for (int f = reader.nextField(CALL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CALL)) {
            if (f == 1 && Lenient.enterObject(reader)) {
                arguments = body(reader);
            } else if (f != 1) {
                reader.skip();
            }
        }
        return arguments;
    }

    private boolean body(JsonReader reader) {
        boolean arguments = false;
        for (int f = reader.nextField(FUNCTION);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(FUNCTION)) {
            if (f == 0 && reader.peek() == Kind.STRING) {
                arguments = text.isEmpty();
                text = reader.text();
            } else {
                reader.skip();
            }
        }
        return arguments;
    }

    /** Sees text, or parts of it; tells whether there is any. */
    private boolean grow(JsonReader reader) {
        Text here = Text.EMPTY;
        if (reader.peek() == Kind.STRING) {
            here = reader.text();
        } else if (Lenient.isSomething(reader)) {
            content = true;
            plain = false;
            return true;
        }
        return grow(here);
    }

    /** Sees a text; tells whether there is any. */
    boolean grow(Text here) {
        if (!here.isEmpty()) {
            plain &= text.isEmpty();
            text = here;
            content = true;
        }
        return !here.isEmpty();
    }
}
