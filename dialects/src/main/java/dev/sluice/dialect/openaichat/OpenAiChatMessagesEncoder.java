package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Role;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes the conversation. Tool results of a turn of the user become messages of their own that
 * stand before the rest of the turn, right behind the calls they answer; what they hold beside text
 * follows in the user's message, since a tool's message takes text alone.
 */
final class OpenAiChatMessagesEncoder {
    private static final String PARAGRAPH = "\n\n";

    private final OpenAiChatOutgoing outgoing;
    private final OpenAiChatContentEncoder contents;
    private final JsonWriter json;
    private final List<Message> messages;

    OpenAiChatMessagesEncoder(OpenAiChatOutgoing outgoing, JsonWriter json) {
        this.outgoing = outgoing;
        this.contents = new OpenAiChatContentEncoder(outgoing);
        this.json = json;
        this.messages = outgoing.request().messages();
    }

    void write() {
        json.name("messages").beginArray();
        system();
        int i = 0;
        while (i < messages.size()) {
            switch (messages.get(i).role()) {
                case USER -> i = userTurn(i);
                case ASSISTANT -> {
                    assistant(i);
                    i++;
                }
                case SYSTEM -> {
                    instruction(i);
                    i++;
                }
            }
        }
        json.endArray();
    }

    private String param(int message, int block) {
        // Where messages were folded, the numbers are no longer the client's.
        return outgoing.sameDialect()
                ? "messages"
                : "messages[" + message + "].content[" + block + "]";
    }

    private void system() {
        List<OpenAiChatPart> parts = new ArrayList<>();
        List<Block> blocks = outgoing.request().system();
        for (int i = 0; i < blocks.size(); i++) {
            parts.add(contents.part(blocks.get(i), "system[" + i + "]"));
        }
        for (String sentence : outgoing.instructions()) {
            parts.add(new OpenAiChatPart.Text(sentence, null));
        }
        if (!parts.isEmpty()) {
            message("system", parts, PARAGRAPH);
        }
    }

    private void instruction(int index) {
        List<OpenAiChatPart> parts = new ArrayList<>();
        List<Block> blocks = messages.get(index).blocks();
        for (int j = 0; j < blocks.size(); j++) {
            parts.add(contents.part(blocks.get(j), param(index, j)));
        }
        message("system", parts, PARAGRAPH);
    }

    private void message(String role, List<OpenAiChatPart> parts, String separator) {
        json.beginObject().field("role", role).name("content");
        content(parts, separator);
        json.endObject();
    }

    /**
     * A string where the parts are text and the server takes only that, or where there is but one;
     * else an array.
     */
    private void content(List<OpenAiChatPart> parts, String separator) {
        boolean plain = parts.stream().allMatch(OpenAiChatPart::isPlainText);
        if (plain && (parts.size() <= 1 || !outgoing.is(Quirk.SYSTEM_PARTS))) {
            json.value(OpenAiChatPart.joined(parts, separator));
            return;
        }
        json.beginArray();
        parts.forEach(part -> part.write(json));
        json.endArray();
    }

    // ---- the user ----

    /**
     * Writes the messages of the user that follow each other from {@code from}, results first;
     * returns the index behind them.
     */
    private int userTurn(int from) {
        int to = from;
        List<OpenAiChatPart> attached = new ArrayList<>();
        while (to < messages.size() && messages.get(to).role() == Role.USER) {
            results(to, attached);
            to++;
        }
        for (int i = from; i < to; i++) {
            List<OpenAiChatPart> parts = new ArrayList<>(attached);
            attached.clear();
            List<Block> blocks = messages.get(i).blocks();
            boolean resultsOnly = !blocks.isEmpty();
            for (int j = 0; j < blocks.size(); j++) {
                if (!(blocks.get(j) instanceof Block.ToolResult)) {
                    resultsOnly = false;
                    parts.add(contents.part(blocks.get(j), param(i, j)));
                }
            }
            if (!parts.isEmpty() || !resultsOnly) {
                message("user", parts, PARAGRAPH);
            }
        }
        return to;
    }

    private void results(int index, List<OpenAiChatPart> attached) {
        List<Block> blocks = messages.get(index).blocks();
        for (int j = 0; j < blocks.size(); j++) {
            if (blocks.get(j) instanceof Block.ToolResult result) {
                result(result, param(index, j), attached);
            }
        }
    }

    private void result(Block.ToolResult result, String param, List<OpenAiChatPart> attached) {
        contents.noBreakpoint(result);
        List<OpenAiChatPart> texts = new ArrayList<>();
        boolean noted = false;
        for (Block block : result.content()) {
            OpenAiChatPart part = contents.part(block, param);
            if (part instanceof OpenAiChatPart.Text) {
                texts.add(part);
                continue;
            }
            if (!noted) {
                noted = true;
                outgoing.emulated("tool_result_content");
                attached.add(note("This belongs to the result of tool call " + result.toolUseId()));
            }
            attached.add(part);
        }
        if (noted && texts.isEmpty()) {
            texts.add(note("The result is in the next message."));
        }
        json.beginObject().field("role", "tool").field("tool_call_id", result.toolUseId());
        json.name("content");
        if (result.isError()) {
            String text = OpenAiChatPart.joined(texts, PARAGRAPH);
            json.value(isJson(text) ? text : "Error: " + text);
        } else {
            content(texts, PARAGRAPH);
        }
        json.endObject();
    }

