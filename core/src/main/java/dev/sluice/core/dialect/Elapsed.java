package dev.sluice.core.dialect;

/** The times of an answer as far as it has come, in nanoseconds; 0 where nothing is known. */
public interface Elapsed {
    /** Nobody measures. */
    Elapsed UNKNOWN =
            new Elapsed() {
                @Override
                public long total() {
                    return 0;
                }

                @Override
                public long toFirstContent() {
                    return 0;
                }
            };

    /** Since the request came. */
    long total();

    /** From the request to the first content. */
    long toFirstContent();
}
