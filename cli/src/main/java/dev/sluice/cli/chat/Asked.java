package dev.sluice.cli.chat;

import dev.sluice.client.SluiceException;
import dev.sluice.client.TokenStream;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;

import org.jspecify.annotations.Nullable;

/**
 * An answer that was shown, and how it ended.
 *
 * @param answer all of it that came
 * @param problem what went wrong
 */
record Asked(Outcome outcome, Answer answer, @Nullable SluiceException problem) {
    /** Shows {@code stream} in {@code view} while it comes. */
    static Asked show(TokenStream stream, AnswerView view) {
        try {
            for (Event event : stream.events()) {
                show(event, view);
            }
            view.end();
            Answer answer = stream.finalMessage();
            return new Asked(Outcome.of(answer.stopReason()), answer, null);
        } catch (SluiceException broken) {
            view.end();
            return new Asked(Outcome.of(broken), broken.partial(), broken);
        }
    }

    private static void show(Event event, AnswerView view) {
        switch (event) {
            case Event.Delta(int _, Event.DeltaKind kind, var text) -> {
                switch (kind) {
                    case TEXT, REFUSAL -> view.text(text.toString());
                    case THINKING -> view.thinking(text.toString());
                    case ARGUMENTS -> view.arguments(text.toString());
                    case SIGNATURE -> {
                        // A seal is for the vendor.
                    }
                }
            }
            case Event.BlockStart start -> {
                if (start.kind() == BlockKind.TOOL_USE) {
                    view.toolUse(start.name());
                }
            }
            case Event.MessageStart _,
                    Event.Annotation _,
                    Event.BlockStop _,
                    Event.MessageDelta _,
                    Event.MessageStop _,
                    Event.Ping _,
                    Event.Failed _ -> {
                // Nothing to show.
            }
        }
    }
}
