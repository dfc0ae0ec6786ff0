package dev.sluice.dialect.ollama;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Names;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Source;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the conversation. Instructions that stand at its start become the system prompt, later ones
 * stay where they are. Messages of tools that follow each other, and a user message right behind
 * them, become one message of the user.
 *
 * <p>Calls and results need no ids on this wire. A call without one gets one by its place in the
 * conversation, so that it is the same in every request; a result without one answers the first
 * call of its tool that has no answer yet, or the first of all.
 */
final class OllamaMessagesDecoder {
    private static final Names MESSAGE =
            Names.of(
                    "role",
                    "content",
                    "thinking",
                    "images",
                    "tool_calls",
                    "tool_name",
                    "tool_call_id");
    private static final Names CALL = Names.of("id", "function");
    private static final Names FUNCTION = Names.of("name", "arguments");

    /** The members of one message, which come in any order. */
    private static final class Parsed {
        String role = "";
        String content = "";
        String thinking = "";
        String toolName = "";
        String toolCallId = "";
        final List<Block> images = new ArrayList<>();
        final List<Block.ToolUse> calls = new ArrayList<>();
    }

    private final JsonReader reader;
    private final Request.Builder request;
    private final List<Block.ToolUse> unanswered = new ArrayList<>();
    private final List<Block> results = new ArrayList<>();
    private int index;

    OllamaMessagesDecoder(JsonReader reader, Request.Builder request) {
        this.reader = reader;
        this.request = request;
    }

    void read() {
        reader.beginArray();
        while (reader.hasNext()) {
            add(message());
            index++;
        }
        flushResults();
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
                case 1 -> message.content = reader.string();
                case 2 -> message.thinking = reader.string();
                case 3 -> images(reader, message.images);
                case 4 -> calls(message);
                case 5 -> message.toolName = reader.string();
                case 6 -> message.toolCallId = reader.string();
                default -> reader.skip();
            }
        }
        return message;
    }

    /** Reads images: their bytes in base64, with or without the beginning of a data URL. */
    static void images(JsonReader reader, List<Block> into) {
        reader.beginArray();
        while (reader.hasNext()) {
            String image = reader.string();
            Source source =
                    Source.ofDataUrl(image)
                            .or(() -> Source.ofDataUrl("data:;base64," + image))
                            .orElseThrow(() -> reader.error("expected an image in base64"));
            into.add(new Block.Image(source, null, null));
        }
    }

    private void calls(Parsed message) {
        reader.beginArray();
        while (reader.hasNext()) {
            message.calls.add(call(message.calls.size()));
        }
    }

    private Block.ToolUse call(int place) {
        String id = "";
        String name = "";
        String arguments = "";
        reader.beginObject();
        for (int f = reader.nextField(CALL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CALL)) {
            if (reader.skipNull()) {
                continue;
            }
            if (f == 0) {
                id = reader.string();
            } else if (f == 1) {
                reader.beginObject();
                for (int g = reader.nextField(FUNCTION);
                        g != JsonReader.END_OBJECT;
                        g = reader.nextField(FUNCTION)) {
                    switch (g) {
                        case 0 -> name = reader.string();
                        case 1 -> arguments = arguments();
                        default -> reader.skip();
                    }
                }
            } else {
                reader.skip();
            }
        }
        if (name.isEmpty()) {
            throw reader.error("expected the `name` of a tool");
        }
        String given = id.isEmpty() ? "call_" + index + "_" + place : id;
        return new Block.ToolUse(given, name, arguments, false, null);
    }

    private String arguments() {
        if (reader.skipNull()) {
            return "";
        }
        if (reader.peek() != Kind.OBJECT) {
            throw reader.error("expected the arguments of the call, which are an object");
        }
        return reader.raw().toString();
    }

    private void add(Parsed message) {
        switch (message.role) {
            case "system" -> system(message);
            case "user" -> user(message);
            case "assistant" -> assistant(message);
            case "tool" -> tool(message);
            default ->
                    throw Failure.invalid(
                                    "messages[" + index + "].role",
                                    "the role of a message must be one of `system`, `user`,"
                                            + " `assistant`, `tool`")
                            .asException();
        }
    }

    private static List<Block> content(Parsed message) {
        List<Block> blocks = new ArrayList<>();
        if (!message.content.isEmpty()) {
            blocks.add(new Block.Text(message.content));
        }
        blocks.addAll(message.images);
        return blocks;
    }

    private void system(Parsed message) {
        if (request.messages.isEmpty() && results.isEmpty()) {
            request.system.addAll(content(message));
            return;
        }
        flushResults();
        request.messages.add(new Message(Role.SYSTEM, content(message)));
    }

    private void user(Parsed message) {
        List<Block> blocks = new ArrayList<>(results);
        results.clear();
        List<Block> content = content(message);
        blocks.addAll(content.isEmpty() ? List.of(new Block.Text("")) : content);
        request.messages.add(new Message(Role.USER, blocks));
    }

    private void assistant(Parsed message) {
        flushResults();
        List<Block> blocks = new ArrayList<>();
        if (!message.thinking.isEmpty()) {
            blocks.add(new Block.Thinking(message.thinking, ""));
        }
        blocks.addAll(content(message));
        blocks.addAll(message.calls);
        unanswered.clear();
        unanswered.addAll(message.calls);
        request.messages.add(new Message(Role.ASSISTANT, blocks));
    }

    private void tool(Parsed message) {
        Block.ToolUse call = answered(message);
        unanswered.remove(call);
        results.add(new Block.ToolResult(call.id(), content(message), false, null));
    }

    private Block.ToolUse answered(Parsed message) {
        for (Block.ToolUse call : unanswered) {
            boolean meant =
                    message.toolCallId.isEmpty()
                            ? call.name().equals(message.toolName)
                            : call.id().equals(message.toolCallId);
            if (meant) {
                return call;
            }
        }
        if (unanswered.isEmpty() || !message.toolCallId.isEmpty()) {
            throw Failure.invalid(
                            "messages[" + index + "]",
                            "the message of a tool answers no tool call of the assistant before it")
                    .asException();
        }
        return unanswered.getFirst();
    }

    private void flushResults() {
        if (!results.isEmpty()) {
            request.messages.add(new Message(Role.USER, results));
            results.clear();
        }
    }
}
