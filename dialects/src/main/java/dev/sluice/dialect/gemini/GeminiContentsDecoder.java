package dev.sluice.dialect.gemini;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Names;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the conversation. Contents of the model that follow each other are one message, since
 * official clients keep a streamed answer piece by piece.
 *
 * <p>Calls and results need no ids on this wire. A call without one gets one by its place in the
 * conversation, so that it is the same in every request; a result without one answers the first
 * call of its function that has no answer yet, or the first of all.
 */
final class GeminiContentsDecoder {
    private static final Names ROLE = Names.of("role");
    private static final ProtoNames CONTENT = ProtoNames.of("parts", "role");

    private final JsonReader reader;
    private final byte[] document;
    private final Request.Builder request;
    private final GeminiPartDecoder parts;
    private final List<Block.ToolUse> unanswered = new ArrayList<>();
    private final List<Block> said = new ArrayList<>();
    private int index;

    /** The last part of the model's has a seal. */
    private boolean lastIsSealed;

    GeminiContentsDecoder(JsonReader reader, byte[] document, Request.Builder request) {
        this.reader = reader;
        this.document = document;
        this.request = request;
        parts = new GeminiPartDecoder(reader, document, request);
    }

    void read() {
        reader.beginArray();
        while (reader.hasNext()) {
            content();
            index++;
        }
        flush();
    }

    private void content() {
        String role = role();
        switch (role) {
            case "model" -> model();
            case "", "user", "function" -> {
                flush();
                user();
            }
            default ->
                    throw Failure.invalid(
                                    "contents[" + index + "].role",
                                    "the role of a content must be `user` or `model`")
                            .asException();
        }
    }

    /** The role, which may stand behind the parts; the reader stays where it is. */
    private String role() {
        int position = reader.position();
        JsonReader ahead = new JsonReader(document);
        ahead.reset(document, position, document.length - position);
        ahead.beginObject();
        for (int f = ahead.nextField(ROLE); f != JsonReader.END_OBJECT; f = ahead.nextField(ROLE)) {
            if (f == 0 && ahead.peek() == JsonReader.Kind.STRING) {
                return ahead.string();
            }
            ahead.skip();
        }
        return "";
    }

    /** Hands each part of the content that is next to {@code taking}. */
    private void parts(Runnable taking) {
        ProtoObject content = ProtoObject.enter(reader, CONTENT);
        for (int f = content.next(); f != JsonReader.END_OBJECT; f = content.next()) {
            if (f != 0) {
                reader.skip();
                continue;
            }
            reader.beginArray();
            while (reader.hasNext()) {
                parts.read();
                taking.run();
            }
        }
    }

    private void user() {
        List<Block> blocks = new ArrayList<>();
        parts(() -> userPart(blocks));
        if (!blocks.isEmpty()) {
            request.messages.add(new Message(Role.USER, blocks));
        }
    }

    private void userPart(List<Block> blocks) {
        GeminiPartDecoder.Response response = parts.response();
        if (response == null) {
            blocks.addAll(parts.blocks());
            return;
        }
        Block.ToolUse call = answered(response);
        unanswered.remove(call);
        blocks.add(new Block.ToolResult(call.id(), response.content(), response.isError(), null));
    }

    private Block.ToolUse answered(GeminiPartDecoder.Response response) {
        for (Block.ToolUse call : unanswered) {
            boolean meant =
                    response.id().isEmpty()
                            ? call.name().equals(response.name())
                            : call.id().equals(response.id());
            if (meant) {
                return call;
            }
        }
        if (unanswered.isEmpty() || !response.id().isEmpty()) {
            throw Failure.invalid(
                            "contents[" + index + "]",
                            "a functionResponse answers no functionCall of the model before it")
                    .asException();
        }
        return unanswered.getFirst();
    }

    private void model() {
        if (said.isEmpty()) {
            unanswered.clear();
        }
        parts(this::modelPart);
    }

    private void modelPart() {
        GeminiPartDecoder.Response response = parts.response();
        if (response != null) {
            throw Failure.invalid(
                            "contents[" + index + "]",
                            "a functionResponse stands in a content of the user, not of the model")
                    .asException();
        }
        String signature = parts.signature();
        if (parts.isThought()) {
            thought(parts.text(), signature);
            return;
        }
        if (!signature.isEmpty()) {
            said.add(
                    GeminiSeal.foreign(signature)
                            .orElseGet(() -> GeminiSeal.thinking("", signature)));
        }
        boolean joins = signature.isEmpty() && !lastIsSealed;
        lastIsSealed = !signature.isEmpty();
        for (Block block : parts.blocks()) {
            say(block, joins);
        }
    }

    /** Pieces of an answer are pieces of one text, unless one of them is sealed. */
    private void say(Block block, boolean joins) {
        Block last = said.isEmpty() ? null : said.getLast();
        switch (block) {
            case Block.Text text when text.text().isEmpty() -> {}
            case Block.Text more when joins && last instanceof Block.Text before ->
                    said.set(said.size() - 1, new Block.Text(before.text() + more.text()));
            case Block.ToolUse call -> {
                Block.ToolUse named =
                        call.id().isEmpty()
                                ? new Block.ToolUse(
                                        "call_" + index + "_" + said.size(),
                                        call.name(),
                                        call.arguments(),
                                        false,
                                        null)
                                : call;
                unanswered.add(named);
                said.add(named);
            }
            default -> said.add(block);
        }
    }

    /**
     * A thought of the vendor's stays as it is. The seal of another vendor belongs to all the
     * thoughts in front of it that have none.
     */
    private void thought(String text, String signature) {
        Block foreign = signature.isEmpty() ? null : GeminiSeal.foreign(signature).orElse(null);
        switch (foreign) {
            case Block.Thinking sealed -> {
                StringBuilder all = new StringBuilder(text);
                while (!said.isEmpty()
                        && said.getLast() instanceof Block.Thinking before
                        && before.signature().isEmpty()) {
                    all.insert(0, before.text());
                    said.removeLast();
                }
                said.add(new Block.Thinking(all.toString(), sealed.signature()));
            }
            case Block redacted -> said.add(redacted);
            case null -> {
                if (!text.isEmpty() || !signature.isEmpty()) {
                    said.add(GeminiSeal.thinking(text, signature));
                }
            }
        }
    }

    private void flush() {
        if (!said.isEmpty()) {
            request.messages.add(new Message(Role.ASSISTANT, said));
            said.clear();
        }
    }
}
