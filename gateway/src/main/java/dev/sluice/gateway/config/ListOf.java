package dev.sluice.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A list with at least one item. */
record ListOf<T>(Shape<T> item, String example) implements Shape<List<T>> {

    @Override
    public String expected() {
        return "a list like " + example;
    }

    @Override
    public String format(List<T> value) {
        return "[" + String.join(", ", value.stream().map(item::format).toList()) + "]";
    }

    /** All the items, or nothing: an item less would move those behind it. */
    @Override
    public Optional<List<T>> read(Node node, Reading reading) {
        if (!(node instanceof Node.Listing listing)) {
            reading.noteShape(node, expected());
            return Optional.empty();
        }
        if (listing.items().isEmpty()) {
            reading.note(node, Problem.of("", "is empty").expecting(expected()));
        }
        List<T> items = new ArrayList<>();
        listing.items().forEach(one -> item.read(one, reading).ifPresent(items::add));
        boolean complete = !items.isEmpty() && items.size() == listing.items().size();
        return complete ? Optional.of(items) : Optional.empty();
    }
}
