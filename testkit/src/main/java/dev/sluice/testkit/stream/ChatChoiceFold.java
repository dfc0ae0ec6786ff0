package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The state of one choice of a Chat Completions stream. */
final class ChatChoiceFold {
    private static final int MOST_CALLS = 128;
    private static final Set<String> FINISH_REASONS =
            Set.of("stop", "length", "tool_calls", "content_filter", "function_call");

    private final WriterRules rules;
    private final int index;
    private final FoldedAnswer.Parts parts = new FoldedAnswer.Parts();
    private final List<Call> calls = new ArrayList<>();
    private boolean started;
    private boolean hasContent;
    private boolean hasRefusal;
    private @Nullable String finishReason;

    private static final class Call {
        final StringBuilder arguments = new StringBuilder();
        String id = "";
        String name = "";
        String type = "function";
    }

    ChatChoiceFold(WriterRules rules, int index) {
        this.rules = rules;
        this.index = index;
    }

    boolean isFinished() {
        return finishReason != null;
    }

    FoldedAnswer.Parts parts() {
        parts.stopReason = finishReason;
        parts.toolCalls.clear();
        calls.forEach(
                call ->
                        parts.toolCalls.add(
                                new FoldedToolCall(call.id, call.name, call.arguments.toString())));
        return parts;
    }

    void onChoice(JsonNode choice) {
        rules.require(finishReason == null, "choice " + index + " goes on after its finish reason");
        JsonNode delta = choice.path("delta");
        JsonNode finish = choice.path("finish_reason");
        rules.require(delta.isObject(), "a choice without a delta");
        rules.require(finish.isNull() || finish.isString(), "a choice without finish_reason");
        checkRole(delta);
        started = true;
        onTexts(delta);
        onToolCalls(delta);
        if (finish.isString()) {
            onFinish(finish.stringValue(), delta);
        } else {
            rules.require(!delta.isEmpty(), "an empty delta that finishes nothing");
        }
    }

    private void checkRole(JsonNode delta) {
        if (started) {
            rules.require(!delta.has("role"), "role again in a later delta");
        } else {
            rules.require(
                    WriterRules.text(delta, "role").equals("assistant"),
                    "no role in the first delta");
        }
    }

    private void onTexts(JsonNode delta) {
        hasContent |= append(delta, "content", parts.text);
        hasRefusal |= append(delta, "refusal", parts.refusal);
        // Two names for one thing: a server that sends both sends the same twice.
        append(
                delta,
                delta.hasNonNull("reasoning_content") ? "reasoning_content" : "reasoning",
                parts.thinking);
    }

    private boolean append(JsonNode delta, String member, StringBuilder to) {
        JsonNode node = delta.path(member);
        rules.require(
                node.isMissingNode() || node.isNull() || node.isString(),
                member + " is no string: " + node);
        to.append(node.stringValue(""));
        return node.isString();
    }

    private void onToolCalls(JsonNode delta) {
        JsonNode fragments = delta.path("tool_calls");
        rules.require(
                fragments.isMissingNode() || (fragments.isArray() && !fragments.isEmpty()),
                "tool_calls without a call");
        for (JsonNode fragment : fragments) {
            onFragment(fragment);
        }
    }

    private void onFragment(JsonNode fragment) {
        JsonNode number = fragment.path("index");
        rules.require(number.isIntegralNumber(), "a tool fragment without index");
        String id = WriterRules.text(fragment, "id");
        int at = number.isIntegralNumber() ? number.intValue() : indexWithout(id);
        if (at >= calls.size()) {
            rules.require(at == calls.size(), "a gap between the indices of tool calls");
            open(fragment, id);
        } else {
            rules.require(
                    at == calls.size() - 1,
                    "a fragment of call " + at + " after a later call was opened");
            continueCall(fragment, calls.get(Math.max(at, 0)));
        }
    }

    /** A lenient guess: a new id is a new call, no id belongs to the last. */
    private int indexWithout(String id) {
        boolean isNew = calls.isEmpty() || (!id.isEmpty() && !calls.getLast().id.equals(id));
        return isNew ? calls.size() : calls.size() - 1;
    }

    private void open(JsonNode fragment, String id) {
        rules.requireText(fragment, "id");
        rules.require(
                calls.stream().noneMatch(call -> call.id.equals(id)),
                "a second tool call with the id " + id);
        rules.require(calls.size() < MOST_CALLS, "more than " + MOST_CALLS + " tool calls");
        Call call = new Call();
        call.id = id;
        call.type = fragment.path("type").stringValue("function");
        rules.require(fragment.path("type").isString(), "an opening tool fragment without type");
        rules.require(
                call.type.equals("function") || call.type.equals("custom"),
                "a tool call of the type " + call.type);
        JsonNode body = fragment.path(call.type);
        rules.require(body.isObject(), "a tool fragment without its " + call.type + " object");
        rules.requireText(body, "name");
        call.name = WriterRules.text(body, "name");
        calls.add(call);
        appendArguments(body, call);
    }

    private void continueCall(JsonNode fragment, Call call) {
        JsonNode body = fragment.path(call.type);
        rules.require(body.isObject(), "a tool fragment without its " + call.type + " object");
        rules.require(
                !fragment.has("id") && !fragment.has("type"),
                "id or type again in a later tool fragment");
        rules.require(!body.has("name"), "the name again in a later tool fragment");
        appendArguments(body, call);
    }

    private void appendArguments(JsonNode body, Call call) {
        String member = argumentsMember(call);
        JsonNode arguments = body.path(member);
        rules.require(arguments.isString(), member + " is no string: " + arguments);
        call.arguments.append(
                arguments.isObject() ? arguments.toString() : arguments.stringValue(""));
    }

    private void onFinish(String reason, JsonNode delta) {
        rules.require(delta.isEmpty(), "a finish chunk with a delta");
        rules.require(FINISH_REASONS.contains(reason), "an unknown finish_reason: " + reason);
        rules.require(
                !reason.equals("tool_calls") || !calls.isEmpty(),
                "finish_reason tool_calls without a call");
        finishReason = reason;
    }

    ObjectNode toJson() {
        ObjectNode choice = Json.object();
        choice.put("index", index);
        choice.put("finish_reason", finishReason);
        ObjectNode message = choice.putObject("message");
        message.put("role", "assistant");
        // The opening chunk of every answer has empty content: it is content only if some came, or
        // nothing else did.
        boolean empty = parts.text.isEmpty() && (!calls.isEmpty() || hasRefusal);
        message.put("content", hasContent && !empty ? parts.text.toString() : null);
        message.put("refusal", hasRefusal ? parts.refusal.toString() : null);
        if (!parts.thinking.isEmpty()) {
            message.put("reasoning_content", parts.thinking.toString());
        }
        if (!calls.isEmpty()) {
            ArrayNode list = message.putArray("tool_calls");
            calls.forEach(call -> list.add(toJson(call)));
        }
        return choice;
    }

    private static ObjectNode toJson(Call call) {
        ObjectNode node = Json.object();
        node.put("id", call.id);
        node.put("type", call.type);
        ObjectNode body = node.putObject(call.type);
        body.put("name", call.name);
        body.put(argumentsMember(call), call.arguments.toString());
        return node;
    }

    private static String argumentsMember(Call call) {
        return call.type.equals("function") ? "arguments" : "input";
    }
}
