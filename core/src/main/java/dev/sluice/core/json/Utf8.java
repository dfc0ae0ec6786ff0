package dev.sluice.core.json;

/** The well-formed byte sequences of UTF-8 (Unicode, table 3-7). */
final class Utf8 {
    private Utf8() {}

    /**
     * Length in bytes of the character of two bytes or more at {@code i}; 0 if there is no
     * well-formed one before {@code end}.
     */
    static int lengthAt(byte[] b, int i, int end) {
        int lead = b[i] & 0xff;
        if (lead < 0xc2 || lead > 0xf4) {
            return 0;
        }
        int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (i + length > end) {
            return 0;
        }
        int second = b[i + 1] & 0xff;
        int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return 0;
        }
        for (int k = 2; k < length; k++) {
            if ((b[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
