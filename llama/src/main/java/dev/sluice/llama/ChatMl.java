package dev.sluice.llama;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.ToolChoice;

import java.util.List;

/**
 * The format that most models know who bring no template along: each message between {@code
 * <|im_start|>} and {@code <|im_end|>}, text alone.
 */
public final class ChatMl implements ChatFormat {
    private static final String END = "<|im_end|>";

    /** Any JSON object, as short as it may be written. */
    private static final String JSON =
            """
            root ::= object
            value ::= object | array | string | number | "true" | "false" | "null"
            object ::= "{" space ( string ":" space value ( "," space string ":" space value )* )? "}" space
            array ::= "[" space ( value ( "," space value )* )? "]" space
            string ::= "\\"" ( [^"\\\\\\x7F\\x00-\\x1F] | "\\\\" ( ["\\\\bfnrt/] | "u" [0-9a-fA-F]{4} ) )* "\\"" space
            number ::= "-"? ( [0-9] | [1-9] [0-9]{1,15} ) ( "." [0-9]{1,16} )? ( [eE] [-+]? [0-9]{1,3} )? space
            space ::= | " " | "\\n"
            """;

    @Override
    public Turn turn(Request request) {
        if (!request.tools().isEmpty() && !(request.toolChoice() instanceof ToolChoice.None)) {
            throw Failure.unsupported(
                            "tools",
                            "the chat template of this model knows no tools; leave them out")
                    .asException();
        }
        StringBuilder prompt = new StringBuilder();
        if (!request.system().isEmpty()) {
            say(prompt, "system", request.system());
        }
        for (Message message : request.messages()) {
            say(prompt, role(message.role()), message.blocks());
        }
        prompt.append("<|im_start|>assistant\n");
        return new Turn(
                prompt.toString(),
                grammar(request.responseFormat()),
                false,
                out -> new PlainText(request.sampling().stop(), List.of(END), out));
    }

    private static String role(Role role) {
        return switch (role) {
            case USER -> "user";
            case ASSISTANT -> "assistant";
            case SYSTEM -> "system";
        };
    }

    private static String grammar(@org.jspecify.annotations.Nullable ResponseFormat format) {
        return switch (format) {
            case null -> "";
            case ResponseFormat.PlainText _ -> "";
            case ResponseFormat.JsonObject _ -> JSON;
            case ResponseFormat.JsonSchema _ ->
                    throw Failure.unsupported(
                                    "response_format",
                                    "this model follows no schema; ask for a JSON object")
                            .asException();
        };
    }

    private static void say(StringBuilder prompt, String role, List<Block> blocks) {
        prompt.append("<|im_start|>").append(role).append('\n');
        for (Block block : blocks) {
            switch (block) {
                case Block.Text text -> prompt.append(text.text());
                case Block.Refusal refusal -> prompt.append(refusal.text());
                case Block.Thinking _, Block.RedactedThinking _ -> {}
                case Block.Document _,
                        Block.Image _,
                        Block.Audio _,
                        Block.ToolUse _,
                        Block.ToolResult _,
                        Block.Opaque _ ->
                        throw Failure.unsupported(
                                        "messages", "this model reads text alone; send text")
                                .asException();
            }
        }
        prompt.append(END).append('\n');
    }
}
