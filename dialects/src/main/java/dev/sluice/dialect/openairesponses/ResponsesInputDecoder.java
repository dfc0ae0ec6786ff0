package dev.sluice.dialect.openairesponses;

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
import dev.sluice.core.request.Seal;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code input}: a string, or items. What the assistant said, thought and called in a row
 * becomes one message; so do the results of tools in a row and a message of the user right behind
 * them. Instructions at the start become the system prompt, later ones stay where they are.
 */
final class ResponsesInputDecoder {
    private static final Names ITEM =
            Names.of(
                    "type",
                    "role",
                    "content",
                    "call_id",
                    "name",
                    "arguments",
                    "input",
                    "output",
                    "summary",
                    "encrypted_content",
                    "namespace");
    private static final Names THOUGHT = Names.of("text");

    /** Items that the client's side answers with, beside those whose type ends so. */
    private static final Set<String> ANSWERS =
            Set.of("mcp_approval_response", "item_reference", "compaction_trigger");

    /** The members of one item, which come in any order. */
    private static final class Parsed {
        String role = "";
        @Nullable List<Block> content;
        String callId = "";
        String name = "";
        String namespace = "";
        String arguments = "";
        @Nullable List<Block> output;
        String thoughts = "";
        String sealed = "";
    }

    private final JsonReader reader;
    private final byte[] document;
    private final ResponsesContentDecoder contents;
    private final Request.Builder request;
    private final List<Block> results = new ArrayList<>();
    private final List<Block> said = new ArrayList<>();
    private int index;

    ResponsesInputDecoder(JsonReader reader, byte[] document, Request.Builder request) {
        this.reader = reader;
        this.document = document;
        this.contents = new ResponsesContentDecoder(reader, document);
        this.request = request;
    }

    void read() {
        if (reader.peek() == Kind.STRING) {
            request.messages.add(Message.of(Role.USER, reader.string()));
            return;
        }
        if (reader.peek() != Kind.ARRAY) {
            throw reader.error(
                    "expected a string or an array of items, found " + reader.peek().words());
        }
        reader.beginArray();
        while (reader.hasNext()) {
            if (reader.peek() != Kind.OBJECT) {
                throw reader.error("expected an object, found " + reader.peek().words());
            }
            item(Lenient.typeOfNext(reader, document));
            index++;
        }
        flushSaid();
        flushResults();
    }

    private void item(String type) {
        switch (type) {
            case "message", "" -> message(parsed());
            case "function_call", "custom_tool_call" -> call(parsed(), type);
            case "function_call_output", "custom_tool_call_output" -> result(parsed());
            case "reasoning" -> reasoning();
            default -> other(type);
        }
    }

