package dev.sluice.gateway.simulated;

import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Source;
import dev.sluice.core.request.TokenEstimate;

import java.util.ArrayList;
import java.util.List;

/**
 * A request as the simulated model reads it: its size, what the user said last, what tools
 * answered.
 */
final class Prompt {
    private final Request request;

    /** The blocks that came after the model's last turn. */
    private final List<Block> latest = new ArrayList<>();

    Prompt(Request request) {
        this.request = request;
        for (Message message : request.messages()) {
            switch (message.role()) {
                case USER -> latest.addAll(message.blocks());
                case ASSISTANT -> latest.clear();
                case SYSTEM -> {}
            }
        }
    }

    /** What tools have answered since the model's last turn, in their order. */
    List<Block.ToolResult> results() {
        List<Block.ToolResult> results = new ArrayList<>();
        for (Block block : latest) {
            if (block instanceof Block.ToolResult result) {
                results.add(result);
            }
        }
        return results;
    }

    /** The name of the tool that was called by {@code id}. */
    String toolCalled(String id) {
        for (Message message : request.messages()) {
            for (Block block : message.blocks()) {
                if (block instanceof Block.ToolUse call && call.id().equals(id)) {
                    return call.name();
                }
            }
        }
        return "the tool";
    }

    /** What the last user message holds: its text, and a note for each thing that is no text. */
    String lastUserMessage() {
        for (Message message : request.messages().reversed()) {
            if (message.role() == Role.USER) {
                return words(message.blocks());
            }
        }
        return "";
    }

    /** The text of {@code blocks}, with a note for each that is no text. */
    static String words(List<Block> blocks) {
        StringBuilder words = new StringBuilder();
        for (Block block : blocks) {
            String said = words(block);
            if (!words.isEmpty() && !said.isEmpty()) {
                words.append('\n');
            }
            words.append(said);
        }
        return words.toString();
    }

    private static String words(Block block) {
        return switch (block) {
            case Block.Text text -> text.text();
            case Block.Image image -> "[image " + words(image.source()) + "]";
            case Block.Document document -> "[document " + words(document.source()) + "]";
            case Block.Audio audio -> "[audio " + audio.format() + "]";
            case Block.ToolResult result -> words(result.content());
            case Block.Refusal refusal -> refusal.text();
            case Block.Thinking _, Block.RedactedThinking _, Block.ToolUse _, Block.Opaque _ -> "";
        };
    }

    private static String words(Source source) {
        return switch (source) {
            case Source.Base64 inline ->
                    inline.mediaType() + ", " + bytes(inline.data()) + " bytes";
            case Source.Url url -> url.url();
            case Source.FileId file -> file.id();
            case Source.PlainText text -> text.text().length() + " characters of text";
        };
    }

    private static int bytes(String base64) {
        int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
        return base64.length() / 4 * 3 - padding;
    }

    /** How many tokens the request has: what a count of its tokens says as well. */
    long tokens() {
        return TokenEstimate.of(request);
    }
}
