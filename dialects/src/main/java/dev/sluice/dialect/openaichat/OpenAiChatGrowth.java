package dev.sluice.dialect.openaichat;

import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.json.Text;

/**
 * What grew in the frame in work. A frame is <em>plain</em> when one thing grew and nothing else
 * happened: then another frame that differs in its text alone needs no reading.
 */
final class OpenAiChatGrowth {
    private final OpenAiChatMessage message;

    private int growths;
    private boolean plain;
    private boolean beganCall;
    private Text text = Text.EMPTY;
    private DeltaKind kind = DeltaKind.TEXT;
    private long key;

    /** What a frame that is like the remembered one grows. */
    private DeltaKind likeKind = DeltaKind.TEXT;

    private long likeKey;

    OpenAiChatGrowth(OpenAiChatMessage message) {
        this.message = message;
    }

    /** Begins another frame. */
    void reset() {
        growths = 0;
        plain = true;
        beganCall = false;
    }

    /** Something grows the message by {@code piece}. */
    void grow(DeltaKind how, Text piece) {
        if (!piece.isEmpty()) {
            grew(how, -1, piece);
            message.grow(how, piece);
        }
    }

    /**
     * The arguments of the call that the ledger knows by {@code call} have grown by {@code piece}.
     */
    void grewArguments(long call, Text piece) {
        if (!piece.isEmpty()) {
            grew(DeltaKind.ARGUMENTS, call, piece);
        }
    }

    private void grew(DeltaKind how, long where, Text piece) {
        growths++;
        kind = how;
        key = where;
        text = piece;
    }

    /** The frame has more than its text. */
    void notPlain() {
        plain = false;
    }

    /** A tool call may have begun in the frame. */
    void beganCall() {
        beganCall = true;
        plain = false;
    }

    /** Whether the frame was one growth and nothing else. */
    boolean isPlain() {
        return plain && growths == 1;
    }

    /** Whether a tool call may have begun in the frame. */
    boolean hasBegunCall() {
        return beganCall;
    }

    /** The text of a plain frame. */
    Text text() {
        return text;
    }

    /** Frames like this plain one are told by {@link #more}. */
    void remember() {
        likeKind = kind;
        likeKey = key;
    }

    /** A frame like the remembered one has {@code piece}. */
    void more(Text piece) {
        if (likeKind == DeltaKind.ARGUMENTS) {
            message.calls().arguments(likeKey, piece);
        } else {
            message.grow(likeKind, piece);
        }
    }
}
