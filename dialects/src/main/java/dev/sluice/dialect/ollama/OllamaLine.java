package dev.sluice.dialect.ollama;

import dev.sluice.core.event.Usage;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Likeness;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

/**
 * One line of an upstream, or a whole answer: the members that mean something here, of either form.
 * Lines that differ from an earlier one in their time and text alone, which is nearly all of them,
 * are recognised without being read again.
 *
 * <p>The texts are slices of the line, valid as long as it is.
 */
final class OllamaLine {
    private static final Names LINE =
            Names.of(
                    "model",
                    "created_at",
                    "message",
                    "response",
                    "thinking",
                    "tool_calls",
                    "done",
                    "done_reason",
                    "error",
                    "prompt_eval_count",
                    "eval_count",
                    "logprobs");
    private static final Names MESSAGE = Names.of("content", "thinking", "tool_calls");

    private final JsonReader reader = new JsonReader(new byte[0]);
    private final Likeness likeness = new Likeness();
    private int misses;
    private boolean likeIsThinking;

    private Text model = Text.EMPTY;
    private Text createdAt = Text.EMPTY;
    private Text content = Text.EMPTY;
    private Text thinking = Text.EMPTY;
    private Text doneReason = Text.EMPTY;
    private @Nullable Raw calls;
    private @Nullable Raw logprobs;
    private boolean done;
    private boolean error;
    private long prompt;
    private long output;

    /**
     * Reads a line.
     *
     * @throws dev.sluice.core.json.MalformedJson when it is no JSON object
     */
    void read(byte[] bytes, int offset, int length) {
        reset();
        if (likeness.matches(bytes, offset, length)) {
            misses = 0;
            content = likeIsThinking ? Text.EMPTY : likeness.behind();
            thinking = likeIsThinking ? likeness.behind() : Text.EMPTY;
            return;
        }
        reader.reset(bytes, offset, length);
        reader.beginObject();
        for (int f = reader.nextField(LINE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(LINE)) {
            member(f);
        }
        reader.end();
        learn(bytes, offset, length);
    }

    private void reset() {
        model = Text.EMPTY;
        createdAt = Text.EMPTY;
        content = Text.EMPTY;
        thinking = Text.EMPTY;
        doneReason = Text.EMPTY;
        calls = null;
        logprobs = null;
        done = false;
        error = false;
        prompt = Usage.UNKNOWN;
        output = Usage.UNKNOWN;
    }

    private void member(int field) {
        switch (field) {
            case 0 -> model = Lenient.text(reader);
            case 1 -> createdAt = Lenient.text(reader);
            case 2 -> message();
            case 3 -> content = Lenient.text(reader);
            case 4 -> thinking = Lenient.text(reader);
            case 5 -> calls = something();
            case 6 -> done = Lenient.isTrue(reader);
            case 7 -> doneReason = Lenient.text(reader);
            case 8 -> {
                error |= !reader.skipNull();
                if (error) {
                    reader.skip();
                }
            }
            case 9 -> prompt = Lenient.number(reader, Usage.UNKNOWN);
            case 10 -> output = Lenient.number(reader, Usage.UNKNOWN);
            case 11 -> logprobs = something();
            default -> reader.skip();
        }
    }

    private void message() {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = reader.nextField(MESSAGE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MESSAGE)) {
            switch (f) {
                case 0 -> content = Lenient.text(reader);
                case 1 -> thinking = Lenient.text(reader);
                case 2 -> calls = something();
                default -> reader.skip();
            }
        }
    }

    /** An array that is not empty, else null. */
    private @Nullable Raw something() {
        Raw raw = reader.raw();
        return raw.kind() == JsonReader.Kind.ARRAY && raw.length() > 2 ? raw : null;
    }

    /**
     * Remembers a line that has one text and nothing else. Where no line is like another, it tries
     * ever less often.
     */
    private void learn(byte[] bytes, int offset, int length) {
        misses++;
        boolean worthwhile = misses < 4 || Integer.bitCount(misses) == 1;
        boolean plain =
                content.isEmpty() != thinking.isEmpty() && calls == null && logprobs == null;
        if (worthwhile && plain && !done && !error) {
            likeIsThinking = content.isEmpty();
            likeness.learn(bytes, offset, length, createdAt, likeIsThinking ? thinking : content);
        }
    }

    /** The model's name, empty if the line does not tell it. */
    Text model() {
        return model;
    }

    /** When the line was made, in seconds since 1970; 0 if it does not say. */
    long created() {
        return OllamaTimes.read(createdAt);
    }

    Text content() {
        return content;
    }

    Text thinking() {
        return thinking;
    }

    /** The tool calls as they are written. */
    @Nullable Raw calls() {
        return calls;
    }

    /** The log probabilities of the line's tokens as they are written. */
    @Nullable Raw logprobs() {
        return logprobs;
    }

    /** Whether the line says anything. */
    boolean hasContent() {
        return !content.isEmpty() || !thinking.isEmpty() || calls != null || logprobs != null;
    }

    /** Whether the message ends with this line. */
    boolean isDone() {
        return done;
    }

    Text doneReason() {
        return doneReason;
    }

    /** Whether the line tells a failure. */
    boolean isError() {
        return error;
    }

    /** What is counted; a count of 0 is left out on this wire. */
    Usage usage() {
        return Usage.of(prompt, Usage.UNKNOWN, Usage.UNKNOWN, output, Usage.UNKNOWN);
    }
}
