package dev.sluice.cli.chat;

import dev.sluice.cli.terminal.Cells;
import dev.sluice.client.SluiceException;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.StopReason;

import java.util.List;
import java.util.Optional;

/** What is said of an answer that is not simply whole. */
final class Endings {
    private Endings() {}

    /** The sentence; empty if there is nothing to say. */
    static Optional<String> sentence(Asked asked) {
        return switch (asked.outcome()) {
            case WHOLE -> Optional.empty();
            case STOPPED -> Optional.of("stopped");
            case FAILED, REFUSED_REQUEST -> Optional.of(problem(asked));
            case BROKEN -> Optional.of("the answer broke off: " + problem(asked));
            case LIMIT -> Optional.of(limit(asked.answer().stopReason()));
            case REFUSAL -> Optional.of("the model refused");
            case TOOLS -> Optional.of(tools(asked.answer().blocks()));
        };
    }

    private static String problem(Asked asked) {
        SluiceException problem = asked.problem();
        if (problem == null) {
            return "nobody knows why";
        }
        String wait =
                problem.retryAfter()
                        .map(time -> "; come again in " + time.toSeconds() + " s")
                        .orElse("");
        return Cells.line(String.valueOf(problem.getMessage())) + wait;
    }

    private static String limit(StopReason reason) {
        return reason == StopReason.CONTEXT_WINDOW
                ? "the answer ends where the model's context is full"
                : "the answer ends at the limit of tokens; --max-tokens sets it";
    }

    private static String tools(List<AnswerBlock> blocks) {
        List<String> names =
                blocks.stream()
                        .filter(block -> block.kind() == BlockKind.TOOL_USE)
                        .map(block -> Cells.line(block.name()))
                        .toList();
        return "the model wants to call " + String.join(", ", names) + "; a chat calls no tools";
    }
}
