package dev.sluice.llama.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A grammar in GBNF that is known to be sound: every rule that is used exists, {@code root} does,
 * none begins with itself, repetitions are within what the engine expands. Native code that is
 * handed an unsound grammar answers with a null pointer or takes the process with it, so no grammar
 * reaches it but through here.
 */
public final class Gbnf {
    /** Part of a rule. */
    public sealed interface Part {
        /** These characters one after the other. */
        record Literal(String text) implements Part {}

        /** One character of the ranges, or one that is in none of them. */
        record Characters(List<Range> ranges, boolean negated) implements Part {
            /** Copies the list. */
            public Characters {
                ranges = List.copyOf(ranges);
            }

            /** Whether {@code codePoint} fits. */
            public boolean has(int codePoint) {
                for (Range range : ranges) {
                    if (codePoint >= range.from() && codePoint <= range.to()) {
                        return !negated;
                    }
                }
                return negated;
            }
        }

        /** Another rule. */
        record Reference(String rule) implements Part {}

        /** One of several sequences. */
        record Choice(List<List<Part>> sequences) implements Part {
            /** Copies the list. */
            public Choice {
                sequences = List.copyOf(sequences);
            }
        }

        /** A part several times; {@code most} is -1 where there is no end. */
        record Repeat(Part part, int least, int most) implements Part {}
    }

    /** Characters from one to another, both included. */
    public record Range(int from, int to) {}

    private final String text;
    private final Map<String, Part.Choice> rules;

    private Gbnf(String text, Map<String, Part.Choice> rules) {
        this.text = text;
        this.rules = rules;
    }

    /**
     * Reads and checks {@code text}.
     *
     * @throws GrammarException when it is not sound
     */
    public static Gbnf of(String text) {
        Map<String, Part.Choice> rules = new LinkedHashMap<>(new GbnfParser(text).rules());
        Gbnf grammar = new Gbnf(text, Collections.unmodifiableMap(rules));
        try {
            grammar.check();
        } catch (StackOverflowError _) {
            throw new GrammarException("the rules of the grammar lead into each other too deep");
        }
        return grammar;
    }

    /** The grammar as it was written. */
    public String text() {
        return text;
    }

    /** The rules by their names. */
    public Map<String, Part.Choice> rules() {
        return rules;
    }

    private void check() {
        if (!rules.containsKey("root")) {
            throw new GrammarException("the grammar has no rule `root`");
        }
        for (var rule : rules.entrySet()) {
            references(rule.getValue(), rule.getKey());
        }
        Map<String, Boolean> nullable = nullables();
        Set<String> done = new HashSet<>();
        for (String rule : rules.keySet()) {
            leftmost(rule, nullable, new ArrayList<>(), done);
        }
    }

    private void references(Part part, String rule) {
        switch (part) {
            case Part.Literal _, Part.Characters _ -> {}
            case Part.Reference reference -> {
                if (!rules.containsKey(reference.rule())) {
                    throw new GrammarException(
                            "rule `"
                                    + rule
                                    + "` uses `"
                                    + reference.rule()
                                    + "`, which is missing");
                }
            }
            case Part.Choice choice ->
                    choice.sequences()
                            .forEach(
                                    sequence -> sequence.forEach(inner -> references(inner, rule)));
            case Part.Repeat repeat -> references(repeat.part(), rule);
        }
    }

    /** Which rules can be empty: repeated until nothing changes. */
    private Map<String, Boolean> nullables() {
        Map<String, Boolean> nullable = new HashMap<>();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (var rule : rules.entrySet()) {
                if (!nullable.containsKey(rule.getKey()) && nullable(rule.getValue(), nullable)) {
                    nullable.put(rule.getKey(), true);
                    changed = true;
                }
            }
        }
        return nullable;
    }

    private static boolean nullable(Part part, Map<String, Boolean> known) {
        return switch (part) {
            case Part.Literal literal -> literal.text().isEmpty();
            case Part.Characters _ -> false;
            case Part.Reference reference -> known.containsKey(reference.rule());
            case Part.Repeat repeat -> repeat.least() == 0 || nullable(repeat.part(), known);
            case Part.Choice choice -> {
                for (List<Part> sequence : choice.sequences()) {
                    if (sequence.stream().allMatch(inner -> nullable(inner, known))) {
                        yield true;
                    }
                }
                yield false;
            }
        };
    }

    /** Fails when the rule can begin with itself. */
    private void leftmost(
            String rule, Map<String, Boolean> nullable, List<String> path, Set<String> done) {
        if (path.contains(rule)) {
            throw new GrammarException("rule `" + rule + "` begins with itself");
        }
        if (done.contains(rule)) {
            return;
        }
        path.add(rule);
        Part.Choice choice = rules.get(rule);
        if (choice != null) {
            begins(choice, nullable, path, done);
        }
        path.removeLast();
        done.add(rule);
    }

    private void begins(
            Part part, Map<String, Boolean> nullable, List<String> path, Set<String> done) {
        switch (part) {
            case Part.Literal _, Part.Characters _ -> {}
            case Part.Reference reference -> leftmost(reference.rule(), nullable, path, done);
            case Part.Repeat repeat -> begins(repeat.part(), nullable, path, done);
            case Part.Choice choice -> {
                for (List<Part> sequence : choice.sequences()) {
                    for (Part inner : sequence) {
                        begins(inner, nullable, path, done);
                        if (!nullable(inner, nullable)) {
                            break;
                        }
                    }
                }
            }
        }
    }
}
