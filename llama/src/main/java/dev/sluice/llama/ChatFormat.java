package dev.sluice.llama;

import dev.sluice.core.event.EventSink;
import dev.sluice.core.request.Request;

/** How a model is talked to: how a request becomes a prompt, and its text an answer. */
public interface ChatFormat {
    /**
     * One turn of a conversation.
     *
     * @param prompt the text that the model writes on
     * @param grammar a GBNF grammar that the answer must follow; empty if any will do
     * @param markers whether the reader looks for tokens that steer the model, which are no text
     *     otherwise
     * @param reading makes what reads the answer
     */
    record Turn(String prompt, String grammar, boolean markers, Reading reading) {
        /** Leaves out the prompt. */
        @Override
        public String toString() {
            return "Turn[" + prompt.length() + " characters]";
        }
    }

    /** Makes the reader of one answer. */
    interface Reading {
        /** A reader that hands events to {@code out}. */
        AnswerReader into(EventSink out);
    }

    /**
     * The turn that {@code request} asks for.
     *
     * @throws dev.sluice.core.failure.FailureException if the model cannot do what is asked
     */
    Turn turn(Request request);

    /** Makes the format of a model. */
    interface Maker {
        /**
         * The format of a model that is as {@code facts} say.
         *
         * @throws dev.sluice.llama.binding.LibraryUnusable if its template cannot be read
         */
        ChatFormat of(TextModel.Facts facts);
    }
}
