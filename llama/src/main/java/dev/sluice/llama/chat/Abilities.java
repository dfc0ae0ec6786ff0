package dev.sluice.llama.chat;

import dev.sluice.llama.template.Template;
import dev.sluice.llama.template.TemplateException;
import dev.sluice.llama.template.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a template can say, found by rendering small conversations with it: templates do not tell,
 * and a part that they do not know they drop without a word.
 *
 * @param system a system message at the beginning
 * @param systemInside one between other messages
 * @param tools declarations of tools
 * @param calls calls of tools in earlier turns, and their results
 * @param twoCalls several calls in one message
 * @param textArguments whether it wants the arguments of calls as text, not as an object
 * @param noneContent whether the content of a message that has none is none, not an empty string
 * @param anyId whether it takes ids of calls as they are; else nine letters or digits
 * @param anyOrder whether it takes messages of one role after another
 * @param parts whether it wants content as a list of parts
 */
record Abilities(
        boolean system,
        boolean systemInside,
        boolean tools,
        boolean calls,
        boolean twoCalls,
        boolean textArguments,
        boolean noneContent,
        boolean anyId,
        boolean anyOrder,
        boolean parts) {
    private static final String LONG_ID = "call_0123456789abcdefghijklmn";
    private static final String SHORT_ID = "call00001";

    /** Renders conversations with one template. */
    private record Probe(Template template, Map<String, Value> tokens, boolean parts) {
        /** What is rendered; empty where the template refuses. */
        String render(List<Value> tools, List<Value> messages) {
            Map<String, Value> variables = new java.util.LinkedHashMap<>(tokens);
            variables.put("messages", new Value.Items(messages));
            variables.put("add_generation_prompt", Value.TRUE);
            if (!tools.isEmpty()) {
                variables.put("tools", new Value.Items(tools));
            }
            try {
                return template.render(variables);
            } catch (TemplateException _) {
                return "";
            }
        }

        Value message(String role, String text) {
            return Messages.message(role, Messages.content(text, parts));
        }
    }

    static Abilities of(Template template, Map<String, Value> tokens) {
        boolean parts = wantsParts(template, tokens);
        Probe probe = new Probe(template, tokens, parts);
        Value user = probe.message("user", "probe-user");
        Value assistant = probe.message("assistant", "probe-assistant");
        Value first = probe.message("system", "probe-system");
        Value note = probe.message("system", "probe-note");
        String started = probe.render(List.of(), List.of(first, user));
        boolean system = started.contains("probe-system") && started.contains("probe-user");
        List<Value> inside = new ArrayList<>(List.of(user, assistant, note, user));
        if (system) {
            // Some templates keep the last one alone.
            inside.addFirst(first);
        }
        String noted = probe.render(List.of(), inside);
        List<Value> tools =
                List.of(
                        Messages.tool(
                                "probe_tool",
                                "probe-description",
                                Messages.schemaOf("probe_argument")));
        boolean declares = probe.render(tools, List.of(user)).contains("probe_tool");
        Abilities plain =
                new Abilities(
                        system,
                        noted.contains("probe-note") && noted.contains("probe-system") == system,
                        declares,
                        false,
                        false,
                        false,
                        false,
                        false,
                        !probe.render(List.of(), List.of(user, user)).isEmpty(),
                        parts);
        return plain.withCalls(probe, declares ? tools : List.of(), user);
    }

    private static boolean wantsParts(Template template, Map<String, Value> tokens) {
        Probe asText = new Probe(template, tokens, false);
        Probe asParts = new Probe(template, tokens, true);
        return !says(asText, "probe-user") && says(asParts, "probe-user");
    }

    private static boolean says(Probe probe, String text) {
        return probe.render(List.of(), List.of(probe.message("user", text))).contains(text);
    }

    /** The first way of writing a call that the template renders as it is meant. */
    private Abilities withCalls(Probe probe, List<Value> tools, Value user) {
        for (boolean anyId : new boolean[] {true, false}) {
            for (boolean textArguments : new boolean[] {false, true}) {
                for (boolean none : new boolean[] {true, false}) {
                    Abilities tried = with(anyId, textArguments, none, false);
                    if (tried.rendersCalls(probe, tools, user, 1)) {
                        return with(
                                anyId,
                                textArguments,
                                none,
                                tried.rendersCalls(probe, tools, user, 2));
                    }
                }
            }
        }
        return this;
    }

    private Abilities with(boolean anyId, boolean textArguments, boolean none, boolean twoCalls) {
        return new Abilities(
                system,
                systemInside,
                tools,
                true,
                twoCalls,
                textArguments,
                none,
                anyId,
                anyOrder,
                parts);
    }

    /** Whether none was printed as a word, which an empty conversation does not have. */
    private static boolean writesNone(String text, String without) {
        return text.split("None", -1).length > without.split("None", -1).length;
    }

    private boolean rendersCalls(Probe probe, List<Value> tools, Value user, int count) {
        List<Value> calls = new ArrayList<>();
        List<Value> messages = new ArrayList<>(List.of(user));
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = anyId ? LONG_ID + i : SHORT_ID.substring(0, 8) + i;
            String json = "{\"probe_argument\": \"probe-value-" + i + "\"}";
            calls.add(Messages.call(id, "probe_tool", Messages.arguments(json, textArguments)));
            results.add(
                    Messages.result(
                            id, "probe_tool", Messages.content("probe-result-" + i, parts)));
        }
        Value content = noneContent ? Value.NONE : Messages.content("", parts);
        messages.add(Messages.calling(content, calls));
        messages.addAll(results);
        String text = probe.render(tools, messages);
        boolean renders =
                text.contains("probe_tool")
                        && text.contains("probe_argument")
                        && !text.contains("{'probe_argument'")
                        && !text.contains("\\\"probe_argument")
                        && !writesNone(text, probe.render(tools, List.of(user)));
        for (int i = 0; i < count; i++) {
            renders &= text.contains("probe-value-" + i) && text.contains("probe-result-" + i);
        }
        return renders;
    }
}