    private Parsed parsed() {
        Parsed item = new Parsed();
        reader.beginObject();
        for (int f = reader.nextField(ITEM);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(ITEM)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 1 -> item.role = reader.string();
                case 2 -> item.content = contents.read();
                case 3 -> item.callId = reader.string();
                case 4 -> item.name = reader.string();
                case 5, 6 -> item.arguments = reader.string();
                case 7 -> item.output = contents.read();
                case 10 -> item.namespace = reader.string();
                default -> reader.skip();
            }
        }
        return item;
    }

    private void message(Parsed item) {
        List<Block> content = item.content;
        if (content == null) {
            throw invalid("content", "the message has no content; expected a string or parts");
        }
        switch (item.role) {
            case "user" -> user(content);
            case "assistant" -> say(content);
            case "system", "developer" -> system(content);
            case "" -> throw invalid("role", "the message has no role; " + roles());
            default ->
                    throw invalid(
                            "role",
                            "the role `"
                                    + Lenient.shortened(item.role)
                                    + "` is not known; "
                                    + roles());
        }
    }

    private static String roles() {
        return "expected one of `user`, `assistant`, `developer`, `system`";
    }

    private void user(List<Block> content) {
        flushSaid();
        List<Block> blocks = new ArrayList<>(results);
        results.clear();
        blocks.addAll(content);
        request.messages.add(new Message(Role.USER, blocks));
    }

    private void say(List<Block> blocks) {
        flushResults();
        said.addAll(blocks);
    }

    private void system(List<Block> content) {
        if (request.messages.isEmpty() && results.isEmpty() && said.isEmpty()) {
            request.system.addAll(content);
            return;
        }
        flushSaid();
        flushResults();
        request.messages.add(new Message(Role.SYSTEM, content));
    }

    private void call(Parsed item, String type) {
        if (item.callId.isEmpty()) {
            throw invalid("call_id", "the call has no call_id; its output could not name it");
        }
        if (item.name.isEmpty()) {
            throw invalid("name", "the call names no tool");
        }
        boolean custom = type.equals("custom_tool_call");
        String name = ResponsesNamespace.joined(item.namespace, item.name);
        say(List.of(new Block.ToolUse(item.callId, name, item.arguments, custom, null)));
    }

    private void result(Parsed item) {
        if (item.callId.isEmpty()) {
            throw invalid("call_id", "the output of a tool must say which call it answers");
        }
        flushSaid();
        List<Block> output = item.output == null ? List.of() : item.output;
        results.add(new Block.ToolResult(item.callId, output, false, null));
    }

    /**
     * What this dialect's vendor has sealed stays as it is, since nobody else can read it. A seal
     * of another vendor comes back from under the gateway's mark.
     */
    private void reasoning() {
        Raw whole = Lenient.rawAt(document, reader.position());
        Parsed item = thoughts();
        String foreign = Seal.unmark(ResponsesSeal.OTHER, item.sealed).orElse("");
        String redacted = Seal.unmark(ResponsesSeal.REDACTED, item.sealed).orElse("");
        if (!redacted.isEmpty()) {
            say(List.of(new Block.RedactedThinking(redacted)));
        } else if (!foreign.isEmpty()) {
            say(List.of(new Block.Thinking(item.thoughts, foreign)));
        } else if (Seal.isMarked(item.sealed)) {
            say(List.of(new Block.Thinking(item.thoughts, item.sealed)));
        } else if (!item.sealed.isEmpty()) {
            say(List.of(new Block.Opaque("reasoning", whole)));
        } else if (!item.thoughts.isEmpty()) {
            say(List.of(new Block.Thinking(item.thoughts, "")));
        }
    }

    private Parsed thoughts() {
        Parsed item = new Parsed();
        StringBuilder summary = new StringBuilder();
        StringBuilder content = new StringBuilder();
        reader.beginObject();
        for (int f = reader.nextField(ITEM);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(ITEM)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 2 -> texts(content, "");
                case 8 -> texts(summary, ResponsesSeal.PARAGRAPH);
                case 9 -> item.sealed = reader.string();
                default -> reader.skip();
            }
        }
        item.thoughts = (content.isEmpty() ? summary : content).toString();
        return item;
    }

    private void texts(StringBuilder into, String separator) {
        reader.beginArray();
        while (reader.hasNext()) {
            reader.beginObject();
            for (int f = reader.nextField(THOUGHT);
                    f != JsonReader.END_OBJECT;
                    f = reader.nextField(THOUGHT)) {
                if (f == 0) {
                    into.append(into.isEmpty() ? "" : separator).append(reader.string());
                } else {
                    reader.skip();
                }
            }
        }
    }

    /** An item that only this dialect knows. */
    private void other(String type) {
        Block.Opaque item = new Block.Opaque(type, reader.raw());
        if (type.endsWith("_output") || ANSWERS.contains(type)) {
            flushSaid();
            results.add(item);
        } else {
            say(List.of(item));
        }
    }

    private void flushSaid() {
        if (!said.isEmpty()) {
            request.messages.add(new Message(Role.ASSISTANT, said));
            said.clear();
        }
    }

    private void flushResults() {
        if (!results.isEmpty()) {
            request.messages.add(new Message(Role.USER, results));
            results.clear();
        }
    }

    private RuntimeException invalid(String field, String what) {
        return Failure.invalid("input[" + index + "]." + field, what).asException();
    }
}
