package dev.sluice.llama.grammar;

import dev.sluice.llama.grammar.Gbnf.Part;
import dev.sluice.llama.grammar.Gbnf.Range;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/** Writes random texts of a grammar's language. */
final class GbnfWriter {
    private static final int BOUNDLESS = 3;
    private static final String OTHERS = "aZ 9üß世🌍{}[]:,'";

    private final Gbnf grammar;
    private final SplittableRandom random;
    private final StringBuilder out = new StringBuilder();
    private int depth;

    private GbnfWriter(Gbnf grammar, SplittableRandom random) {
        this.grammar = grammar;
        this.random = random;
    }

    static String write(Gbnf grammar, SplittableRandom random) {
        GbnfWriter writer = new GbnfWriter(grammar, random);
        writer.write(new Part.Reference("root"));
        return writer.out.toString();
    }

    private void write(Part part) {
        switch (part) {
            case Part.Literal literal -> out.append(literal.text());
            case Part.Characters characters -> out.appendCodePoint(character(characters));
            case Part.Reference reference -> {
                depth++;
                write(Objects.requireNonNull(grammar.rules().get(reference.rule())));
                depth--;
            }
            case Part.Choice choice -> sequence(choice).forEach(this::write);
            case Part.Repeat repeat -> {
                int most = repeat.most() < 0 ? repeat.least() + BOUNDLESS : repeat.most();
                int times = depth > 60 ? repeat.least() : random.nextInt(repeat.least(), most + 1);
                for (int i = 0; i < times; i++) {
                    write(repeat.part());
                }
            }
        }
    }

    /** Deep inside, the sequence with the fewest references, so that recursion comes to an end. */
    private List<Part> sequence(Part.Choice choice) {
        List<List<Part>> all = choice.sequences();
        if (depth < 40) {
            return all.get(random.nextInt(all.size()));
        }
        return all.stream()
                .min(java.util.Comparator.comparingLong(GbnfWriter::references))
                .orElseThrow();
    }

    private static long references(List<Part> sequence) {
        return sequence.stream().filter(part -> !(part instanceof Part.Literal)).count();
    }

    private int character(Part.Characters characters) {
        if (!characters.negated()) {
            Range range = characters.ranges().get(random.nextInt(characters.ranges().size()));
            return random.nextInt(range.from(), range.to() + 1);
        }
        int[] others = OTHERS.codePoints().filter(characters::has).toArray();
        return others[random.nextInt(others.length)];
    }
}
