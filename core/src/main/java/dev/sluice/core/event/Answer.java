package dev.sluice.core.event;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * A whole message, as an unstreamed answer tells it.
 *
 * @param id the upstream's id, perhaps empty
 * @param model the model that answered, perhaps empty
 * @param created seconds since 1970, 0 if not known
 * @param stopSequence the stop sequence that was met
 */
public record Answer(
        String id,
        String model,
        long created,
        List<AnswerBlock> blocks,
        StopReason stopReason,
        @Nullable String stopSequence,
        Usage usage) {
    /** Copies the list. */
    public Answer {
        blocks = List.copyOf(blocks);
    }

    /** All text of the answer, joined. */
    public String text() {
        StringBuilder all = new StringBuilder();
        for (AnswerBlock block : blocks) {
            if (block.kind() == BlockKind.TEXT) {
                all.append(block.text());
            }
        }
        return all.toString();
    }

    /** The first block of {@code kind}. */
    public Optional<AnswerBlock> first(BlockKind kind) {
        return blocks.stream().filter(block -> block.kind() == kind).findFirst();
    }
}
