package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Seal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the conversation. The results of a turn stand in one content, in the order of the calls,
 * one for each of them; what else the user says is a content of its own. A conversation of this
 * dialect keeps its shape.
 */
final class GeminiContentsEncoder {
    private static final String NO_RESULT = "no result: the call was interrupted";

    private final Outgoing outgoing;
    private final JsonWriter json;
    private final GeminiPartEncoder parts;
    private final Map<String, String> functionOfCall = new HashMap<>();

    /** The calls of the model's last turn that have no answer yet, in their order. */
    private final Map<String, Block.ToolUse> open = new LinkedHashMap<>();

    GeminiContentsEncoder(Outgoing outgoing, JsonWriter json) {
        this.outgoing = outgoing;
        this.json = json;
        this.parts = new GeminiPartEncoder(outgoing, json);
    }

    private static String param(int message) {
        return "messages[" + message + "]";
    }

    // ---- instructions ----

    /** Instructions between the messages have no place here; they join those in front. */
    void writeSystem() {
        List<Block> blocks = new ArrayList<>(outgoing.request().system());
        for (Message message : outgoing.request().messages()) {
            if (message.role() == Role.SYSTEM) {
                blocks.addAll(message.blocks());
                outgoing.emulated("system");
            }
        }
        outgoing.instructions().forEach(sentence -> blocks.add(new Block.Text(sentence)));
        blocks.removeIf(block -> block instanceof Block.Text text && text.text().isBlank());
        if (!blocks.isEmpty()) {
            json.name("systemInstruction").beginObject().name("parts").beginArray();
            blocks.forEach(block -> parts.write(block, "system", ""));
            json.endArray().endObject();
        }
    }

    // ---- turns ----

