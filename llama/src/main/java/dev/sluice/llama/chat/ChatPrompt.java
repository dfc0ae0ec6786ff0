package dev.sluice.llama.chat;

import dev.sluice.core.dialect.Emulations;
import dev.sluice.core.request.Tool;
import dev.sluice.llama.grammar.Gbnf;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a model is given, and what is known of the answer to come.
 *
 * @param text the text to continue; its markers are to be read as the model's special tokens
 * @param startsWithBos whether the text begins with the token that begins a text, so that none is
 *     added
 * @param stops texts at which the answer is at its end; they are no part of it
 * @param format how the model writes calls and thinking
 * @param declared the tools that were declared to the model
 * @param emulations what is done in the model's place on the way back
 * @param grammar the form that the whole answer must have, if it must have one
 */
public record ChatPrompt(
        String text,
        boolean startsWithBos,
        List<String> stops,
        ToolFormat format,
        List<Tool> declared,
        Emulations emulations,
        Optional<Gbnf> grammar) {
    /** Copies the lists. */
    public ChatPrompt {
        stops = List.copyOf(stops);
        declared = List.copyOf(declared);
    }

    ChatPrompt withGrammar(Optional<Gbnf> form) {
        return new ChatPrompt(text, startsWithBos, stops, format, declared, emulations, form);
    }

    /** The names of the tools that were declared. */
    public Set<String> tools() {
        Set<String> names = new HashSet<>();
        declared.forEach(tool -> names.add(tool.name()));
        return names;
    }

    /**
     * Whether the answer is searched for markers. The engine must then write special tokens out as
     * the text that they are named by; else it leaves them out.
     */
    public boolean readsMarkers() {
        return !stops.isEmpty()
                || !format.thinking().isEmpty()
                || !format.silent().isEmpty()
                || !declared.isEmpty()
                || format.calls().body() == CallForm.Body.HARMONY;
    }

    ParameterTypes parameterTypes() {
        return new ParameterTypes(declared);
    }

    /** Whether the text ends inside of thinking, so that the model goes on thinking. */
    public boolean opensThinking() {
        String end = text.stripTrailing();
        return format.thinking().stream().anyMatch(tags -> end.endsWith(tags.open()));
    }

    /** In the harmony format: the message that the text leaves open, from its header on. */
    String openMessage() {
        if (format.calls().body() != CallForm.Body.HARMONY) {
            return "";
        }
        int start = text.lastIndexOf("<|start|>");
        return start < 0 ? "" : text.substring(start);
    }

    /** Leaves out the text and the tools: they are the client's. */
    @Override
    public String toString() {
        return "ChatPrompt[" + text.length() + " characters, " + format.family() + "]";
    }
}
