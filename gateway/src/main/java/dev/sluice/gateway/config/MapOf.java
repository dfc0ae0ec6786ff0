package dev.sluice.gateway.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A mapping whose keys are names that people choose.
 *
 * @param name what the document calls such a name
 * @param names objects to a name, without a subject
 * @param finish makes the whole
 */
record MapOf<T, R>(String name, NameRule names, Shape<T> value, Function<Map<String, T>, R> finish)
        implements Shape<R> {

    /** Objects to names. */
    interface NameRule {
        /** Throws an {@link InvalidValue} without a subject for a name that cannot be. */
        void check(String name, Reading reading);
    }

    @Override
    public String expected() {
        return "a mapping of each " + name.toLowerCase(Locale.ROOT) + " to " + value.expected();
    }

    @Override
    public String format(R value) {
        return "none";
    }

    @Override
    public Optional<R> read(Node node, Reading reading) {
        int before = reading.count();
        Map<String, T> values = new LinkedHashMap<>();
        switch (node) {
            case Node.Mapping mapping ->
                    mapping.entries().forEach(entry -> put(entry, values, reading));
            case Node.Nothing _ -> {}
            case Node.Scalar _, Node.Listing _, Node.Broken _ -> {
                reading.noteShape(node, expected());
                return Optional.empty();
            }
        }
        return Section.made(() -> finish.apply(values), node, before, reading);
    }

    private void put(Node.Entry entry, Map<String, T> values, Reading reading) {
        try {
            names.check(entry.key(), reading);
        } catch (InvalidValue invalid) {
            Problem problem = invalid.problem().about(Wording.quote(entry.key()));
            reading.note(problem.under(entry.value().path()).at(entry.place()));
            return;
        }
        value.read(entry.value(), reading).ifPresent(read -> values.put(entry.key(), read));
    }
}
