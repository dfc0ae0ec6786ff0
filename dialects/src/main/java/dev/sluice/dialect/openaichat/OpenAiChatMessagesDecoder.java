package dev.sluice.dialect.openaichat;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the conversation. Instructions that stand at its start become the system prompt, later ones
 * stay where they are. Messages of tools that follow each other, and a user message right behind
 * them, become one message of the user.
 */
final class OpenAiChatMessagesDecoder {
    private static final Names MESSAGE =
            Names.of(
                    "role",
                    "content",
                    "name",
                    "tool_calls",
                    "tool_call_id",
                    "function_call",
                    "refusal",
                    "reasoning_content",
                    "reasoning",
                    "audio");
    private static final Names CALL = Names.of("id", "type", "function", "custom");
    private static final Names FUNCTION = Names.of("name", "arguments", "input");

    /** What clients send back with an answer and what no server wants back. */
    private static final Set<String> ECHOES = Set.of("annotations", "reasoning_details", "id");

    /** The members of one message, which come in any order. */
    private static final class Parsed {
        String role = "";
        @Nullable List<Block> content;
        String name = "";
        String toolCallId = "";
        String refusal = "";
        String reasoning = "";
        @Nullable Raw audio;
        final List<Block.ToolUse> calls = new ArrayList<>();
    }

    private final JsonReader reader;
    private final OpenAiChatContentDecoder contents;
    private final Request.Builder request;
    private final Set<String> callIds = new HashSet<>();
    private final List<Block> results = new ArrayList<>();
    private String functionCallId = "";
    private int index;

    OpenAiChatMessagesDecoder(JsonReader reader, byte[] document, Request.Builder request) {
        this.reader = reader;
        this.contents = new OpenAiChatContentDecoder(reader, document);
        this.request = request;
    }

    void read() {
        reader.beginArray();
        while (reader.hasNext()) {
            Parsed message = message();
            add(message);
            index++;
        }
        flushResults();
        if (index == 0) {
            throw reader.error("expected at least one message");
        }
    }

