package dev.sluice.llama.chat;

/** Reads calls from the character behind the marker that opens them. */
interface CallReader {
    /** What a character has led to. */
    enum Step {
        MORE,
        /** The calls are at their end, with this character. */
        DONE,
        /** This is no call. */
        NO_CALL
    }

    /** Takes the next character. */
    Step take(char c);

    /**
     * Whether all that was read belongs to calls that are complete, so that none of it is text,
     * whatever follows.
     */
    boolean resting();

    /** Where calls go. */
    interface Sink {
        /** A call of the tool {@code name} begins. */
        void begin(String name);

        /** One more character of its arguments, which are JSON text. */
        void arguments(char c);

        /** The call is complete. */
        void end();
    }
}
