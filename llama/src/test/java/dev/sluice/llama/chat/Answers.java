package dev.sluice.llama.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Event;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.StreamGrammar;
import dev.sluice.core.event.Usage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Feeds answers to a parser and writes down what comes of them. */
final class Answers implements EventSink {
    private final StreamGrammar grammar = new StreamGrammar();
    private final List<String> lines = new ArrayList<>();
    private String growing = "";

    private Answers() {}

    /**
     * The events of an answer that comes in {@code pieces}, a line each; deltas of one block are
     * one line.
     */
    static List<String> lines(ChatPrompt prompt, List<String> pieces, StopReason reason) {
        Answers answers = new Answers();
        OutputParser parser = new OutputParser(prompt, answers, ids());
        parser.start(new Event.MessageStart("", "", 0, Usage.NONE));
        pieces.forEach(parser::feed);
        parser.finish(reason, Usage.NONE);
        assertThat(answers.grammar.ended()).isTrue();
        return answers.lines;
    }

    static Supplier<String> ids() {
        int[] next = {0};
        return () -> "id" + next[0]++;
    }

    /** The same for every way of cutting the answer in two, in single characters, and whole. */
    static List<String> everyCut(ChatPrompt prompt, String answer) {
        List<String> whole = lines(prompt, List.of(answer), StopReason.END_TURN);
        for (int i = 1; i < answer.length(); i++) {
            assertThat(
                            lines(
                                    prompt,
                                    List.of(answer.substring(0, i), answer.substring(i)),
                                    StopReason.END_TURN))
                    .as("cut at %s: %s|%s", i, answer.substring(0, i), answer.substring(i))
                    .isEqualTo(whole);
        }
        List<String> single = answer.chars().mapToObj(c -> String.valueOf((char) c)).toList();
        assertThat(lines(prompt, single, StopReason.END_TURN)).as("single").isEqualTo(whole);
        return whole;
    }

    @Override
    public void onEvent(Event event) {
        assertThat(grammar.accept(event))
                .as("%s after %s: %s", event, lines, grammar.violation())
                .isTrue();
        if (event instanceof Event.Delta delta) {
            assertThat(delta.text().isEmpty()).isFalse();
            String head = delta.kind() + " ";
            if (growing.equals(head)) {
                lines.addLast(lines.removeLast() + delta.text());
            } else {
                lines.add(head + delta.text());
            }
            growing = head;
            return;
        }
        growing = "";
        switch (event) {
            case Event.BlockStart start -> {
                if (!start.name().isEmpty()) {
                    lines.add(
                            "call "
                                    + start.id()
                                    + " "
                                    + start.name()
                                    + (start.custom() ? " (free text)" : ""));
                }
            }
            case Event.MessageDelta delta ->
                    lines.add(
                            "stop "
                                    + delta.stopReason()
                                    + (delta.stopSequence() == null
                                            ? ""
                                            : " " + delta.stopSequence()));
            case Event.Failed failed -> lines.add("failed " + failed.failure().message());
            case Event.MessageStart _,
                    Event.BlockStop _,
                    Event.MessageStop _,
                    Event.Ping _,
                    Event.Annotation _,
                    Event.Delta _ -> {}
        }
    }
}
