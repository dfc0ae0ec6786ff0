package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.ToolArguments;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A turn of the assistant, whose blocks become members of one message: what it thought, said,
 * refused and called.
 */
final class OpenAiChatAssistantTurn {
    private final Outgoing outgoing;
    private final OpenAiChatContentEncoder contents;
    private final List<OpenAiChatPart> parts = new ArrayList<>();
    private final List<Block.ToolUse> calls = new ArrayList<>();
    private final StringBuilder thinking = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private @Nullable Raw audio;

    OpenAiChatAssistantTurn(Outgoing outgoing, OpenAiChatContentEncoder contents) {
        this.outgoing = outgoing;
        this.contents = contents;
    }

    List<Block.ToolUse> calls() {
        return calls;
    }

    /** Adds a block; {@code param} is where the client has written it. */
    void add(Block block, String param) {
        switch (block) {
            case Block.Thinking thought -> thinking.append(thought.text());
            case Block.RedactedThinking _ -> outgoing.dropped("thinking");
            case Block.Refusal refused -> refusal.append(refused.text());
            case Block.Opaque opaque -> own(opaque, param);
            case Block.ToolUse call -> {
                contents.noBreakpoint(call);
                calls.add(call);
            }
            case Block.Text _, Block.Image _, Block.Document _, Block.Audio _, Block.ToolResult _ ->
                    parts.add(contents.part(block, param));
        }
    }

    private void own(Block.Opaque opaque, String param) {
        if (!outgoing.sameDialect()) {
            // What another vendor's own tools did in an earlier turn.
            outgoing.dropped(opaque.type());
        } else if (opaque.type().equals(OpenAiChatExtra.AUDIO)) {
            audio = opaque.raw();
        } else {
            parts.add(contents.part(opaque, param));
        }
    }

    /**
     * All blocks are there: what has no member of its own at this upstream becomes text, or is left
     * out.
     */
    void settle() {
        if (!thinking.isEmpty() && !outgoing.is(Quirk.REASONING_REPLAY)) {
            outgoing.dropped("thinking");
            thinking.setLength(0);
        }
        boolean member = outgoing.sameDialect() && outgoing.is(Quirk.DEVELOPER_ROLE);
        if (!refusal.isEmpty() && !member) {
            parts.add(new OpenAiChatPart.Text(refusal.toString(), null));
            refusal.setLength(0);
        }
    }

    /** Whether anything is left that a message can be made of. */
    boolean saysSomething() {
        return !parts.isEmpty() || !calls.isEmpty() || !refusal.isEmpty() || audio != null;
    }

    /** Writes the message. */
    void write(JsonWriter json) {
        json.beginObject().field("role", "assistant").name("content");
        if (parts.isEmpty() && saysSomething()) {
            json.nullValue();
        } else {
            content(json);
        }
        if (!thinking.isEmpty()) {
            json.field("reasoning_content", thinking.toString());
        }
        if (!refusal.isEmpty()) {
            json.field("refusal", refusal.toString());
        }
        Raw sound = audio;
        if (sound != null) {
            json.field("audio", sound);
        }
        writeCalls(json);
        json.endObject();
    }

    /** Pieces of an answer are pieces of one text: citations cut it in the middle of sentences. */
    private void content(JsonWriter json) {
        boolean plain = parts.stream().allMatch(OpenAiChatPart::isPlainText);
        if (plain && !outgoing.sameDialect()) {
            json.value(OpenAiChatPart.joined(parts, ""));
        } else {
            contents.write(json, parts, "");
        }
    }

    private void writeCalls(JsonWriter json) {
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

    private static String arguments(Block.ToolUse call, boolean custom) {
        if (custom) {
            return call.arguments();
        }
        if (call.custom()) {
            return ToolArguments.ofFreeText(call.arguments());
        }
        // Servers that read the arguments refuse an empty text.
        return call.arguments().isBlank() ? "{}" : call.arguments();
    }
}
