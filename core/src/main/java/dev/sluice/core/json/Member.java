package dev.sluice.core.json;

/** One member of a document whose other bytes stay as they are. */
public final class Member {
    private Member() {}

    /**
     * The document, an object, with {@code value} for the member {@code name}; the same array if it
     * has none, or that value already.
     */
    public static byte[] replaced(byte[] document, String name, Raw value) {
        Names names = Names.of(name);
        JsonReader reader = new JsonReader(document);
        reader.beginObject();
        for (int f = reader.nextField(names);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(names)) {
            if (f != 0) {
                reader.skip();
                continue;
            }
            int from = reader.position();
            Raw old = reader.raw();
            return old.equals(value) ? document : spliced(document, from, old.length(), value);
        }
        return document;
    }

    private static byte[] spliced(byte[] document, int from, int length, Raw value) {
        ByteBuilder out = new ByteBuilder(document.length - length + value.length());
        out.add(document, 0, from);
        value.writeTo(out);
        int rest = from + length;
        return out.add(document, rest, document.length - rest).toBytes();
    }
}
