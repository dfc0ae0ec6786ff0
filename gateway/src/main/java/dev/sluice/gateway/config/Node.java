package dev.sluice.gateway.config;

import java.util.List;

/** A value in a file. */
sealed interface Node {

    /** Where it stands. */
    Where where();

    /**
     * Where a value stands.
     *
     * @param name its key, or that of the list it is in
     * @param path the keys from the top, as {@code providers.local.url} or {@code routes.fast[0]}
     * @param place of the value; for a mapping, of its key
     */
    record Where(String name, String path, Place place) {

        /** Where the value of a key stands. */
        Where key(String key, Place here) {
            return new Where(key, join(path, Wording.plain(key)), here);
        }

        /** Where an item of a list stands. */
        Where item(int index, Place here) {
            return new Where(name, path + "[" + index + "]", here);
        }

        /** The same value, somewhat further. */
        Where at(Place here) {
            return new Where(name, path, here);
        }
    }

    /**
     * A single value.
     *
     * @param text what it says, variables of the environment put in
     * @param written what stands in the file, which alone may be shown
     */
    record Scalar(Where where, String text, String written) implements Node {

        /** Whether the environment had a part in it. */
        boolean isExpanded() {
            return !text.equals(written);
        }
    }

    /** A list. */
    record Listing(Where where, List<Node> items) implements Node {}

    /** A mapping; no key is there twice. */
    record Mapping(Where where, List<Entry> entries) implements Node {}

    /** Nothing, where something could stand. */
    record Nothing(Where where) implements Node {}

    /** Something that could not be read; what is wrong has been noted. */
    record Broken(Where where) implements Node {}

    /** A key, where it stands, and its value. */
    record Entry(String key, Place place, Node value) {}

    /** The keys from the top. */
    default String path() {
        return where().path();
    }

    /** Where it stands in the file. */
    default Place place() {
        return where().place();
    }

    /** A path and one key more. */
    static String join(String parent, String key) {
        return parent.isEmpty() || key.isEmpty() ? parent + key : parent + "." + key;
    }
}