    private static OpenAiChatPart note(String text) {
        return new OpenAiChatPart.Text(text, null);
    }

    private static boolean isJson(String text) {
        if (!text.stripLeading().startsWith("{") && !text.stripLeading().startsWith("[")) {
            return false;
        }
        try {
            Raw.of(text);
            return true;
        } catch (MalformedJson plainText) {
            return false;
        }
    }

    // ---- the assistant ----

    private void assistant(int index) {
        List<OpenAiChatPart> parts = new ArrayList<>();
        List<Block.ToolUse> calls = new ArrayList<>();
        StringBuilder thinking = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        Raw audio = null;
        List<Block> blocks = messages.get(index).blocks();
        for (int j = 0; j < blocks.size(); j++) {
            Block block = blocks.get(j);
            switch (block) {
                case Block.Thinking thought -> thinking.append(thought.text());
                case Block.RedactedThinking _ -> outgoing.dropped("thinking");
                case Block.ToolUse call -> {
                    contents.noBreakpoint(call);
                    calls.add(call);
                }
                case Block.Refusal refused -> refusal.append(refused.text());
                case Block.Opaque opaque -> {
                    if (outgoing.sameDialect() && opaque.type().equals(OpenAiChatExtra.AUDIO)) {
                        audio = opaque.raw();
                    } else if (outgoing.sameDialect()) {
                        parts.add(contents.part(block, param(index, j)));
                    } else {
                        // What another vendor's own tools did in an earlier turn.
                        outgoing.dropped(opaque.type());
                    }
                }
                case Block.Text _,
                        Block.Image _,
                        Block.Document _,
                        Block.Audio _,
                        Block.ToolResult _ ->
                        parts.add(contents.part(block, param(index, j)));
            }
        }
        boolean replays = outgoing.is(Quirk.REASONING_REPLAY);
        if (!thinking.isEmpty() && !replays) {
            outgoing.dropped("thinking");
        }
        boolean refusalMember = outgoing.sameDialect() && outgoing.is(Quirk.DEVELOPER_ROLE);
        if (!refusal.isEmpty() && !refusalMember) {
            parts.add(note(refusal.toString()));
        }
        if (parts.isEmpty() && calls.isEmpty() && !blocks.isEmpty() && !outgoing.sameDialect()) {
            return;
        }
        json.beginObject().field("role", "assistant");
        json.name("content");
        if (parts.isEmpty() && (!calls.isEmpty() || !refusal.isEmpty() || audio != null)) {
            json.nullValue();
        } else {
            assistantContent(parts);
        }
        if (!thinking.isEmpty() && replays) {
            json.field("reasoning_content", thinking.toString());
        }
        if (!refusal.isEmpty() && refusalMember) {
            json.field("refusal", refusal.toString());
        }
        if (audio != null) {
            json.field("audio", audio);
        }
        calls(calls);
        json.endObject();
        missingResults(index, calls);
    }

    /** Pieces of an answer are pieces of one text: citations cut it in the middle of sentences. */
    private void assistantContent(List<OpenAiChatPart> parts) {
        boolean plain = parts.stream().allMatch(OpenAiChatPart::isPlainText);
        if (plain && !outgoing.sameDialect()) {
            json.value(OpenAiChatPart.joined(parts, ""));
        } else {
            content(parts, "");
        }
    }

    private void calls(List<Block.ToolUse> calls) {
        if (calls.isEmpty()) {
            return;
        }
        json.name("tool_calls").beginArray();
        for (Block.ToolUse call : calls) {
            boolean custom = call.custom() && outgoing.is(Quirk.CUSTOM_TOOLS);
            String kind = custom ? "custom" : "function";
            json.beginObject().field("id", call.id()).field("type", kind);
            json.name(kind).beginObject();
            json.field("name", outgoing.toolName(call.name()));
            json.field(custom ? "input" : "arguments", arguments(call, custom)).endObject();
            json.endObject();
        }
        json.endArray();
    }

    private String arguments(Block.ToolUse call, boolean custom) {
        if (custom) {
            return call.arguments();
        }
        if (call.custom()) {
            return new ByteBuilder()
                    .add("{\"input\":")
                    .quoted(call.arguments())
                    .add('}')
                    .toString();
        }
        // Servers that read the arguments refuse an empty text.
        return call.arguments().isBlank() ? "{}" : call.arguments();
    }

    /**
     * This dialect refuses a conversation in which a call has no answer; clients that were
     * interrupted send some.
     */
    private void missingResults(int index, List<Block.ToolUse> calls) {
        if (calls.isEmpty() || outgoing.sameDialect() || index + 1 == messages.size()) {
            return;
        }
        Set<String> missing = new LinkedHashSet<>();
        calls.forEach(call -> missing.add(call.id()));
        for (int i = index + 1;
                i < messages.size() && messages.get(i).role() != Role.ASSISTANT;
                i++) {
            for (Block block : messages.get(i).blocks()) {
                if (block instanceof Block.ToolResult result) {
                    missing.remove(result.toolUseId());
                }
            }
        }
        for (String id : missing) {
            outgoing.emulated("tool_result");
            json.beginObject().field("role", "tool").field("tool_call_id", id);
            json.field("content", "Error: no result").endObject();
        }
    }
}
