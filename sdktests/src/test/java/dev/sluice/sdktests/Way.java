package dev.sluice.sdktests;

import java.util.Arrays;
import java.util.stream.Stream;

/** A pair, and whether the answer is streamed. */
record Way(Pair pair, boolean streamed) {

    /** All eight. */
    static Stream<Way> all() {
        return Arrays.stream(Pair.values())
                .flatMap(pair -> Stream.of(new Way(pair, true), new Way(pair, false)));
    }

    /** Asks in this way. */
    Heard ask(Rig rig, Question question) {
        return rig.sdk().ask(question, streamed);
    }

    /** Asks in this way, and fails. */
    Problem fail(Rig rig, Question question) {
        return rig.sdk().fail(question, streamed);
    }

    @Override
    public String toString() {
        return pair + (streamed ? ", streamed" : ", whole");
    }
}
