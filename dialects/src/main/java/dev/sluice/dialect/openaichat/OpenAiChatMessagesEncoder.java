package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Role;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes the conversation. Tool results of a turn of the user become messages of their own that
 * stand before the rest of the turn, right behind the calls they answer; what they hold beside text
 * follows in the user's message, since a tool's message takes text alone.
 */
final class OpenAiChatMessagesEncoder {
    private static final String PARAGRAPH = "\n\n";

    private final Outgoing outgoing;
    private final OpenAiChatContentEncoder contents;
    private final JsonWriter json;
    private final List<Message> messages;

    OpenAiChatMessagesEncoder(Outgoing outgoing, JsonWriter json) {
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
        contents.write(json, parts, separator);
        json.endObject();
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
            json.value(Outgoing.errorText(text));
        } else {
            contents.write(json, texts, PARAGRAPH);
        }
        json.endObject();
    }

    private static OpenAiChatPart note(String text) {
        return new OpenAiChatPart.Text(text, null);
    }

    // ---- the assistant ----

    private void assistant(int index) {
        List<Block> blocks = messages.get(index).blocks();
        OpenAiChatAssistantTurn turn = new OpenAiChatAssistantTurn(outgoing, contents);
        for (int j = 0; j < blocks.size(); j++) {
            turn.add(blocks.get(j), param(index, j));
        }
        turn.settle();
        if (turn.saysSomething() || blocks.isEmpty() || outgoing.sameDialect()) {
            turn.write(json);
            missingResults(index, turn.calls());
        }
    }

    /**
     * This dialect refuses a conversation in which a call has no answer; clients that were
     * interrupted send some.
     */
    private void missingResults(int index, List<Block.ToolUse> calls) {
        if (calls.isEmpty() || outgoing.sameDialect()) {
            return;
        }
        for (String id : outgoing.unanswered(index)) {
            outgoing.emulated("tool_result");
            json.beginObject().field("role", "tool").field("tool_call_id", id);
            json.field("content", "Error: no result").endObject();
        }
    }
}