    void write() {
        json.name("contents").beginArray();
        List<Message> messages = outgoing.request().messages();
        int written = 0;
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            switch (message.role()) {
                case USER -> {
                    user(message, i);
                    written++;
                }
                case ASSISTANT -> {
                    interrupted();
                    model(message, i);
                    written++;
                }
                case SYSTEM -> {}
            }
        }
        if (written == 0) {
            begin("user");
            json.beginObject().field("text", ".").endObject();
            end();
        }
        json.endArray();
    }

    private void begin(String role) {
        json.beginObject().field("role", role).name("parts").beginArray();
    }

    private void end() {
        json.endArray().endObject();
    }

    private void user(Message message, int index) {
        if (outgoing.sameDialect()) {
            begin("user");
            message.blocks().forEach(block -> userPart(block, index));
            end();
            return;
        }
        List<Block.ToolResult> results = new ArrayList<>();
        List<Block> rest = new ArrayList<>();
        for (Block block : message.blocks()) {
            if (block instanceof Block.ToolResult result) {
                results.add(result);
            } else if (!isEmpty(block)) {
                rest.add(block);
            }
        }
        results(results, rest, index);
        if (!rest.isEmpty()) {
            begin("user");
            rest.forEach(block -> parts.write(block, param(index), ""));
            end();
        }
    }

    private static boolean isEmpty(Block block) {
        return block instanceof Block.Text text && text.text().isEmpty();
    }

    private void userPart(Block block, int index) {
        if (block instanceof Block.ToolResult result) {
            open.remove(result.toolUseId());
            parts.result(result, function(result, index), param(index));
        } else {
            parts.write(block, param(index), "");
        }
    }

    /** Images that a function has answered stand behind all that is answered. */
    private void results(List<Block.ToolResult> results, List<Block> rest, int index) {
        if (results.isEmpty() && open.isEmpty()) {
            return;
        }
        Map<String, Block.ToolResult> byCall = new LinkedHashMap<>();
        for (Block.ToolUse call : open.values()) {
            List<Block> words = List.of(new Block.Text(NO_RESULT));
            byCall.put(call.id(), new Block.ToolResult(call.id(), words, true, null));
        }
        results.forEach(result -> byCall.put(result.toolUseId(), result));
        if (byCall.size() > results.size()) {
            outgoing.emulated("tool_result");
        }
        open.clear();
        begin("user");
        List<Block> media = new ArrayList<>();
        for (Block.ToolResult result : byCall.values()) {
            media.addAll(parts.result(result, function(result, index), param(index)));
        }
        end();
        if (!media.isEmpty()) {
            outgoing.emulated("tool_result.content");
            rest.addAll(0, media);
        }
    }

    /** Calls that nobody has answered although the conversation goes on. */
    private void interrupted() {
        if (!outgoing.sameDialect()) {
            results(List.of(), new ArrayList<>(), 0);
        }
    }

    private String function(Block.ToolResult result, int index) {
        String function = functionOfCall.get(result.toolUseId());
        if (function == null) {
            throw Outgoing.refused(
                    param(index), "a result answers no call of the conversation before it");
        }
        return function;
    }

    private void model(Message message, int index) {
        List<Block> blocks = new ArrayList<>(message.blocks());
        if (!outgoing.sameDialect()) {
            blocks.removeIf(block -> isEmpty(block) || isLost(block));
        }
        if (blocks.isEmpty()) {
            return;
        }
        begin("model");
        String seal = "";
        boolean called = false;
        for (Block block : blocks) {
            Optional<String> own = seal(block);
            if (own.isPresent() && block instanceof Block.Thinking thought) {
                sealAlone(seal);
                seal = thought(thought, own.get());
                continue;
            }
            if (block instanceof Block.Thinking || block instanceof Block.RedactedThinking) {
                sealAlone(seal);
                seal = "";
                unsealed(block);
                continue;
            }
            if (block instanceof Block.ToolUse call) {
                open.put(call.id(), call);
                functionOfCall.put(call.id(), call.name());
                seal = called ? seal : needed(seal);
                called = true;
            }
            parts.write(block, param(index), seal);
            seal = "";
        }
        sealAlone(seal);
        end();
    }

    /** What another vendor's own tools did in an earlier turn, and what only it can read. */
    private boolean isLost(Block block) {
        return switch (block) {
            case Block.Opaque opaque -> {
                outgoing.dropped(opaque.type());
                yield true;
            }
            case Block.Thinking thinking -> {
                boolean lost = seal(thinking).isEmpty();
                if (lost) {
                    outgoing.dropped("thinking");
                }
                yield lost;
            }
            case Block.RedactedThinking _ -> {
                outgoing.dropped("thinking");
                yield true;
            }
            default -> false;
        };
    }

    /** This vendor's seal on thinking; empty if there is none of its own. */
    private static Optional<String> seal(Block block) {
        return block instanceof Block.Thinking thinking
                ? Seal.unmark(GeminiDialect.NAME, thinking.signature())
                : Optional.empty();
    }

    /** Writes a thought that is sealed; the seal of what has no text is for what comes next. */
    private String thought(Block.Thinking thought, String seal) {
        if (thought.text().isEmpty()) {
            return seal;
        }
        parts.thought(thought.text(), seal);
        return "";
    }

    /** A thought of a client of this dialect that has no seal, or another vendor's. */
    private void unsealed(Block block) {
        if (block instanceof Block.Thinking thinking && thinking.signature().isEmpty()) {
            parts.thought(thinking.text(), "");
        } else {
            outgoing.dropped("thinking");
        }
    }

    private void sealAlone(String seal) {
        if (!seal.isEmpty()) {
            json.beginObject().field("text", "").field("thoughtSignature", seal).endObject();
        }
    }

    /**
     * Newer models refuse the first call of a turn without its seal, or a word that stands for it.
     */
    private String needed(String seal) {
        boolean demanded =
                outgoing.is(Quirk.THINKING_SIGNATURES)
                        && !outgoing.sameDialect()
                        && GeminiSettings.isThird(outgoing.target().model());
        if (!seal.isEmpty() || !demanded) {
            return seal;
        }
        outgoing.emulated("thought_signature");
        return GeminiSeal.SKIP;
    }
}
