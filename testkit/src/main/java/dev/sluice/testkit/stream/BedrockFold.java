package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.BedrockFrames.BedrockFrame;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Set;

/** The state of one stream of ConverseStream. */
final class BedrockFold {
    private static final Set<String> REASONS =
            Set.of(
                    "end_turn",
                    "tool_use",
                    "max_tokens",
                    "stop_sequence",
                    "guardrail_intervened",
                    "content_filtered",
                    "model_context_window_exceeded");
    private static final Set<String> EXCEPTIONS =
            Set.of(
                    "throttlingException",
                    "validationException",
                    "internalServerException",
                    "serviceUnavailableException",
                    "modelStreamErrorException");

    private final WriterRules rules;
    private final FoldedAnswer.Parts parts = new FoldedAnswer.Parts();
    private final ArrayNode content = Json.object().putArray("content");
    private boolean started;
    private boolean ended;

    /** The kind of the open block, empty if none is open. */
    private String open = "";

    private final StringBuilder text = new StringBuilder();
    private String signature = "";
    private @Nullable ObjectNode call;

    BedrockFold(WriterRules rules) {
        this.rules = rules;
    }

    void onFrame(BedrockFrame frame) {
        rules.onEvent(frame.toString());
        rules.require(!ended && parts.error == null, "a frame after the end");
        if (frame.header(":message-type").equals("error")) {
            rules.require(false, "an error that is no exception");
            parts.error = Json.object().put("message", frame.header(":error-message"));
            return;
        }
        rules.require(frame.header(":content-type").equals("application/json"), "no content type");
        JsonNode json = frame.json();
        rules.require(json.isObject(), "a payload that is no object");
        if (frame.header(":message-type").equals("exception")) {
            onException(frame.header(":exception-type"), json);
            return;
        }
        rules.require(frame.header(":message-type").equals("event"), "no event");
        String type = frame.header(":event-type");
        if (type.equals("ping")) {
            return;
        }
        rules.require(started != type.equals("messageStart"), "messageStart is not first and once");
        rules.require(
                parts.stopReason == null || type.equals("metadata"), "an event after messageStop");
        switch (type) {
            case "messageStart" -> {
                started = true;
                rules.require(WriterRules.text(json, "role").equals("assistant"), "another role");
            }
            case "contentBlockStart" -> onStart(json);
            case "contentBlockDelta" -> onDelta(json);
            case "contentBlockStop" -> onStop(json);
            case "messageStop" -> {
                rules.require(open.isEmpty(), "messageStop while a block is open");
                parts.stopReason = WriterRules.text(json, "stopReason");
                rules.require(REASONS.contains(parts.stopReason), "a reason that is none");
                JsonNode own = json.path("additionalModelResponseFields").path("stop_sequence");
                parts.stopSequence = own.isString() ? own.stringValue() : null;
            }
            case "metadata" -> onMetadata(json);
            default -> rules.require(false, "an event that there is not");
        }
    }

    private void onException(String type, JsonNode json) {
        rules.require(EXCEPTIONS.contains(type), "an exception that there is not: " + type);
        rules.requireText(json, "message");
        parts.error = json;
    }

    private void index(JsonNode json) {
        rules.require(
                json.path("contentBlockIndex").asInt(-1) == content.size(), "not the next index");
    }

    private void onStart(JsonNode json) {
        rules.require(open.isEmpty(), "a block starts while one is open");
        index(json);
        JsonNode tool = json.path("start").path("toolUse");
        rules.requireText(tool, "toolUseId");
        rules.requireText(tool, "name");
        open = "toolUse";
        call = (ObjectNode) tool;
    }

