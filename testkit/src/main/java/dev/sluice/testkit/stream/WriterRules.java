package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;

import tools.jackson.databind.JsonNode;

/** Refuses what a rule forbids, with the number of the event; a lenient one only counts. */
final class WriterRules {
    private final boolean strict;
    private int number;
    private String shown = "";

    WriterRules(boolean strict) {
        this.strict = strict;
    }

    boolean isStrict() {
        return strict;
    }

    /** Goes on to the next event; the first has number 1. */
    void onEvent(String data) {
        number++;
        shown = data;
    }

    /** Fails when the rule is broken, unless lenient. */
    void require(boolean holds, String fault) {
        if (strict && !holds) {
            throw refuse(fault);
        }
    }

    /** A member that must be a string with something in it. */
    void requireText(JsonNode parent, String member) {
        JsonNode node = parent.path(member);
        require(node.isString() && !node.stringValue().isEmpty(), member + " is no text: " + node);
    }

    /** A member that must be a string, even an empty one. */
    void requireString(JsonNode parent, String member) {
        require(parent.path(member).isString(), member + " is no string: " + parent.path(member));
    }

    /** A member that must be there, and null. */
    void requireNull(JsonNode parent, String member) {
        require(parent.path(member).isNull(), member + " is not null: " + parent.path(member));
    }

    /** A member that must be a count. */
    void requireCount(JsonNode parent, String member) {
        JsonNode node = parent.path(member);
        require(node.isIntegralNumber() && node.longValue() >= 0, member + " is no count: " + node);
    }

    AssertionError refuse(String fault) {
        return new AssertionError("event " + number + ": " + fault + "\nin " + Json.excerpt(shown));
    }

    /** A string member, or the empty string. */
    static String text(JsonNode parent, String member) {
        return parent.path(member).stringValue("");
    }
}
