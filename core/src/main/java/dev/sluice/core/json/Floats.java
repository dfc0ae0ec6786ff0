package dev.sluice.core.json;

import java.util.Arrays;

/** Vectors as arrays of numbers. */
public final class Floats {
    private static final int USUAL = 1024;

    private Floats() {}

    /** Reads a vector. */
    public static float[] read(JsonReader reader) {
        float[] numbers = new float[USUAL];
        int count = 0;
        reader.beginArray();
        while (reader.hasNext()) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = (float) reader.number();
        }
        return Arrays.copyOf(numbers, count);
    }

    /** Writes a vector as the next value. */
    public static void write(JsonWriter json, float[] vector) {
        json.beginArray();
        for (float number : vector) {
            json.value(number);
        }
        json.endArray();
    }
}
