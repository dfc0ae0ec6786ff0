package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The content of one message: texts that become one string, and images in base64. */
final class OllamaContent {
    private final Outgoing outgoing;
    private final String param;
    private final List<String> texts = new ArrayList<>();
    private final List<String> images = new ArrayList<>();
    private String prefix = "";

    /** {@code param} is where the client has written it. */
    OllamaContent(Outgoing outgoing, String param) {
        this.outgoing = outgoing;
        this.param = param;
    }

    /** Adds a block, or says why the upstream cannot have it. */
    void add(Block block) {
        outgoing.droppedIf(block.cacheControl() != null, "cache_control");
        switch (block) {
            case Block.Text text -> texts.add(text.text());
            case Block.Refusal refusal -> texts.add(refusal.text());
            case Block.Image image -> image(image);
            case Block.Document document -> document(document);
            case Block.Audio _ -> throw refused("this upstream takes no sound");
            case Block.Opaque opaque ->
                    throw refused("`" + opaque.type() + "` has no counterpart at this upstream");
            case Block.Thinking _, Block.RedactedThinking _, Block.ToolUse _, Block.ToolResult _ ->
                    throw refused("a block of this kind cannot stand here at this upstream");
        }
    }

    private RuntimeException refused(String why) {
        return Outgoing.refused(param, why);
    }

    private void image(Block.Image image) {
        if (!outgoing.is(Quirk.MEDIA)) {
            throw refused("this upstream takes text only, and the request has an image");
        }
        String detail = image.detail();
        outgoing.droppedIf(detail != null && !detail.equals("auto"), "detail");
        switch (image.source()) {
            case Source.Base64 inline -> images.add(inline.data());
            case Source.Url _ ->
                    throw refused(
                            "this upstream fetches no images from addresses; send the image itself,"
                                    + " in base64");
            case Source.FileId _ ->
                    throw refused(
                            "a file that was uploaded to another vendor is not at this upstream");
            case Source.PlainText _ -> throw refused("an image cannot be plain text");
        }
    }

    /** A document of text becomes text under a line that names it. */
    private void document(Block.Document document) {
        outgoing.droppedIf(document.citations(), "citations");
        StringBuilder text = new StringBuilder();
        if (document.title() != null) {
            text.append("Document: ").append(document.title()).append('\n');
        }
        if (document.context() != null) {
            text.append(document.context()).append('\n');
        }
        text.append(text.isEmpty() ? "" : "\n").append(body(document.source()));
        texts.add(text.toString());
    }

    private String body(Source source) {
        return switch (source) {
            case Source.PlainText plain -> plain.text();
            case Source.Base64 inline -> {
                if (!inline.mediaType().startsWith("text/")) {
                    throw refused("this upstream takes no documents but text");
                }
                try {
                    byte[] bytes = Base64.getDecoder().decode(inline.data());
                    yield new String(bytes, StandardCharsets.UTF_8);
                } catch (IllegalArgumentException notBase64) {
                    throw refused("the document's data is not base64");
                }
            }
            case Source.Url _, Source.FileId _ ->
                    throw refused("this upstream takes no documents but text");
        };
    }

    /** Puts {@code words} in front of the text. */
    void prefix(String words) {
        prefix = words;
    }

    /** The text, joined by {@code separator}. */
    String text(String separator) {
        return prefix + String.join(separator, texts);
    }

    /** Writes {@code content}, and {@code images} if there are any. */
    void write(JsonWriter json, String separator) {
        json.field("content", text(separator));
        if (!images.isEmpty()) {
            json.name("images").beginArray();
            images.forEach(json::value);
            json.endArray();
        }
    }
}
