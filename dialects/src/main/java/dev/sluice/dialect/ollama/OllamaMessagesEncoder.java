package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.ToolArguments;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the conversation. Content is one string, with images beside it. Tool results of a turn of
 * the user become messages of their own that stand before the rest of the turn.
 */
final class OllamaMessagesEncoder {
    private final Outgoing outgoing;
    private final JsonWriter json;
    private final Map<String, String> toolOfCall = new HashMap<>();

    OllamaMessagesEncoder(Outgoing outgoing, JsonWriter json) {
        this.outgoing = outgoing;
        this.json = json;
    }

    void write() {
        json.name("messages").beginArray();
        system();
        List<Message> messages = outgoing.request().messages();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            switch (message.role()) {
                case USER -> user(message, i);
                case ASSISTANT -> assistant(message, i);
                case SYSTEM -> plain("system", message.blocks(), i);
            }
        }
        json.endArray();
    }

    private static String param(int message) {
        return message < 0 ? "system" : "messages[" + message + "]";
    }

    private void system() {
        List<Block> blocks = new ArrayList<>(outgoing.request().system());
        outgoing.instructions().forEach(sentence -> blocks.add(new Block.Text(sentence)));
        if (!blocks.isEmpty()) {
            plain("system", blocks, -1);
        }
    }

    private void plain(String role, List<Block> blocks, int index) {
        OllamaContent content = new OllamaContent(outgoing, param(index));
        blocks.forEach(content::add);
        json.beginObject().field("role", role);
        content.write(json, "\n\n");
        json.endObject();
    }

    private void user(Message message, int index) {
        List<Block> rest = new ArrayList<>();
        for (Block block : message.blocks()) {
            if (block instanceof Block.ToolResult result) {
                result(result, index);
            } else {
                rest.add(block);
            }
        }
        if (!rest.isEmpty() || message.blocks().isEmpty()) {
            plain("user", rest, index);
        }
    }

    private void result(Block.ToolResult result, int index) {
        outgoing.droppedIf(result.cacheControl() != null, "cache_control");
        OllamaContent content = new OllamaContent(outgoing, param(index));
        result.content().forEach(content::add);
        if (result.isError() && !isJson(content.text("\n\n"))) {
            content.prefix("Error: ");
        }
        json.beginObject().field("role", "tool");
        content.write(json, "\n\n");
        String tool = toolOfCall.get(result.toolUseId());
        if (tool != null) {
            json.field("tool_name", tool);
        }
        json.field("tool_call_id", result.toolUseId()).endObject();
    }

    private static boolean isJson(String text) {
        String start = text.stripLeading();
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return false;
        }
        try {
            Raw.of(text);
            return true;
        } catch (MalformedJson plainText) {
            return false;
        }
    }

    private void assistant(Message message, int index) {
        OllamaContent content = new OllamaContent(outgoing, param(index));
        StringBuilder thinking = new StringBuilder();
        List<Block.ToolUse> calls = new ArrayList<>();
        for (Block block : message.blocks()) {
            switch (block) {
                case Block.Thinking thought -> thinking.append(thought.text());
                case Block.RedactedThinking _ -> outgoing.dropped("thinking");
                case Block.ToolUse call -> {
                    outgoing.droppedIf(call.cacheControl() != null, "cache_control");
                    calls.add(call);
                }
                // What another vendor's own tools did in an earlier turn.
                case Block.Opaque opaque -> outgoing.dropped(opaque.type());
                case Block.Text _,
                        Block.Image _,
                        Block.Document _,
                        Block.Audio _,
                        Block.ToolResult _,
                        Block.Refusal _ ->
                        content.add(block);
            }
        }
        // Pieces of an answer are pieces of one text: citations cut it in the middle of sentences.
        json.beginObject().field("role", "assistant");
        content.write(json, "");
        if (!thinking.isEmpty()) {
            thinking(thinking.toString());
        }
        calls(calls);
        json.endObject();
    }

    private void thinking(String text) {
        if (outgoing.sameDialect() || outgoing.is(Quirk.REASONING_REPLAY)) {
            json.field("thinking", text);
        } else {
            outgoing.dropped("thinking");
        }
    }

    private void calls(List<Block.ToolUse> calls) {
        if (calls.isEmpty()) {
            return;
        }
        json.name("tool_calls").beginArray();
        for (Block.ToolUse call : calls) {
            toolOfCall.put(call.id(), call.name());
            json.beginObject().field("id", call.id()).name("function").beginObject();
            json.field("name", call.name()).field("arguments", ToolArguments.sent(call));
            json.endObject().endObject();
        }
        json.endArray();
    }
}
