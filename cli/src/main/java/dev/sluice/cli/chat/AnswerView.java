package dev.sluice.cli.chat;

/** Where an answer is shown while it comes. */
interface AnswerView {
    /** More of the answer, or of a refusal. */
    void text(String piece);

    /** More of what the model thinks. */
    void thinking(String piece);

    /** The model calls a tool; its arguments follow as they are written. */
    void toolUse(String name);

    /** More of the arguments of the tool that is being called. */
    void arguments(String piece);

    /** Nothing more comes. */
    void end();
}
