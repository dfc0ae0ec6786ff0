package dev.sluice.gateway.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A mapping with known keys.
 *
 * @param keys its keys, in the order of the document
 * @param shorthand the key whose list may stand for the whole mapping
 * @param make makes the record of its values
 */
record Section<T>(List<Key<?>> keys, Optional<Key<?>> shorthand, Function<Values, T> make)
        implements Shape<T> {

    /** A section without a shorthand. */
    static <T> Section<T> of(Function<Values, T> make, Key<?>... keys) {
        return new Section<>(List.of(keys), Optional.empty(), make);
    }

    /** This section, for which the list of one of its keys may stand. */
    Section<T> orListOf(Key<?> key) {
        return new Section<>(keys, Optional.of(key), make);
    }

    @Override
    public String expected() {
        String mapping = "a mapping with any of " + Wording.both(names());
        return shorthand.map(key -> key.shape().expected() + ", or " + mapping).orElse(mapping);
    }

    @Override
    public String format(T value) {
        return "those below";
    }

    @Override
    public Optional<T> read(Node node, Reading reading) {
        int before = reading.count();
        Map<String, Object> values = new HashMap<>();
        switch (node) {
            case Node.Mapping mapping ->
                    mapping.entries().forEach(entry -> read(entry, values, reading));
            case Node.Listing listing when shorthand.isPresent() ->
                    put(shorthand.get(), listing, values, reading);
            case Node.Nothing _ when shorthand.isEmpty() -> {}
            case Node.Scalar _, Node.Listing _, Node.Nothing _, Node.Broken _ -> {
                reading.noteShape(node, expected());
                return Optional.empty();
            }
        }
        if (misses(node, values, reading)) {
            return Optional.empty();
        }
        return made(
                () -> make.apply(new Values(node.where().name(), values)), node, before, reading);
    }

    /** What {@code make} makes; what it objects to is noted at the key it names. */
    static <T> Optional<T> made(Supplier<T> make, Node node, int before, Reading reading) {
        try {
            return Optional.of(make.get());
        } catch (InvalidValue invalid) {
            // After a problem below, a fallback stands in for what the file said: an objection to
            // it would be no help.
            if (reading.count() == before && !holdsBroken(node)) {
                Problem problem = invalid.problem().under(node.path());
                reading.note(problem.at(reading.node(problem.path()).orElse(node).place()));
            }
            return Optional.empty();
        }
    }

    private static boolean holdsBroken(Node node) {
        return node instanceof Node.Mapping mapping
                && mapping.entries().stream()
                        .anyMatch(entry -> entry.value() instanceof Node.Broken);
    }

    private void read(Node.Entry entry, Map<String, Object> values, Reading reading) {
        keys.stream()
                .filter(key -> key.name().equals(entry.key()))
                .findFirst()
                .ifPresentOrElse(
                        key -> put(key, entry.value(), values, reading),
                        () -> noteUnknown(entry, reading));
    }

    private static void put(Key<?> key, Node node, Map<String, Object> values, Reading reading) {
        key.shape().read(node, reading).ifPresent(value -> values.put(key.name(), value));
    }

    private void noteUnknown(Node.Entry entry, Reading reading) {
        Optional<String> nearest =
                NearestWord.of(entry.key(), names()).or(() -> Schema.homeOf(entry.key()));
        reading.note(
                Problem.of(entry.value().path(), "unknown key")
                        .near(nearest)
                        .expecting(Wording.either(names()))
                        .at(entry.place()));
    }

    private boolean misses(Node node, Map<String, Object> values, Reading reading) {
        boolean misses = false;
        for (Key<?> key : keys) {
            if (key.isRequired() && !values.containsKey(key.name())) {
                misses = true;
                if (!says(node, key)) {
                    reading.note(
                            node,
                            Problem.of("", "has no " + Wording.quote(key.name()))
                                    .expecting(key.shape().expected()));
                }
            }
        }
        return misses;
    }

    private static boolean says(Node node, Key<?> key) {
        return switch (node) {
            case Node.Mapping mapping ->
                    mapping.entries().stream().anyMatch(entry -> entry.key().equals(key.name()));
            case Node.Listing _ -> true;
            case Node.Scalar _, Node.Nothing _, Node.Broken _ -> false;
        };
    }

    private List<String> names() {
        return keys.stream().map(Key::name).toList();
    }
}
