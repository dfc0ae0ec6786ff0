package dev.sluice.dialect;

import dev.sluice.testkit.Json;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JSON text with one of its members written twice: one text for each member at any depth. */
final class DoubledNames {
    private final int doubled;
    private final StringBuilder out = new StringBuilder();
    private int members;

    private DoubledNames(int doubled) {
        this.doubled = doubled;
    }

    static List<String> in(String json) {
        JsonNode root = Json.parse(json);
        List<String> texts = new ArrayList<>();
        DoubledNames text = new DoubledNames(0);
        text.write(root);
        while (text.members > texts.size()) {
            texts.add(text.out.toString());
            text = new DoubledNames(texts.size());
            text.write(root);
        }
        return texts;
    }

    private void write(JsonNode node) {
        if (node.isObject()) {
            String comma = "{";
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                boolean twice = members++ == doubled;
                out.append(comma).append(Json.quote(member.getKey())).append(':');
                write(member.getValue());
                if (twice) {
                    out.append(',').append(Json.quote(member.getKey())).append(":null");
                }
                comma = ",";
            }
            out.append(comma.equals("{") ? "{}" : "}");
        } else if (node.isArray()) {
            String comma = "[";
            for (JsonNode item : node) {
                out.append(comma);
                write(item);
                comma = ",";
            }
            out.append(comma.equals("[") ? "[]" : "]");
        } else {
            out.append(node);
        }
    }
}