    private Parsed message() {
        Parsed message = new Parsed();
        reader.beginObject();
        for (int f = reader.nextField(MESSAGE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MESSAGE)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> message.role = reader.string();
                case 1 -> message.content = contents.read();
                case 2 -> message.name = reader.string();
                case 3 -> calls(message);
                case 4 -> message.toolCallId = reader.string();
                case 5 -> message.calls.add(functionCall());
                case 6 -> message.refusal = reader.string();
                case 7 -> message.reasoning = reader.string();
                case 8 -> reasoning(message);
                case 9 -> message.audio = reader.raw();
                default -> other();
            }
        }
        return message;
    }

    private void reasoning(Parsed message) {
        if (reader.peek() == Kind.STRING) {
            String text = reader.string();
            message.reasoning = message.reasoning.isEmpty() ? text : message.reasoning;
        } else {
            reader.skip();
        }
    }

    /** A member that has no place in a canonical message: kept in mind so that its loss is told. */
    private void other() {
        String name = reader.fieldName();
        if (Lenient.isSomething(reader) && !ECHOES.contains(name)) {
            request.extra.putIfAbsent(OpenAiChatExtra.MESSAGES + name, OpenAiChatExtra.PRESENT);
        }
    }

    private void calls(Parsed message) {
        reader.beginArray();
        while (reader.hasNext()) {
            message.calls.add(call());
        }
    }

    private Block.ToolUse call() {
        String id = "";
        Block.ToolUse body = null;
        reader.beginObject();
        for (int f = reader.nextField(CALL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CALL)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> id = reader.string();
                case 2 -> body = body(false);
                case 3 -> body = body(true);
                default -> reader.skip();
            }
        }
        if (body == null) {
            throw reader.error("expected a member `function` or `custom`");
        }
        if (id.isEmpty()) {
            throw reader.error("expected an `id`");
        }
        return new Block.ToolUse(id, body.name(), body.arguments(), body.custom(), null);
    }

    private Block.ToolUse body(boolean custom) {
        String name = "";
        String arguments = "";
        reader.beginObject();
        for (int f = reader.nextField(FUNCTION);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(FUNCTION)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> name = reader.string();
                case 1, 2 -> arguments = reader.string();
                default -> reader.skip();
            }
        }
        if (name.isEmpty()) {
            throw reader.error("expected the `name` of a tool");
        }
        return new Block.ToolUse("", name, arguments, custom, null);
    }

    /** The deprecated form of a call, which has no id: its place in the conversation makes one. */
    private Block.ToolUse functionCall() {
        Block.ToolUse call = body(false);
        functionCallId = "call_function_" + index;
        return new Block.ToolUse(functionCallId, call.name(), call.arguments(), false, null);
    }

    private void add(Parsed message) {
        switch (message.role) {
            case "system", "developer" -> system(message);
            case "user" -> user(message);
            case "assistant" -> assistant(message);
            case "tool" -> tool(message);
            case "function" -> function(message);
            case "" -> throw invalid("role", "the message has no role; " + roles());
            default ->
                    throw invalid(
                            "role",
                            "the role `"
                                    + Lenient.shortened(message.role)
                                    + "` is not known; "
                                    + roles());
        }
        boolean ofTool = message.role.equals("tool") || message.role.equals("function");
        if (!message.name.isEmpty() && !ofTool) {
            request.extra.putIfAbsent(OpenAiChatExtra.MESSAGES + "name", OpenAiChatExtra.PRESENT);
        }
    }

    private static String roles() {
        return "expected one of `developer`, `system`, `user`, `assistant`, `tool`";
    }

    private void system(Parsed message) {
        List<Block> content = content(message);
        if (request.messages.isEmpty() && results.isEmpty()) {
            request.system.addAll(content);
            return;
        }
        flushResults();
        request.messages.add(new Message(Role.SYSTEM, content));
    }

    private void user(Parsed message) {
        List<Block> blocks = new ArrayList<>(results);
        results.clear();
        blocks.addAll(content(message));
        request.messages.add(new Message(Role.USER, blocks));
    }

    private void assistant(Parsed message) {
        flushResults();
        List<Block> blocks = new ArrayList<>();
        if (!message.reasoning.isEmpty()) {
            blocks.add(new Block.Thinking(message.reasoning, ""));
        }
        if (message.content != null) {
            blocks.addAll(message.content);
        }
        if (!message.refusal.isEmpty()) {
            blocks.add(new Block.Refusal(message.refusal));
        }
        Raw audio = message.audio;
        if (audio != null) {
            blocks.add(new Block.Opaque(OpenAiChatExtra.AUDIO, audio));
        }
        for (Block.ToolUse call : message.calls) {
            callIds.add(call.id());
            blocks.add(call);
        }
        request.messages.add(new Message(Role.ASSISTANT, blocks));
    }

    private void tool(Parsed message) {
        if (message.toolCallId.isEmpty()) {
            throw invalid("tool_call_id", "the message of a tool must say which call it answers");
        }
        result(message, message.toolCallId, "tool_call_id");
    }

    private void function(Parsed message) {
        result(message, functionCallId, "name");
    }

    private void result(Parsed message, String id, String field) {
        if (!callIds.contains(id)) {
            throw invalid(field, "the message answers no tool call of an assistant before it");
        }
        List<Block> content = message.content == null ? List.of() : message.content;
        results.add(new Block.ToolResult(id, content, false, null));
    }

    private void flushResults() {
        if (!results.isEmpty()) {
            request.messages.add(new Message(Role.USER, results));
            results.clear();
        }
    }

    private List<Block> content(Parsed message) {
        if (message.content == null) {
            throw invalid(
                    "content",
                    "the message has no content; expected a string or an array of parts");
        }
        return message.content;
    }

    private RuntimeException invalid(String field, String what) {
        return Failure.invalid("messages[" + index + "]." + field, what).asException();
    }
}
