package dev.sluice.dialect.openairesponses;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.ToolArguments;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Seal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes the conversation: instructions apart, then items. The results of tools in a turn of the
 * user stand before the rest of the turn, right behind the calls they answer.
 */
final class ResponsesInputEncoder {
    private final Outgoing outgoing;
    private final ResponsesContentEncoder contents;
    private final JsonWriter json;
    private final Set<String> customCalls = new HashSet<>();

    /** Parts of the assistant's message that is being gathered. */
    private final List<Block> said = new ArrayList<>();

    ResponsesInputEncoder(Outgoing outgoing, JsonWriter json) {
        this.outgoing = outgoing;
        this.contents = new ResponsesContentEncoder(outgoing, json);
        this.json = json;
    }

    void write() {
        List<Block> system = new ArrayList<>(outgoing.request().system());
        outgoing.instructions().forEach(text -> system.add(new Block.Text(text)));
        List<Block> rest = instructions(system);
        json.name("input").beginArray();
        if (!rest.isEmpty()) {
            message(developer(), rest, "input_text", "system");
        }
        List<Message> messages = outgoing.request().messages();
        for (int i = 0; i < messages.size(); i++) {
            List<Block> blocks = messages.get(i).blocks();
            switch (messages.get(i).role()) {
                case USER -> user(blocks, i);
                case ASSISTANT -> assistant(blocks, i);
                case SYSTEM -> message(developer(), blocks, "input_text", param(i));
            }
        }
        json.endArray();
    }

    private String developer() {
        return outgoing.is(Quirk.DEVELOPER_ROLE) ? "developer" : "system";
    }

    private String param(int message) {
        // Where messages were folded, the numbers are no longer the client's.
        return outgoing.sameDialect() ? "input" : "messages[" + message + "]";
    }

    /** Writes {@code instructions} and returns what has to be said in a message. */
    private List<Block> instructions(List<Block> system) {
        boolean plain = system.stream().allMatch(Block.Text.class::isInstance);
        if (system.isEmpty() || !(system.getFirst() instanceof Block.Text first)) {
            return system;
        }
        if (outgoing.sameDialect() || !plain) {
            json.field("instructions", first.text());
            return system.subList(1, system.size());
        }
        StringBuilder all = new StringBuilder();
        for (Block block : system) {
            if (block instanceof Block.Text text) {
                contents.noBreakpoint(text);
                all.append(all.isEmpty() ? "" : ResponsesSeal.PARAGRAPH).append(text.text());
            }
        }
        json.field("instructions", all.toString());
        return List.of();
    }

    private void message(String role, List<Block> parts, String textType, String param) {
        json.beginObject().field("type", "message").field("role", role);
        json.name("content").beginArray();
        parts.forEach(part -> contents.part(part, textType, param));
        json.endArray().endObject();
    }

    // ---- the user ----

    private void user(List<Block> blocks, int index) {
        List<Block> rest = new ArrayList<>();
        for (Block block : blocks) {
            switch (block) {
                case Block.ToolResult result -> result(result, index);
                case Block.Opaque item when !contents.isPart(item) -> own(item, index);
                default -> rest.add(block);
            }
        }
        if (!rest.isEmpty() || blocks.isEmpty()) {
            message("user", rest, "input_text", param(index));
        }
    }

    private void own(Block.Opaque item, int index) {
        if (!outgoing.sameDialect()) {
            throw contents.unknown(item, param(index));
        }
        json.value(item.raw());
    }

    private void result(Block.ToolResult result, int index) {
        contents.noBreakpoint(result);
        boolean custom = customCalls.contains(result.toolUseId());
        json.beginObject();
        json.field("type", custom ? "custom_tool_call_output" : "function_call_output");
        json.field("call_id", result.toolUseId()).name("output");
        boolean plain = result.content().stream().allMatch(Block.Text.class::isInstance);
        if (plain && (result.isError() || result.content().size() <= 1)) {
            String text = joined(result.content());
            json.value(result.isError() ? Outgoing.errorText(text) : text);
        } else {
            json.beginArray();
            if (result.isError()) {
                contents.part(new Block.Text("Error:"), "input_text", param(index));
            }
            result.content().forEach(part -> contents.part(part, "input_text", param(index)));
            json.endArray();
        }
        json.endObject();
    }

