package dev.sluice.dialect.bedrock;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Role;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads messages and their content. A block is an object with one member, whose name says what it
 * is; one that has no canonical form is kept as it is. A cache point is no block of its own but a
 * mark on the one before it.
 */
final class BedrockContentDecoder {
    private static final Names MESSAGE = Names.of("role", "content");
    private static final Names BLOCK =
            Names.of(
                    "text",
                    "image",
                    "document",
                    "audio",
                    "toolUse",
                    "toolResult",
                    "reasoningContent",
                    "cachePoint",
                    "json");
    private static final Names TOOL_USE = Names.of("toolUseId", "name", "input");
    private static final Names TOOL_RESULT = Names.of("toolUseId", "content", "status");
    private static final Names REASONING = Names.of("reasoningText", "redactedContent");
    private static final Names REASONING_TEXT = Names.of("text", "signature");

    private final JsonReader reader;

    BedrockContentDecoder(JsonReader reader) {
        this.reader = reader;
    }

    /** Reads the list of messages. */
    void messages(List<Message> into) {
        reader.beginArray();
        while (reader.hasNext()) {
            into.add(message());
        }
    }

    private Message message() {
        Role role = null;
        List<Block> blocks = null;
        reader.beginObject();
        for (int f = reader.nextField(MESSAGE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MESSAGE)) {
            switch (f) {
                case 0 -> role = role();
                case 1 -> blocks = blocks();
                default -> reader.skip();
            }
        }
        if (role == null) {
            throw missing("role");
        }
        if (blocks == null) {
            throw missing("content");
        }
        return new Message(role, blocks);
    }

    private Role role() {
        return switch (reader.string()) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "system" -> Role.SYSTEM;
            default -> throw reader.error("expected `user`, `assistant` or `system`");
        };
    }

    private RuntimeException missing(String name) {
        String path = reader.error("").path();
        String field = path.isEmpty() ? name : path + "." + name;
        return Failure.invalid(field, field + " is required").asException();
    }

    /** Reads a list of blocks. */
    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            Block block = block();
            if (block instanceof Block.Opaque point && point.type().equals("cachePoint")) {
                mark(blocks, point);
            } else {
                blocks.add(block);
            }
        }
        return blocks;
    }

    /** Puts a cache point on the last block, if it is one that can bear it and has none. */
    private static void mark(List<Block> blocks, Block.Opaque point) {
        Optional<Block> marked =
                blocks.isEmpty() || blocks.getLast().cacheControl() != null
                        ? Optional.empty()
                        : marked(blocks.getLast(), point.raw());
        if (marked.isPresent()) {
            blocks.set(blocks.size() - 1, marked.get());
        } else {
            blocks.add(point);
        }
    }

    private static Optional<Block> marked(Block block, Raw point) {
        return switch (block) {
            case Block.Text text -> Optional.of(new Block.Text(text.text(), point));
            case Block.Image image ->
                    Optional.of(new Block.Image(image.source(), image.detail(), point));
            case Block.Document document ->
                    Optional.of(
                            new Block.Document(
                                    document.source(),
                                    document.title(),
                                    document.context(),
                                    document.citations(),
                                    point));
            case Block.ToolUse call ->
                    Optional.of(
                            new Block.ToolUse(
                                    call.id(), call.name(), call.arguments(), false, point));
            case Block.ToolResult result ->
                    Optional.of(
                            new Block.ToolResult(
                                    result.toolUseId(), result.content(), result.isError(), point));
            case Block.Audio _,
                    Block.Thinking _,
                    Block.RedactedThinking _,
                    Block.Refusal _,
                    Block.Opaque _ ->
                    Optional.empty();
        };
    }

    private Block block() {
        Block block = null;
        reader.beginObject();
        for (int f = reader.nextField(BLOCK);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(BLOCK)) {
            String name = reader.fieldName();
            if (reader.skipNull()) {
                continue;
            }
            if (block != null) {
                throw reader.error("expected a block with one member");
            }
            block = block(f, name);
        }
        if (block == null) {
            throw reader.error("expected a block with a member such as `text`");
        }
        return block;
    }

    private Block block(int field, String name) {
        return switch (field) {
            case 0 -> new Block.Text(reader.string());
            case 1, 2, 3 -> media(name);
            case 4 -> toolUse();
            case 5 -> toolResult();
            case 6 -> reasoning();
            // What a tool has answered is told as the text that it is.
            case 8 -> new Block.Text(reader.raw().toString());
            default -> new Block.Opaque(name, reader.raw());
        };
    }

    /** An image, a document or a sound; one whose bytes are somewhere at AWS is kept as it is. */
    private Block media(String kind) {
        if (reader.peek() != Kind.OBJECT) {
            throw reader.error("expected an object, found " + reader.peek().words());
        }
        Raw raw = reader.raw();
        BedrockAttachment read = BedrockAttachment.read(raw);
        Block opaque = new Block.Opaque(kind, raw);
        return switch (kind) {
            case "image" ->
                    read.bytes(BedrockMedia.ofImage(read.format()))
                            .<Block>map(source -> new Block.Image(source, null, null))
                            .orElse(opaque);
            case "audio" ->
                    read.bytes("audio/" + read.format())
                            .<Block>map(source -> new Block.Audio(source.data(), read.format()))
                            .orElse(opaque);
            default -> read.document().orElse(opaque);
        };
    }

    private Block toolUse() {
        String id = "";
        String name = "";
        Raw input = null;
        reader.beginObject();
        for (int f = reader.nextField(TOOL_USE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(TOOL_USE)) {
            switch (f) {
                case 0 -> id = reader.string();
                case 1 -> name = reader.string();
                case 2 -> input = reader.raw();
                default -> reader.skip();
            }
        }
        if (id.isEmpty()) {
            throw missing("toolUseId");
        }
        if (name.isEmpty()) {
            throw missing("name");
        }
        if (input == null || input.kind() != Kind.OBJECT) {
            throw reader.error("expected an `input` that is an object");
        }
        return new Block.ToolUse(id, name, input.toString(), false, null);
    }

    private Block toolResult() {
        String id = "";
        List<Block> content = List.of();
        boolean error = false;
        reader.beginObject();
        for (int f = reader.nextField(TOOL_RESULT);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(TOOL_RESULT)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> id = reader.string();
                case 1 -> content = blocks();
                case 2 -> error = reader.string().equals("error");
                default -> reader.skip();
            }
        }
        if (id.isEmpty()) {
            throw missing("toolUseId");
        }
        return new Block.ToolResult(id, content, error, null);
    }

    private Block reasoning() {
        Block block = null;
        reader.beginObject();
        for (int f = reader.nextField(REASONING);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(REASONING)) {
            if (reader.skipNull()) {
                continue;
            }
            block =
                    switch (f) {
                        case 0 -> thinking();
                        case 1 -> new Block.RedactedThinking(reader.string());
                        default ->
                                throw reader.error("expected `reasoningText` or `redactedContent`");
                    };
        }
        if (block == null) {
            throw missing("reasoningText");
        }
        return block;
    }

    private Block thinking() {
        String text = null;
        String signature = "";
        reader.beginObject();
        for (int f = reader.nextField(REASONING_TEXT);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(REASONING_TEXT)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> text = reader.string();
                case 1 -> signature = reader.string();
                default -> reader.skip();
            }
        }
        if (text == null) {
            throw missing("text");
        }
        return new Block.Thinking(text, signature);
    }
}
