package dev.sluice.llama;

import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;

/**
 * Reads what a model writes and makes events of it: which is text, which is thinking, which are
 * calls of tools; and where the answer ends although the model would go on.
 */
public interface AnswerReader {
    /** The message starts. */
    void start(Event.MessageStart start);

    /** Takes some characters more; not empty. */
    void feed(String text);

    /**
     * Whether the answer is at its end, by a marker of the model's or a stop sequence of the
     * client's, so that nothing more need be written.
     */
    boolean stopped();

    /**
     * Nothing follows: blocks are closed and the message ends.
     *
     * @param reason why the model stopped; the end of a turn becomes {@link StopReason#TOOL_USE}
     *     where a tool was called. A stop sequence that was met is told in its place
     */
    void finish(StopReason reason, Usage usage);
}
