package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** A strict reader and a plain writer of the binary event stream of AWS. */
public final class BedrockFrames {
    private static final int TEXT = 7;

    /**
     * One frame.
     *
     * @param headers its header fields, all of them text
     */
    public record BedrockFrame(Map<String, String> headers, byte[] payload) {
        /** The field called {@code name}, or the empty string. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /** The payload as JSON. */
        public JsonNode json() {
            return Json.parse(payload);
        }

        @Override
        public String toString() {
            return headers + " " + new String(payload, StandardCharsets.UTF_8);
        }
    }

    private BedrockFrames() {}

    /** All frames of {@code stream}, which must be whole and sound. */
    public static List<BedrockFrame> read(byte[] stream) {
        List<BedrockFrame> frames = new ArrayList<>();
        int at = 0;
        while (at < stream.length) {
            int length = stream.length - at < 16 ? 0 : ByteBuffer.wrap(stream, at, 4).getInt();
            if (length < 16 || length > stream.length - at) {
                throw new AssertionError("frame " + frames.size() + " is cut, at byte " + at);
            }
            frames.add(frame(ByteBuffer.wrap(stream, at, length).slice(), frames.size()));
            at += length;
        }
        return frames;
    }

    private static BedrockFrame frame(ByteBuffer frame, int number) {
        int length = frame.getInt();
        int headersLength = frame.getInt();
        check(frame.getInt() == crc(frame, 8), number, "the checksum of the lengths is wrong");
        check(
                frame.getInt(length - 4) == crc(frame, length - 4),
                number,
                "the checksum of the frame is wrong");
        check(headersLength <= length - 16, number, "the header fields do not fit");
        try {
            Map<String, String> headers = headers(frame.slice(12, headersLength), number);
            byte[] payload = new byte[length - 16 - headersLength];
            frame.get(12 + headersLength, payload);
            return new BedrockFrame(headers, payload);
        } catch (BufferUnderflowException e) {
            throw new AssertionError("frame " + number + ": a header field is cut", e);
        }
    }

    private static Map<String, String> headers(ByteBuffer fields, int number) {
        Map<String, String> headers = new LinkedHashMap<>();
        while (fields.hasRemaining()) {
            String name = text(fields, fields.get() & 0xff);
            check(fields.get() == TEXT, number, "field " + name + " is no text");
            String value = text(fields, fields.getShort() & 0xffff);
            check(headers.put(name, value) == null, number, "field " + name + " comes twice");
        }
        return headers;
    }

    private static String text(ByteBuffer from, int length) {
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void check(boolean holds, int number, String fault) {
        if (!holds) {
            throw new AssertionError("frame " + number + ": " + fault);
        }
    }

    private static int crc(ByteBuffer bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes.slice(0, length));
        return (int) crc.getValue();
    }

    /** An event. */
    public static byte[] event(String type, String json) {
        return frame(json, ":event-type", type, ":message-type", "event");
    }

    /** An exception. */
    public static byte[] exception(String type, String message) {
        return frame(
                "{\"message\":" + Json.quote(message) + "}",
                ":exception-type",
                type,
                ":message-type",
                "exception");
    }

    private static byte[] frame(String json, String... fields) {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        byte[] payload = json.getBytes(StandardCharsets.UTF_8);
        try (DataOutputStream out = new DataOutputStream(headers);
                DataOutputStream whole = new DataOutputStream(frame)) {
            field(out, ":content-type", "application/json");
            for (int i = 0; i < fields.length; i += 2) {
                field(out, fields[i], fields[i + 1]);
            }
            whole.writeInt(16 + headers.size() + payload.length);
            whole.writeInt(headers.size());
            whole.writeInt(crc(ByteBuffer.wrap(frame.toByteArray()), 8));
            whole.write(headers.toByteArray());
            whole.write(payload);
            whole.writeInt(crc(ByteBuffer.wrap(frame.toByteArray()), frame.size()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return frame.toByteArray();
    }

    private static void field(DataOutputStream out, String name, String value) throws IOException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeByte(name.length());
        out.writeBytes(name);
        out.writeByte(TEXT);
        out.writeShort(bytes.length);
        out.write(bytes);
    }
}