    private static String joined(List<Block> content) {
        StringBuilder all = new StringBuilder();
        for (Block block : content) {
            if (block instanceof Block.Text text) {
                all.append(all.isEmpty() ? "" : ResponsesSeal.PARAGRAPH).append(text.text());
            }
        }
        return all.toString();
    }

    // ---- the assistant ----

    private void assistant(List<Block> blocks, int index) {
        for (Block block : blocks) {
            switch (block) {
                case Block.ToolUse call -> {
                    say(index);
                    call(call);
                }
                case Block.Thinking thinking -> {
                    say(index);
                    thinking(thinking);
                }
                case Block.RedactedThinking redacted -> {
                    say(index);
                    redacted(redacted.data());
                }
                case Block.Opaque item when !contents.isPart(item) -> {
                    say(index);
                    if (outgoing.sameDialect()) {
                        json.value(item.raw());
                    } else {
                        // What another vendor's own tools did in an earlier turn.
                        outgoing.dropped(item.type());
                    }
                }
                case Block.Text text -> {
                    if (outgoing.sameDialect() || !text.text().isEmpty()) {
                        said.add(text);
                    }
                }
                default -> said.add(block);
            }
        }
        say(index);
        if (!outgoing.sameDialect()) {
            for (String id : outgoing.unanswered(index)) {
                outgoing.emulated("tool_result");
                json.beginObject().field("type", "function_call_output").field("call_id", id);
                json.field("output", "Error: no result").endObject();
            }
        }
    }

    private void say(int index) {
        if (!said.isEmpty()) {
            message("assistant", said, "output_text", param(index));
            said.clear();
        }
    }

    private void call(Block.ToolUse call) {
        contents.noBreakpoint(call);
        boolean custom = call.custom() && outgoing.is(Quirk.CUSTOM_TOOLS);
        if (custom) {
            customCalls.add(call.id());
        }
        json.beginObject().field("type", custom ? "custom_tool_call" : "function_call");
        json.field("call_id", call.id());
        String namespace = outgoing.sameDialect() ? ResponsesNamespace.of(call.name()) : "";
        if (!namespace.isEmpty()) {
            json.field("namespace", namespace);
            json.field("name", ResponsesNamespace.nameIn(call.name()));
        } else {
            json.field("name", outgoing.toolName(call.name()));
        }
        json.field(custom ? "input" : "arguments", arguments(call, custom)).endObject();
    }

    private String arguments(Block.ToolUse call, boolean custom) {
        if (custom) {
            return call.arguments();
        }
        if (call.custom()) {
            return ToolArguments.ofFreeText(call.arguments());
        }
        boolean fill = call.arguments().isBlank() && !outgoing.sameDialect();
        return fill ? "{}" : call.arguments();
    }

    /** Thinking goes back to its own vendor alone, and sealed, or to a server that takes any. */
    private void thinking(Block.Thinking thinking) {
        String seal = thinking.signature();
        String own = Seal.unmark(OpenAiResponsesDialect.NAME, seal).orElse("");
        if (!own.isEmpty()) {
            reasoning(thinking.text(), own);
        } else if (outgoing.sameDialect()) {
            reasoning(thinking.text(), Seal.mark(ResponsesSeal.OTHER, seal));
        } else if (outgoing.is(Quirk.REASONING_REPLAY) && !thinking.text().isEmpty()) {
            reasoning(thinking.text(), "");
        } else {
            outgoing.dropped("thinking");
        }
    }

    private void redacted(String data) {
        String own = Seal.unmark(OpenAiResponsesDialect.NAME, data).orElse("");
        if (!own.isEmpty()) {
            reasoning("", own);
        } else if (outgoing.sameDialect()) {
            reasoning("", Seal.mark(ResponsesSeal.REDACTED, data));
        } else {
            outgoing.dropped("thinking");
        }
    }

    private void reasoning(String text, String sealed) {
        json.beginObject().field("type", "reasoning").name("summary").beginArray();
        if (!text.isEmpty()) {
            json.beginObject().field("type", "summary_text").field("text", text).endObject();
        }
        json.endArray();
        if (!sealed.isEmpty()) {
            json.field("encrypted_content", sealed);
        }
        json.endObject();
    }
}
