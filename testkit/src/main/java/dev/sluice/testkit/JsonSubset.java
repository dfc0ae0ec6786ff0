package dev.sluice.testkit;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * "Expected is a subset of actual", the comparison of the golden files. Objects may have more
 * members than expected, arrays have the same length, numbers are equal by value, an expected null
 * is met by null and by absence. Expected members whose name starts with {@code x_} are notes and
 * never compared.
 */
public final class JsonSubset {
    private static final int MOST_DIFFERENCES = 10;

    private final List<String> differences = new ArrayList<>();

    private JsonSubset() {}

    /** Fails with the path of every difference, the first ten of them. */
    public static void assertSubset(JsonNode expected, JsonNode actual) {
        List<String> differences = differences(expected, actual);
        if (!differences.isEmpty()) {
            int shown = Math.min(differences.size(), MOST_DIFFERENCES);
            throw new AssertionError(
                    String.join("\n", differences.subList(0, shown))
                            + "\nin "
                            + Json.excerpt(actual.toString()));
        }
    }

    /** As {@link #assertSubset(JsonNode, JsonNode)}, from texts. */
    public static void assertSubset(String expected, String actual) {
        assertSubset(Json.parse(expected), Json.parse(actual));
    }

    /** The differences, each with its path; empty when expected is a subset of actual. */
    public static List<String> differences(JsonNode expected, JsonNode actual) {
        JsonSubset subset = new JsonSubset();
        subset.compare("$", expected, actual);
        return List.copyOf(subset.differences);
    }

    private void compare(String path, JsonNode expected, JsonNode actual) {
        if (expected.isNull() && actual.isMissingNode()) {
            return;
        }
        if (expected.isObject() && actual.isObject()) {
            compareMembers(path, expected, actual);
        } else if (expected.isArray() && actual.isArray()) {
            compareElements(path, expected, actual);
        } else if (!sameValue(expected, actual)) {
            String found = actual.isMissingNode() ? "nothing" : Json.excerpt(actual.toString());
            differences.add(
                    path
                            + ": expected "
                            + Json.excerpt(expected.toString())
                            + " but found "
                            + found);
        }
    }

    private void compareMembers(String path, JsonNode expected, JsonNode actual) {
        for (Map.Entry<String, JsonNode> member : expected.properties()) {
            String name = member.getKey();
            if (!name.startsWith("x_")) {
                compare(path + "." + name, member.getValue(), actual.path(name));
            }
        }
    }

    private void compareElements(String path, JsonNode expected, JsonNode actual) {
        if (expected.size() != actual.size()) {
            differences.add(
                    path
                            + ": expected "
                            + expected.size()
                            + " elements but found "
                            + actual.size());
        }
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            compare(path + "[" + i + "]", expected.path(i), actual.path(i));
        }
    }

    private static boolean sameValue(JsonNode expected, JsonNode actual) {
        if (expected.isNumber() && actual.isNumber()) {
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
        }
        return expected.equals(actual);
    }
}
