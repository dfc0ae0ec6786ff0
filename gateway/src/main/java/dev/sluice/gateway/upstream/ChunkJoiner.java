package dev.sluice.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Joins the chunks of a response that one read of the socket has brought into one, before the HTTP
 * library sees them.
 *
 * <p>Model servers send every event as an HTTP chunk of its own (RFC 9112, 7.1). A fast server's
 * read holds a hundred of them, and the library makes a handful of objects and a dispatch of each:
 * more work than the token is worth. Chunks have no meaning but their bytes, so they may be cut
 * otherwise by anyone on the way.
 *
 * <p>Nothing is held back and nothing waits. What is the usual case of a slow stream, one whole
 * chunk in a read, is passed on as it is. Bodies that are not chunked are passed on as they are,
 * and so is the rest of a connection whose framing is in any way unusual: then the library judges
 * it alone, as if this handler were not there.
 */
final class ChunkJoiner extends ChannelInboundHandlerAdapter {
    private static final byte[] LAST = "0\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_SIZE = "?\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

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

    private final ResponseFraming framing = new ResponseFraming();
    private State state = State.HEAD;

    /** Bytes left of a counted body or of the chunk in work. */
    private long left;

    private int digits;
    private int extension;

    /** Bytes of the trailers' current line. */
    private int trailerLine;

    /** The library has had a chunk's data and not yet the line end behind it. */
    private boolean owesLineEnd;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (state == State.PASS || !(message instanceof ByteBuf in)) {
            context.fireChannelRead(message);
            return;
        }
        int from = in.readerIndex();
        while (in.isReadable() && state != State.PASS) {
            if (state == State.BROKEN) {
                in.release();
                return;
            }
            if (!inChunks()) {
                skip(in);
            } else if (isOneWholeChunk(in)) {
                in.readerIndex(in.writerIndex());
            } else {
                int at = in.readerIndex();
                if (at > from) {
                    context.fireChannelRead(in.retainedSlice(from, at - from));
                }
                join(context, in);
                from = in.readerIndex();
            }
        }
        in.readerIndex(from);
        if (in.isReadable()) {
            context.fireChannelRead(in);
        } else {
            in.release();
        }
    }

    private boolean inChunks() {
        return switch (state) {
            case SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF -> true;
            case HEAD, COUNTED, TRAILERS, PASS, BROKEN -> false;
        };
    }

    // ---- what is passed on as it is ----

    private void skip(ByteBuf in) {
        switch (state) {
            case HEAD -> head(in);
            case COUNTED -> {
                int count = (int) Math.min(left, in.readableBytes());
                in.skipBytes(count);
                left -= count;
                if (left == 0) {
                    nextHead();
                }
            }
            case TRAILERS -> trailers(in);
            case SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, PASS, BROKEN ->
                    throw new IllegalStateException(state.name());
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
                owesLineEnd = false;
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

    /** Whether a chunk, all of it and nothing else is in {@code in}; nothing is read. */
    private boolean isOneWholeChunk(ByteBuf in) {
        if (state != State.SIZE || digits > 0 || owesLineEnd) {
            return false;
        }
        int at = in.readerIndex();
        int end = in.writerIndex();
        int size = 0;
        for (int i = 0; i < MOST_DIGITS && at < end; i++, at++) {
            int digit = digit(in.getByte(at));
            if (digit < 0) {
                break;
            }
            size = size << 4 | digit;
        }
        return size > 0
                && end - at == size + 4
                && in.getShort(at) == ('\r' << 8 | '\n')
                && in.getShort(end - 2) == ('\r' << 8 | '\n');
    }

    // ---- what is joined ----

    /**
     * Copies the data of all chunks in {@code in} together and passes it on as one chunk. The copy
     * is on the heap, where it is read: the library would make one itself otherwise.
     */
    private void join(ChannelHandlerContext context, ByteBuf in) {
        int from = in.readerIndex();
        ByteBuffer view = in.internalNioBuffer(from, in.readableBytes());
        int base = view.position();
        int end = view.limit();
        byte[] data = new byte[end - base];
        int length = 0;
        int at = base;
        while (at < end && inChunks()) {
            if (state != State.DATA) {
                framing(view.get(at++));
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
            context.fireChannelRead(sizeLine(context, length));
            owesLineEnd = true;
            context.fireChannelRead(Unpooled.wrappedBuffer(data, 0, length));
        }
        if (state == State.TRAILERS) {
            context.fireChannelRead(line(context, LAST));
        } else if (state == State.BROKEN) {
            context.fireChannelRead(line(context, NO_SIZE));
        }
    }

    /** Reads a byte of what stands between the data of two chunks. */
    private void framing(byte b) {
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

    private ByteBuf sizeLine(ChannelHandlerContext context, int size) {
        ByteBuf out = start(context);
        int count = Math.max(1, (35 - Integer.numberOfLeadingZeros(size)) / 4);
        for (int shift = (count - 1) * 4; shift >= 0; shift -= 4) {
            out.writeByte(HEX[size >>> shift & 0xf]);
        }
        return out.writeByte('\r').writeByte('\n');
    }

    private ByteBuf line(ChannelHandlerContext context, byte[] line) {
        ByteBuf out = start(context).writeBytes(line);
        owesLineEnd = false;
        return out;
    }

    private ByteBuf start(ChannelHandlerContext context) {
        ByteBuf out = context.alloc().buffer(16);
        return owesLineEnd ? out.writeByte('\r').writeByte('\n') : out;
    }
}
