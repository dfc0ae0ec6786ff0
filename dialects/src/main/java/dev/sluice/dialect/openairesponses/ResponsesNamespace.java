package dev.sluice.dialect.openairesponses;

/**
 * Tools in a namespace. Elsewhere there are none, so such a tool is called by both names with a
 * point between them, which no name of this dialect has in it.
 */
final class ResponsesNamespace {
    private static final char POINT = '.';

    private ResponsesNamespace() {}

    /** The one name for a tool in {@code namespace}, which is empty for a tool in none. */
    static String joined(String namespace, String name) {
        return namespace.isEmpty() ? name : namespace + POINT + name;
    }

    /** The namespace of a tool, empty if it is in none. */
    static String of(String joined) {
        int point = joined.indexOf(POINT);
        return point <= 0 ? "" : joined.substring(0, point);
    }

    /** The name of a tool in its namespace. */
    static String nameIn(String joined) {
        return of(joined).isEmpty() ? joined : joined.substring(joined.indexOf(POINT) + 1);
    }
}
