package dev.sluice.llama;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All sequences of a context, and which of them a text is written in. */
final class Sequences {
    private final List<Sequence> all = new ArrayList<>();

    Sequences(int count) {
        for (int i = 0; i < count; i++) {
            all.add(new Sequence(i));
        }
    }

    List<Sequence> all() {
        return all;
    }

    Sequence at(int index) {
        return all.get(index % all.size());
    }

    int size() {
        return all.size();
    }

    /**
     * The idle sequence for a prompt; empty if all are busy. It is the one that knows most of the
     * prompt, unless more would be forgotten there than is known: then it is the one that nobody
     * used for longest, and the other conversation keeps what it has.
     */
    Optional<Sequence> choose(int[] prompt) {
        Sequence best = null;
        Sequence oldest = null;
        for (Sequence sequence : all) {
            if (sequence.isIdle()) {
                if (best == null || sequence.known(prompt) > best.known(prompt)) {
                    best = sequence;
                }
                if (oldest == null || sequence.lastUsed() < oldest.lastUsed()) {
                    oldest = sequence;
                }
            }
        }
        if (best == null || oldest == null) {
            return Optional.empty();
        }
        int known = best.known(prompt);
        return Optional.of(best.size() - known > known ? oldest : best);
    }
}
