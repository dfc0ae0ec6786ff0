package dev.sluice.core.dialect;

import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event.Annotation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What of an answer the client's dialect has no place for. Encoders note it where they leave it
 * out; what is left out again and again is noted once.
 */
public final class Losses {
    /** Names come from upstreams: nobody needs more of them to see what is wrong. */
    private static final int MOST = 16;

    private final Set<String> names = new LinkedHashSet<>(0);

    /**
     * Something was left out; {@code what} is its name in the source's words. Returns whether that
     * is noted for the first time.
     */
    public boolean add(String what) {
        return names.size() < MOST && names.add(what);
    }

    /** Something was left out, if it was {@code said}. */
    public void addIf(boolean said, String what) {
        if (said) {
            add(what);
        }
    }

    /** All {@code notes} were left out. */
    public void addAll(List<Annotation> notes) {
        for (Annotation note : notes) {
            add(note.name());
        }
    }

    /** The seal on {@code block} was left out, if it has one. */
    public void addSealOf(AnswerBlock block) {
        if (block.kind() == BlockKind.REDACTED_THINKING) {
            add("redacted_thinking");
        } else if (!block.signature().isEmpty()) {
            add("signature");
        }
    }

    /** What was lost so far, in the form of warnings. */
    public List<String> warnings() {
        return names.stream().map(name -> "dropped=" + Outgoing.printable(name)).toList();
    }
}
