package dev.sluice.cli.chat;

import dev.sluice.client.Prompt;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was said so far: turns of the user's, each with what the model answered. */
public final class Conversation {
    /**
     * One turn.
     *
     * @param user what was asked
     * @param text what was answered; empty if nothing was
     * @param whole the answer as it came, if it came to its end in this conversation
     */
    record Turn(String user, String text, @Nullable Answer whole) {
        Turn(String user) {
            this(user, "", null);
        }
    }

    private final List<Turn> turns = new ArrayList<>();
    private String system;

    /** A conversation in which nothing was said; {@code system} stands before it if not empty. */
    public Conversation(String system) {
        this.system = system;
    }

    /** The instruction that stands before the conversation, perhaps empty. */
    public String system() {
        return system;
    }

    void system(String text) {
        system = text;
    }

    List<Turn> turns() {
        return turns;
    }

    /** The user says {@code text}; a question that nobody answered is forgotten. */
    void ask(String text) {
        dropUnanswered();
        turns.add(new Turn(text));
    }

    /** Takes the last answer back, so that its question can be asked again; empty if none is. */
    Optional<String> again() {
        if (turns.isEmpty()) {
            return Optional.empty();
        }
        String user = turns.removeLast().user();
        turns.add(new Turn(user));
        return Optional.of(user);
    }

    void answered(Answer answer, boolean whole) {
        String user = turns.removeLast().user();
        turns.add(new Turn(user, answer.text(), whole && isPlain(answer) ? answer : null));
    }

    /** A call of a tool that nobody answers is what no model wants to see again. */
    private static boolean isPlain(Answer answer) {
        return answer.blocks().stream()
                .map(AnswerBlock::kind)
                .allMatch(kind -> kind == BlockKind.TEXT || kind == BlockKind.THINKING);
    }

    /** Nothing was said. */
    void clear() {
        turns.clear();
    }

    private void dropUnanswered() {
        if (!turns.isEmpty() && turns.getLast().text().isEmpty()) {
            turns.removeLast();
        }
    }

    /** All of it as a prompt. */
    Prompt prompt() {
        Prompt prompt = new Prompt();
        if (!system.isEmpty()) {
            prompt.system(system);
        }
        for (Turn turn : turns) {
            prompt.user(turn.user());
            if (turn.whole() != null) {
                prompt.answer(turn.whole());
            } else if (!turn.text().isEmpty()) {
                prompt.assistant(turn.text());
            }
        }
        return prompt;
    }
}
