package dev.sluice.testkit.gguf;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * Writes a model file of the format GGUF, version 3: a header, keys with values, the names and
 * shapes of tensors, and their 32-bit floats, each tensor at a multiple of 32 bytes.
 */
public final class GgufFile {
    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    /** One tensor: the length of its rows, how many there are (0 for a vector), its numbers. */
    private record Tensor(String name, int columns, int rows, IntToDoubleFunction value) {
        int size() {
            return columns * Math.max(1, rows);
        }
    }

    private final Map<String, Object> keys = new LinkedHashMap<>();
    private final List<Tensor> tensors = new ArrayList<>();

    /** Sets a key to a text, a whole number, a fraction, a truth, or a list of one of the first. */
    public GgufFile key(String name, Object value) {
        keys.put(name, value);
        return this;
    }

    /** Adds a vector. */
    public GgufFile vector(String name, int length, IntToDoubleFunction value) {
        tensors.add(new Tensor(name, length, 0, value));
        return this;
    }

    /** Adds a matrix, whose numbers are asked for row by row. */
    public GgufFile matrix(String name, int columns, int rows, IntToDoubleFunction value) {
        tensors.add(new Tensor(name, columns, rows, value));
        return this;
    }

    /** Writes the file. */
    public void write(Path file) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            byte[] head = head();
            out.write(head);
            out.write(new byte[padding(head.length)]);
            for (Tensor tensor : tensors) {
                write(tensor, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Tensor tensor, OutputStream out) throws IOException {
        byte[] bytes = new byte[4 * tensor.columns()];
        ByteBuffer row = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        for (int i = 0; i < Math.max(1, tensor.rows()); i++) {
            row.clear();
            for (int j = 0; j < tensor.columns(); j++) {
                row.putFloat((float) tensor.value().applyAsDouble(at++));
            }
            out.write(bytes);
        }
        out.write(new byte[padding(4L * tensor.size())]);
    }

    private static int padding(long length) {
        return (int) (-length & (ALIGNMENT - 1));
    }

    private byte[] head() {
        ByteBuffer out = ByteBuffer.allocate(1 << 22).order(ByteOrder.LITTLE_ENDIAN);
        out.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(VERSION);
        out.putLong(tensors.size()).putLong(keys.size());
        keys.forEach(
                (name, value) -> {
                    text(out, name);
                    out.putInt(type(value));
                    value(out, value);
                });
        long offset = 0;
        for (Tensor tensor : tensors) {
            text(out, tensor.name());
            out.putInt(tensor.rows() == 0 ? 1 : 2).putLong(tensor.columns());
            if (tensor.rows() > 0) {
                out.putLong(tensor.rows());
            }
            out.putInt(0).putLong(offset);
            long bytes = 4L * tensor.size();
            offset += bytes + padding(bytes);
        }
        byte[] head = new byte[out.position()];
        out.flip().get(head);
        return head;
    }

    private static void text(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putLong(bytes.length).put(bytes);
    }

    private static int type(Object value) {
        return switch (value) {
            case String _ -> STRING;
            case Long _ -> UINT32;
            case Integer _ -> INT32;
            case Float _ -> FLOAT32;
            case Boolean _ -> BOOL;
            case List<?> _ -> ARRAY;
            default -> throw new IllegalArgumentException(value + " (expected: a value of a key)");
        };
    }

    private static void value(ByteBuffer out, Object value) {
        switch (value) {
            case String string -> text(out, string);
            case Long number -> out.putInt(number.intValue());
            case Integer number -> out.putInt(number);
            case Float number -> out.putFloat(number);
            case Boolean truth -> out.put((byte) (truth ? 1 : 0));
            case List<?> list -> {
                out.putInt(type(list.getFirst())).putLong(list.size());
                list.forEach(element -> value(out, element));
            }
            default -> throw new IllegalArgumentException(value + " (expected: a value of a key)");
        }
    }
}
