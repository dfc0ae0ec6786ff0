package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The state of one content block of a Messages stream. */
final class AnthropicBlockFold {
    private static final Pattern TOOL_ID = Pattern.compile("[a-zA-Z0-9_-]+");

    private final WriterRules rules;
    private final boolean signatureNeeded;
    private final ObjectNode start;
    private final String type;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder input = new StringBuilder();
    private String signature;
    private int deltas;
    private int signatures;
    private boolean open = true;

    AnthropicBlockFold(WriterRules rules, boolean signatureNeeded, JsonNode block) {
        this.rules = rules;
        this.signatureNeeded = signatureNeeded;
        this.start = block instanceof ObjectNode object ? object.deepCopy() : Json.object();
        this.type = WriterRules.text(block, "type");
        this.signature = WriterRules.text(block, "signature");
        rules.requireText(block, "type");
        checkStart();
    }

    private void checkStart() {
        switch (type) {
            case "text" -> requireEmptyText("text");
            case "thinking" -> {
                requireEmptyText("thinking");
                requireEmptyText("signature");
            }
            case "redacted_thinking" -> rules.requireText(start, "data");
            case "tool_use", "server_tool_use" -> checkToolStart();
            default -> {
                // Blocks of hosted tools and newer ones pass as they are.
            }
        }
        text.append(WriterRules.text(start, type));
    }

    private void checkToolStart() {
        rules.require(
                TOOL_ID.matcher(WriterRules.text(start, "id")).matches(),
                "a tool id with other characters: " + start.path("id"));
        rules.requireText(start, "name");
        JsonNode given = start.path("input");
        rules.require(
                given.isObject() && given.isEmpty(),
                "a tool use that does not start with the input {}");
    }

    private void requireEmptyText(String member) {
        JsonNode node = start.path(member);
        rules.require(
                node.isString() && node.stringValue().isEmpty(),
                "a " + type + " block that does not start with " + member + " \"\"");
    }

    boolean isOpen() {
        return open;
    }

    boolean isToolUse() {
        return type.equals("tool_use");
    }

    /** The id of a tool use; otherwise empty. */
    String toolId() {
        return isToolUse() ? WriterRules.text(start, "id") : "";
    }

    void onDelta(JsonNode delta) {
        String kind = WriterRules.text(delta, "type");
        deltaTypes()
                .ifPresent(
                        fitting ->
                                rules.require(
                                        fitting.contains(kind),
                                        "a " + kind + " in a " + type + " block"));
        rules.require(signatures == 0, "a delta after the signature");
        deltas++;
        switch (kind) {
            case "text_delta" -> text.append(string(delta, "text"));
            case "thinking_delta" -> text.append(string(delta, "thinking"));
            case "input_json_delta" -> input.append(string(delta, "partial_json"));
            case "signature_delta" -> {
                signatures++;
                signature = string(delta, "signature");
            }
            case "citations_delta" ->
                    rules.require(
                            delta.path("citation").isObject(),
                            "a citations_delta without a citation");
            default -> rules.require(!kind.isEmpty(), "a delta without a type");
        }
    }

    /** The delta types that fit this block; empty when nothing is known about it. */
    private Optional<Set<String>> deltaTypes() {
        return switch (type) {
            case "text" -> Optional.of(Set.of("text_delta", "citations_delta"));
            case "thinking" -> Optional.of(Set.of("thinking_delta", "signature_delta"));
            case "tool_use", "server_tool_use" -> Optional.of(Set.of("input_json_delta"));
            case "redacted_thinking" -> Optional.of(Set.of());
            case "compaction" -> Optional.of(Set.of("compaction_delta"));
            default -> type.endsWith("_tool_result") ? Optional.of(Set.of()) : Optional.empty();
        };
    }

    void onStop() {
        open = false;
        rules.require(!isToolUse() || deltas > 0, "a tool use without a single input_json_delta");
        rules.require(
                !type.equals("thinking") || signatures == 1 || !signatureNeeded,
                "a thinking block without a signature_delta");
    }

    /**
     * With the stop reason {@code tool_use} the input must be an object, or empty, which means one.
     */
    void checkInputIsWhole() {
        rules.require(
                !isToolUse() || parsedInput().isPresent(),
                "the input of a tool use is no object: " + input);
    }

    void addTo(FoldedAnswer.Parts parts) {
        switch (type) {
            case "text" -> parts.text.append(text);
            case "thinking" -> {
                parts.thinking.append(text);
                if (!signature.isEmpty()) {
                    parts.signatures.add(signature);
                }
            }
            case "redacted_thinking" -> parts.redacted.add(WriterRules.text(start, "data"));
            case "tool_use" ->
                    parts.toolCalls.add(
                            new FoldedToolCall(
                                    toolId(), WriterRules.text(start, "name"), input.toString()));
            default -> {
                // Not in the flat picture; the response has it.
            }
        }
    }

    ObjectNode toJson() {
        ObjectNode block = start.deepCopy();
        switch (type) {
            case "text" -> block.put("text", text.toString());
            case "thinking" -> {
                block.put("thinking", text.toString());
                block.put("signature", signature);
            }
            case "tool_use", "server_tool_use" -> putInput(block);
            default -> {
                // Whole at its start.
            }
        }
        return block;
    }

    private void putInput(ObjectNode block) {
        Optional<ObjectNode> whole = parsedInput();
        if (whole.isPresent()) {
            block.set("input", whole.get());
        } else {
            block.remove("input");
            block.put("x_partial_input_json", input.toString());
        }
    }

    private Optional<ObjectNode> parsedInput() {
        if (input.isEmpty()) {
            return Optional.of(
                    start.path("input") instanceof ObjectNode given ? given : Json.object());
        }
        try {
            return Optional.of(Json.object(input.toString()));
        } catch (AssertionError _) {
            return Optional.empty();
        }
    }

    private String string(JsonNode delta, String member) {
        rules.requireString(delta, member);
        return WriterRules.text(delta, member);
    }
}
