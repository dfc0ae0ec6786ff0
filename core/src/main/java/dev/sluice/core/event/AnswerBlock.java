package dev.sluice.core.event;

import dev.sluice.core.event.Event.Annotation;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A whole content block of an answer.
 *
 * @param kind what it holds
 * @param id of a tool use: the call's id
 * @param name of a tool use: the tool's name; of an opaque block: its type
 * @param text text, thinking, refusal, or the JSON text of a tool's arguments, perhaps empty,
 *     perhaps cut
 * @param signature the vendor's seal on thinking, empty if none
 * @param data sealed thinking, or an opaque block as it was written, or the mark of a custom tool
 * @param annotations citations, log probabilities
 */
public record AnswerBlock(
        BlockKind kind,
        String id,
        String name,
        Text text,
        Text signature,
        @Nullable Raw data,
        List<Annotation> annotations) {
    /** Copies the list. */
    public AnswerBlock {
        annotations = List.copyOf(annotations);
    }

    /** Whether this is a tool use whose arguments are free text, not JSON. */
    public boolean custom() {
        return kind == BlockKind.TOOL_USE && data != null;
    }
}
