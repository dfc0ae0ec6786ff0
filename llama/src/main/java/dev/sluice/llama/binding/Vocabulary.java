package dev.sluice.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.sluice.llama.binding.Libllama.Calls;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** The tokens of a model. May be used on several threads at once. */
public final class Vocabulary {
    /** No token. */
    public static final int NONE = -1;

    private static final byte[] NOTHING = {};
    private static final int USUAL_PIECE = 64;

    private final Calls calls;
    private final MemorySegment pointer;
    private final int size;

    /** Pieces that were asked for; a race writes the same bytes twice. */
    private final byte[] @Nullable [] pieces;

    Vocabulary(Calls calls, MemorySegment pointer) {
        this.calls = calls;
        this.pointer = pointer;
        try {
            this.size = (int) calls.vocabSize.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Calls.accident("llama_vocab_n_tokens", accident);
        }
        this.pieces = new byte[size][];
    }

    MemorySegment pointer() {
        return pointer;
    }

    /** How many tokens there are. */
    public int size() {
        return size;
    }

    /** The token that begins a text, {@link #NONE} if the model has none. */
    public int begin() {
        try {
            return (int) calls.beginToken.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Calls.accident("llama_vocab_bos", accident);
        }
    }

    /** The token that ends a text, {@link #NONE} if the model has none. */
    public int end() {
        try {
            return (int) calls.endToken.invokeExact(pointer);
        } catch (Throwable accident) {
            throw Calls.accident("llama_vocab_eos", accident);
        }
    }

    /** Whether {@code token} ends an answer. */
    public boolean isEnd(int token) {
        return is(calls.isEnd, token);
    }

    /** Whether {@code token} steers the model and is no text. */
    public boolean isControl(int token) {
        return is(calls.isControl, token);
    }

    private boolean is(java.lang.invoke.MethodHandle what, int token) {
        try {
            return (boolean) what.invokeExact(pointer, token);
        } catch (Throwable accident) {
            throw Calls.accident("llama_vocab_is_", accident);
        }
    }

    /** The name of {@code token}, as templates write it; empty for {@link #NONE}. */
    public String name(int token) {
        if (token < 0 || token >= size) {
            return "";
        }
        try {
            return Calls.string((MemorySegment) calls.tokenText.invokeExact(pointer, token))
                    .orElse("");
        } catch (Throwable accident) {
            throw Calls.accident("llama_vocab_get_text", accident);
        }
    }

    /**
     * The bytes that {@code token} stands for, perhaps a part of a character; a token that steers
     * the model gives its name. Not to be altered.
     */
    public byte[] piece(int token) {
        byte[] known = pieces[token];
        if (known == null) {
            known = askPiece(token);
            pieces[token] = known;
        }
        return known;
    }

    private byte[] askPiece(int token) {
        try (Arena arena = Arena.ofConfined()) {
            int room = USUAL_PIECE;
            while (true) {
                MemorySegment text = arena.allocate(room);
                int length = (int) calls.piece.invokeExact(pointer, token, text, room, 0, true);
                if (length >= 0) {
                    return length == 0 ? NOTHING : text.asSlice(0, length).toArray(JAVA_BYTE);
                }
                room = -length;
            }
        } catch (Throwable accident) {
            throw Calls.accident("llama_token_to_piece", accident);
        }
    }

    /**
     * The tokens of {@code text}.
     *
     * @param whole whether it is a whole text, which begins as the model wants texts to begin
     * @param names whether names of tokens in it mean these tokens
     */
    public int[] tokenize(String text, boolean whole, boolean names) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, in, JAVA_BYTE, 0, bytes.length);
            int room = bytes.length + 2;
            while (true) {
                MemorySegment out = arena.allocate(JAVA_INT, room);
                int count =
                        (int)
                                calls.tokenize.invokeExact(
                                        pointer, in, bytes.length, out, room, whole, names);
                if (count >= 0) {
                    return out.asSlice(0, 4L * count).toArray(JAVA_INT);
                }
                if (count == Integer.MIN_VALUE) {
                    throw new IllegalArgumentException(
                            "text of " + bytes.length + " bytes (expected: one with fewer tokens)");
                }
                room = -count;
            }
        } catch (IllegalArgumentException tooLong) {
            throw tooLong;
        } catch (Throwable accident) {
            throw Calls.accident("llama_tokenize", accident);
        }
    }
}
