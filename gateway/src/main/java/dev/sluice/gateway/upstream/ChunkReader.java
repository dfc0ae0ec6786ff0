package dev.sluice.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the chunks of a response (RFC 9112, 7.1) and hands their data straight to whoever wants the
 * body, past the HTTP library; the counterpart of the ingress's ChunkWriter.
 *
 * <p>Model servers send every event as a chunk of its own, and a read of a fast server's socket
 * holds a hundred of them. The library makes a handful of objects, a copy and two dispatches of
 * each: more work than the token is worth. Here the data of all chunks of a read is one piece, in
 * an array that all connections of a loop share.
 *
 * <p>The library reads the head, and by it finds whom to tell; whoever is told asks for the body
 * with {@link #deliverTo} in the same turn. Of the body it then sees the last chunk alone, so that
 * it knows that the response is over. Without such a wish, and for bodies that are not chunked,
 * everything is passed on as it is; and so is the rest of a connection whose framing is in any way
 * unusual. Nothing is held back in any case.
 */
final class ChunkReader extends ChannelInboundHandlerAdapter {
    /** Takes the data of a body. */
    @FunctionalInterface
    interface Sink {
        /** The next piece; {@code bytes} is another's after the call. */
        void onBytes(byte[] bytes, int offset, int length);
    }

    /** The array that the connections of one loop read into, one after the other. */
    static final class Scratch {
        private static final int LARGEST = 128 << 10;

        private byte @Nullable [] bytes = new byte[0];

        private byte[] take(int length) {
            byte[] taken = bytes;
            bytes = null;
            return taken == null || taken.length < length ? new byte[length] : taken;
        }

        private void giveBack(byte[] taken) {
            if (taken.length <= LARGEST) {
                bytes = taken;
            }
        }
    }

    private static final byte[] LAST = "0\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_SIZE = "?\r\n".getBytes(StandardCharsets.US_ASCII);

    /** A chunk of more than 256 MiB is no token's. */
    private static final int MOST_DIGITS = 7;

    private static final int LONGEST_EXTENSION = 1024;

    private enum State {
        HEAD,
        COUNTED,
        /** In front of a chunk's size, or in it. */
        SIZE,
        /** Behind a size: an extension of no interest. */
        EXTENSION,
        /** The LF of a size's line is due. */
        SIZE_LF,
        DATA,
        /** The CR, then the LF behind a chunk's data is due. */
        DATA_CR,
        DATA_LF,
        /** Behind the last chunk: fields up to an empty line. */
        TRAILERS,
        /** Nothing is touched any more. */
        PASS,
        /** The chunks were malformed, and the library was told so in its own terms. */
        BROKEN
    }

    private final Scratch scratch;
    private final ResponseFraming framing = new ResponseFraming();
    private State state = State.HEAD;
    private @Nullable Sink sink;

    /** Bytes left of a counted body or of the chunk in work. */
    private long left;

    private int digits;
    private int extension;

    /** Bytes of the trailers' current line. */
    private int trailerLine;

    ChunkReader(Scratch scratch) {
        this.scratch = scratch;
    }

    /**
     * Asks for the body of the response whose head was just read. Heeded for a body of chunks of
     * which nothing was passed on yet; all others come by the library.
     */
    void deliverTo(Sink wanted) {
        if (state == State.SIZE && digits == 0) {
            sink = wanted;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf in)) {
            context.fireChannelRead(message);
            return;
        }
        ByteBuf rest = null;
        try {
            rest = unread(context, in);
        } finally {
            if (rest == null) {
                in.release();
            }
        }
        if (rest != null) {
            context.fireChannelRead(rest);
        }
    }

    /** Reads what is of interest here; what is left is the library's, null if that is nothing. */
    private @Nullable ByteBuf unread(ChannelHandlerContext context, ByteBuf in) {
        int from = in.readerIndex();
        while (in.isReadable() && state != State.PASS && state != State.BROKEN) {
            State before = state;
            if (sink == null) {
                skip(in);
            } else {
                deliver(context, in, sink);
                from = in.readerIndex();
            }
            if (before == State.HEAD && state == State.SIZE) {
                int at = in.readerIndex();
                context.fireChannelRead(in.retainedSlice(from, at - from));
                from = at;
            }
        }
        in.readerIndex(from);
        return in.isReadable() && state != State.BROKEN ? in : null;
    }

    // ---- what is passed on as it is ----

    private void skip(ByteBuf in) {
        switch (state) {
            case HEAD -> head(in);
            case COUNTED, DATA -> {
                int count = (int) Math.min(left, in.readableBytes());
                in.skipBytes(count);
                left -= count;
                if (left == 0) {
                    if (state == State.DATA) {
                        state = State.DATA_CR;
                    } else {
                        nextHead();
                    }
                }
            }
            case TRAILERS -> trailers(in);
            case SIZE, EXTENSION, SIZE_LF, DATA_CR, DATA_LF -> {
                between(in.readByte());
                if (state == State.BROKEN) {
                    state = State.PASS;
                }
            }
            case PASS, BROKEN -> throw new IllegalStateException(state.name());
        }
    }

    private void head(ByteBuf in) {
        switch (framing.read(in)) {
            case UNFINISHED -> {}
            case NOTHING -> nextHead();
            case COUNTED -> {
                left = framing.length();
                state = State.COUNTED;
                if (left == 0) {
                    nextHead();
                }
            }
            case CHUNKED -> {
                state = State.SIZE;
                left = 0;
                digits = 0;
            }
            case UNKNOWN -> state = State.PASS;
        }
    }

    private void nextHead() {
        framing.clear();
        state = State.HEAD;
    }

    private void trailers(ByteBuf in) {
        while (in.isReadable()) {
            byte b = in.readByte();
            if (b == '\n') {
                if (trailerLine == 0) {
                    nextHead();
                    return;
                }
                trailerLine = 0;
            } else if (b != '\r') {
                trailerLine++;
            }
        }
    }

    // ---- what is delivered ----

    /** Hands over the data of all chunks in {@code in} as one piece. */
    private void deliver(ChannelHandlerContext context, ByteBuf in, Sink to) {
        int from = in.readerIndex();
        ByteBuffer view = in.internalNioBuffer(from, in.readableBytes());
        int base = view.position();
        int end = view.limit();
        byte[] data = scratch.take(end - base);
        int length = 0;
        int at = base;
        while (at < end && state != State.TRAILERS && state != State.BROKEN) {
            if (state != State.DATA) {
                between(view.get(at++));
                continue;
            }
            int count = (int) Math.min(left, end - at);
            view.get(at, data, length, count);
            length += count;
            at += count;
            left -= count;
            if (left == 0) {
                state = State.DATA_CR;
            }
        }
        in.readerIndex(from + at - base);
        if (length > 0) {
            to.onBytes(data, 0, length);
        }
        scratch.giveBack(data);
        if (state == State.TRAILERS || state == State.BROKEN) {
            sink = null;
            byte[] told = state == State.TRAILERS ? LAST : NO_SIZE;
            context.fireChannelRead(context.alloc().buffer(told.length).writeBytes(told));
        }
    }

    // ---- what stands between the data of two chunks ----

    private void between(byte b) {
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> {
                if (b == '\r') {
                    state = State.SIZE_LF;
                } else if (b == '\n' || ++extension > LONGEST_EXTENSION) {
                    state = State.BROKEN;
                }
            }
            case SIZE_LF -> {
                if (b != '\n') {
                    state = State.BROKEN;
                } else if (left == 0) {
                    state = State.TRAILERS;
                    trailerLine = 0;
                } else {
                    state = State.DATA;
                }
            }
            case DATA_CR -> state = b == '\r' ? State.DATA_LF : State.BROKEN;
            case DATA_LF -> {
                state = b == '\n' ? State.SIZE : State.BROKEN;
                digits = 0;
            }
            case HEAD, COUNTED, DATA, TRAILERS, PASS, BROKEN ->
                    throw new IllegalStateException(state.name());
        }
    }

    private void size(byte b) {
        int digit = digit(b);
        if (digit >= 0 && digits < MOST_DIGITS) {
            left = left << 4 | digit;
            digits++;
        } else if (digits > 0 && b == '\r') {
            state = State.SIZE_LF;
        } else if (digits > 0 && (b == ';' || b == ' ' || b == '\t')) {
            extension = 0;
            state = State.EXTENSION;
        } else {
            state = State.BROKEN;
        }
    }

    private static int digit(byte b) {
        return b >= '0' && b <= '9'
                ? b - '0'
                : b >= 'a' && b <= 'f' ? b - 'a' + 10 : b >= 'A' && b <= 'F' ? b - 'A' + 10 : -1;
    }
}