    private void onDelta(JsonNode json) {
        index(json);
        JsonNode delta = json.path("delta");
        rules.require(delta.size() == 1, "a delta with more than one member");
        String kind = delta.propertyNames().iterator().next();
        boolean goesOn = open.equals(kind);
        rules.require(
                goesOn || open.isEmpty() && !kind.equals("toolUse"), "a delta of another kind");
        open = kind;
        switch (kind) {
            case "text" -> grow(delta, "text");
            case "toolUse" -> grow(delta.path(kind), "input");
            case "reasoningContent" -> onReasoning(delta.path(kind), goesOn);
            default -> throw rules.refuse("a delta that there is not");
        }
    }

    private void grow(JsonNode parent, String member) {
        rules.requireText(parent, member);
        text.append(WriterRules.text(parent, member));
    }

    private void onReasoning(JsonNode reasoning, boolean goesOn) {
        rules.require(reasoning.size() == 1, "a delta with more than one member");
        rules.require(!open.equals("redacted"), "a delta behind redacted content");
        if (reasoning.has("redactedContent")) {
            rules.requireText(reasoning, "redactedContent");
            rules.require(!goesOn, "redacted content within a block");
            open = "redacted";
            text.append(WriterRules.text(reasoning, "redactedContent"));
        } else if (reasoning.has("signature")) {
            rules.requireText(reasoning, "signature");
            signature += WriterRules.text(reasoning, "signature");
        } else {
            rules.require(signature.isEmpty(), "text behind the signature");
            grow(reasoning, "text");
        }
    }

    private void onStop(JsonNode json) {
        rules.require(!open.isEmpty(), "a block stops and none is open");
        index(json);
        ObjectNode block = content.addObject();
        switch (open) {
            case "text" -> {
                block.put("text", text.toString());
                parts.text.append(text);
            }
            case "toolUse" -> toolUse(block.putObject("toolUse"));
            case "redacted" -> {
                block.putObject("reasoningContent").put("redactedContent", text.toString());
                parts.redacted.add(text.toString());
            }
            default -> reasoning(block.putObject("reasoningContent").putObject("reasoningText"));
        }
        open = "";
        text.setLength(0);
        signature = "";
    }

    private void toolUse(ObjectNode block) {
        ObjectNode start = call;
        if (start == null) {
            throw rules.refuse("a tool use without a start");
        }
        block.setAll(start);
        String arguments = text.toString();
        parts.toolCalls.add(
                new FoldedToolCall(
                        WriterRules.text(start, "toolUseId"),
                        WriterRules.text(start, "name"),
                        arguments));
        if (arguments.isEmpty() || isObject(arguments)) {
            block.set("input", Json.parse(arguments.isEmpty() ? "{}" : arguments));
        }
    }

    /** Whether arguments are whole; those that a limit has cut are not. */
    private static boolean isObject(String arguments) {
        try {
            return Json.parse(arguments).isObject();
        } catch (AssertionError cut) {
            return false;
        }
    }

    private void reasoning(ObjectNode block) {
        block.put("text", text.toString());
        parts.thinking.append(text);
        if (!signature.isEmpty()) {
            block.put("signature", signature);
            parts.signatures.add(signature);
        }
    }

    private void onMetadata(JsonNode json) {
        rules.require(parts.stopReason != null, "metadata before messageStop");
        JsonNode usage = json.path("usage");
        rules.requireCount(usage, "inputTokens");
        rules.requireCount(usage, "outputTokens");
        rules.requireCount(usage, "totalTokens");
        rules.requireCount(json.path("metrics"), "latencyMs");
        parts.usage = usage;
        ended = true;
    }

    FoldedAnswer finish() {
        rules.require(
                ended || parts.error != null, "the stream ends without metadata and an exception");
        ObjectNode response = Json.object();
        ObjectNode message = response.putObject("output").putObject("message");
        message.put("role", "assistant").set("content", content);
        if (parts.stopReason != null) {
            response.put("stopReason", parts.stopReason);
        }
        if (parts.usage != null) {
            response.set("usage", parts.usage);
        }
        if (open.equals("text")) {
            parts.text.append(text);
        }
        boolean whole = ended || !rules.isStrict() && parts.stopReason != null;
        return parts.toAnswer(response, whole && parts.error == null);
    }
}
