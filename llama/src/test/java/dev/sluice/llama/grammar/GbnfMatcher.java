package dev.sluice.llama.grammar;

import dev.sluice.llama.grammar.Gbnf.Part;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Tells whether a text is in the language of a grammar: all ends of each part, remembered. */
public final class GbnfMatcher {
    private record Place(String rule, int at) {}

    private final Gbnf grammar;
    private final int[] text;
    private final Map<Place, Set<Integer>> known = new HashMap<>();

    private GbnfMatcher(Gbnf grammar, String text) {
        this.grammar = grammar;
        this.text = text.codePoints().toArray();
    }

    /** Whether all of {@code text} matches. */
    public static boolean matches(Gbnf grammar, String text) {
        GbnfMatcher matcher = new GbnfMatcher(grammar, text);
        return matcher.rule("root", 0).contains(matcher.text.length);
    }

    private Set<Integer> rule(String name, int at) {
        Place place = new Place(name, at);
        Set<Integer> ends = known.get(place);
        if (ends == null) {
            ends = ends(Objects.requireNonNull(grammar.rules().get(name)), at);
            known.put(place, ends);
        }
        return ends;
    }

    private Set<Integer> ends(Part part, int at) {
        return switch (part) {
            case Part.Literal literal -> literal(literal.text(), at);
            case Part.Characters characters ->
                    at < text.length && characters.has(text[at]) ? Set.of(at + 1) : Set.of();
            case Part.Reference reference -> rule(reference.rule(), at);
            case Part.Choice choice -> {
                Set<Integer> ends = new TreeSet<>();
                choice.sequences().forEach(sequence -> ends.addAll(sequence(sequence, at)));
                yield ends;
            }
            case Part.Repeat repeat -> repeat(repeat, at);
        };
    }

    private Set<Integer> literal(String literal, int at) {
        int i = at;
        for (int c : literal.codePoints().toArray()) {
            if (i >= text.length || text[i++] != c) {
                return Set.of();
            }
        }
        return Set.of(i);
    }

    private Set<Integer> sequence(List<Part> parts, int at) {
        Set<Integer> places = Set.of(at);
        for (Part part : parts) {
            places = next(part, places);
        }
        return places;
    }

    private Set<Integer> next(Part part, Set<Integer> places) {
        Set<Integer> ends = new TreeSet<>();
        places.forEach(place -> ends.addAll(ends(part, place)));
        return ends;
    }

    private Set<Integer> repeat(Part.Repeat repeat, int at) {
        Set<Integer> places = Set.of(at);
        Set<Integer> all = new TreeSet<>(repeat.least() == 0 ? places : Set.of());
        for (int i = 1; (repeat.most() < 0 || i <= repeat.most()) && !places.isEmpty(); i++) {
            places = next(repeat.part(), places);
            if (i >= repeat.least() && !all.addAll(places)) {
                break;
            }
        }
        return all;
    }
}
