package dev.sluice.sdktests;

import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A golden answer as an upstream tells it: streamed when asked for a stream, otherwise as one
 * document.
 */
final class Story implements Function<UpstreamRequest, Script> {
    /** Uneven on purpose: no event stays whole. */
    private static final int PIECE = 31;

    private final Golden golden;

    private Story(Golden golden) {
        this.golden = golden;
    }

    /** The golden answer whose name begins so. */
    static Story of(Vendor vendor, String name) {
        return new Story(Goldens.one(vendor.goldens(), name));
    }

    /** The golden streams 01 to 05, which are the same story in both formats. */
    static Story of(Pair pair, String name) {
        return of(pair.upstream(), name);
    }

    @Override
    public Script apply(UpstreamRequest request) {
        return request.json().path("stream").booleanValue(false)
                ? Script.stream(Splits.sized(golden.bytes(), PIECE))
                : Script.json(200, document().toString());
    }

    private JsonNode document() {
        JsonNode document = golden.expected().deepCopy();
        golden.note("x_reasoning")
                .ifPresent(
                        thought ->
                                ((ObjectNode) document.path("choices").path(0).path("message"))
                                        .set("reasoning_content", thought));
        strip(document);
        return document;
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>(object.propertyNames());
            names.stream().filter(name -> name.startsWith("x_")).forEach(object::remove);
            if (object.path("type").asString("").equals("tool_use") && !object.has("input")) {
                object.set("input", Json.object());
            }
            object.values().forEach(Story::strip);
        } else if (node instanceof ArrayNode array) {
            array.forEach(Story::strip);
        }
    }
}
