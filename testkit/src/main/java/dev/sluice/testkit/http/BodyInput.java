package dev.sluice.testkit.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * Takes the framing off a body: each read gives what arrived, and the end is only the end when the
 * framing says so.
 */
final class BodyInput {
    private static final int SIZE_LINE_LIMIT = 1024;

    private final HttpInput in;
    private final Framing framing;
    private long remaining;
    private boolean chunkOpen;
    private boolean inTrailers;
    private boolean ended;

    /** How a body is delimited. */
    sealed interface Framing {
        /** So many bytes. */
        record Length(long bytes) implements Framing {}

        /** Chunks, the last of size 0. */
        record Chunked() implements Framing {}

        /** All up to the end of the connection. */
        record UntilClose() implements Framing {}
    }

    BodyInput(HttpInput in, Framing framing) {
        this.in = in;
        this.framing = framing;
        if (framing instanceof Framing.Length length) {
            remaining = length.bytes();
            ended = remaining == 0;
        }
    }

    /**
     * The next bytes, at least one; empty at the proper end. EOFException when the input ends
     * before that.
     */
    Optional<byte[]> read() throws IOException {
        if (ended) {
            return Optional.empty();
        }
        return switch (framing) {
            case Framing.Length _ -> readCounted();
            case Framing.Chunked _ -> readChunked();
            case Framing.UntilClose _ -> readUntilClose();
        };
    }

    private Optional<byte[]> readCounted() throws IOException {
        byte[] bytes = in.some(remaining);
        remaining -= bytes.length;
        ended = remaining == 0;
        return Optional.of(bytes);
    }

    private Optional<byte[]> readChunked() throws IOException {
        if (remaining == 0 && !nextChunk()) {
            ended = true;
            return Optional.empty();
        }
        byte[] bytes = in.some(remaining);
        remaining -= bytes.length;
        return Optional.of(bytes);
    }

    private Optional<byte[]> readUntilClose() throws IOException {
        if (!in.await()) {
            ended = true;
            return Optional.empty();
        }
        return Optional.of(in.some(Long.MAX_VALUE));
    }

    /**
     * Each step is remembered before the next read, so that a read that timed out can be taken up
     * again.
     */
    private boolean nextChunk() throws IOException {
        if (chunkOpen && !in.line(0).isEmpty()) {
            throw new MalformedHttp("no CR LF after a chunk");
        }
        chunkOpen = false;
        if (!inTrailers) {
            remaining = chunkSize(in.line(SIZE_LINE_LIMIT));
            chunkOpen = remaining > 0;
            inTrailers = remaining == 0;
        }
        if (inTrailers) {
            HttpHead.readHeaders(in);
        }
        return remaining > 0;
    }

    private static long chunkSize(String line) throws MalformedHttp {
        int semicolon = line.indexOf(';');
        String size = semicolon < 0 ? line : line.substring(0, semicolon);
        boolean hexadecimal = size.chars().allMatch(c -> Character.digit(c, 16) >= 0);
        if (size.isEmpty() || size.length() > 15 || !hexadecimal) {
            throw new MalformedHttp("a chunk size that is not hexadecimal: " + line);
        }
        return Long.parseLong(size, 16);
    }

    /** Whether the framing's end was seen. */
    boolean isAtEnd() {
        return ended;
    }

    /** Everything up to the proper end; a fault when it is more than the limit. */
    byte[] readAll(long limitBytes) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Optional<byte[]> part = read(); part.isPresent(); part = read()) {
            all.writeBytes(part.get());
            if (all.size() > limitBytes) {
                throw new MalformedHttp("a body longer than " + limitBytes + " bytes");
            }
        }
        return all.toByteArray();
    }
}
