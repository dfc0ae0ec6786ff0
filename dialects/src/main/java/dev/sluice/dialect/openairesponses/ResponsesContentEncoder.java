package dev.sluice.dialect.openairesponses;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Source;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/** Writes the parts of messages and of what tools put out. */
final class ResponsesContentEncoder {
    private static final String PDF = "application/pdf";
    private static final Set<String> PARTS = Set.of("computer_screenshot", "encrypted_content");

    private final Outgoing outgoing;
    private final JsonWriter json;

    ResponsesContentEncoder(Outgoing outgoing, JsonWriter json) {
        this.outgoing = outgoing;
        this.json = json;
    }

    /** Whether the block is a part of a message and no item of its own. */
    boolean isPart(Block.Opaque block) {
        String type = block.type();
        return type.startsWith("input_") || type.startsWith("output_") || PARTS.contains(type);
    }

    /**
     * Writes a part.
     *
     * @param textType what text is called where it stands
     * @param param where the client has written it
     */
    void part(Block block, String textType, String param) {
        noBreakpoint(block);
        switch (block) {
            case Block.Text text -> text(text.text(), textType);
            case Block.Refusal refusal -> refusal(refusal.text(), textType);
            case Block.Image image -> image(image, param);
            case Block.Document document -> document(document, textType, param);
            case Block.Audio audio -> audio(audio, param);
            case Block.Opaque opaque -> {
                if (!outgoing.sameDialect()) {
                    throw unknown(opaque, param);
                }
                json.value(opaque.raw());
            }
            case Block.Thinking _, Block.RedactedThinking _, Block.ToolUse _, Block.ToolResult _ ->
                    throw Outgoing.refused(
                            param, "a block of this kind cannot stand here at this upstream");
        }
    }

    RuntimeException unknown(Block.Opaque block, String param) {
        return Outgoing.refused(
                param,
                "content of type `"
                        + Lenient.shortened(block.type())
                        + "` has no counterpart at this upstream");
    }

    /** Tells that a cache breakpoint is lost: this dialect caches by itself. */
    void noBreakpoint(Block block) {
        if (block.cacheControl() != null) {
            outgoing.dropped("cache_control");
        }
    }

    private void text(String text, String type) {
        json.beginObject().field("type", type).field("text", text).endObject();
    }

    private void refusal(String text, String textType) {
        if (textType.equals("output_text")) {
            json.beginObject().field("type", "refusal").field("refusal", text).endObject();
        } else {
            text(text, textType);
        }
    }

    private void media(String param, String kind) {
        if (!outgoing.is(Quirk.MEDIA)) {
            throw Outgoing.refused(
                    param, "this upstream takes text only, and the request has " + kind);
        }
    }

    private void image(Block.Image image, String param) {
        media(param, "an image");
        json.beginObject().field("type", "input_image");
        switch (image.source()) {
            case Source.Base64 inline -> json.field("image_url", Source.toDataUrl(inline));
            case Source.Url url -> {
                if (!outgoing.is(Quirk.IMAGE_URLS)) {
                    throw Outgoing.refused(
                            param,
                            "this upstream fetches no images from addresses; send the image"
                                    + " itself, in base64");
                }
                json.field("image_url", url.url());
            }
            case Source.FileId file -> file(file, param);
            case Source.PlainText _ ->
                    throw Outgoing.refused(param, "an image cannot be plain text");
        }
        if (image.detail() != null) {
            json.field("detail", image.detail());
        }
        json.endObject();
    }

    private void file(Source.FileId file, String param) {
        if (!outgoing.sameDialect() && !outgoing.request().dialect().equals("openai-chat")) {
            throw Outgoing.refused(
                    param, "a file that was uploaded to another vendor is not at this upstream");
        }
        json.field("file_id", file.id());
    }

    private void document(Block.Document document, String textType, String param) {
        if (document.citations()) {
            outgoing.dropped("citations");
        }
        switch (document.source()) {
            case Source.PlainText text -> text(titled(document, text.text()), textType);
            case Source.Base64 inline -> {
                if (inline.mediaType().startsWith("text/") && !outgoing.sameDialect()) {
                    text(titled(document, decoded(inline, param)), textType);
                } else {
                    upload(document, inline, param);
                }
            }
            case Source.FileId file -> {
                media(param, "a document");
                file(file, param, document);
            }
            case Source.Url url -> {
                media(param, "a document");
                json.beginObject().field("type", "input_file").field("file_url", url.url());
                filename(document);
                json.endObject();
            }
        }
    }

    private void file(Source.FileId file, String param, Block.Document document) {
        json.beginObject().field("type", "input_file");
        file(file, param);
        filename(document);
        json.endObject();
    }

    private void filename(Block.Document document) {
        outgoing.droppedIf(document.context() != null, "document.context");
        if (document.title() != null && outgoing.sameDialect()) {
            json.field("filename", document.title());
        } else {
            outgoing.droppedIf(document.title() != null, "document.title");
        }
    }

    /** A document of text becomes text under a line that names it. */
    private static String titled(Block.Document document, String body) {
        StringBuilder text = new StringBuilder();
        if (document.title() != null) {
            text.append("Document: ").append(document.title()).append('\n');
        }
        if (document.context() != null) {
            text.append(document.context()).append('\n');
        }
        return text.append(text.isEmpty() ? "" : "\n").append(body).toString();
    }

    private static String decoded(Source.Base64 inline, String param) {
        try {
            byte[] bytes = Base64.getDecoder().decode(inline.data());
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            throw Outgoing.refused(param, "the document's data is not base64");
        }
    }

    private void upload(Block.Document document, Source.Base64 inline, String param) {
        media(param, "a document");
        if (document.context() != null) {
            outgoing.dropped("document.context");
        }
        String title = document.title();
        json.beginObject().field("type", "input_file");
        if (!outgoing.sameDialect()) {
            String name = title == null || title.isBlank() ? "document" : title;
            boolean bare =
                    inline.mediaType().equals(PDF)
                            && !name.toLowerCase(Locale.ROOT).endsWith(".pdf");
            json.field("filename", bare ? name + ".pdf" : name);
        } else if (title != null) {
            json.field("filename", title);
        }
        json.field("file_data", Source.toDataUrl(inline)).endObject();
    }

    private void audio(Block.Audio audio, String param) {
        media(param, "sound");
        json.beginObject().field("type", "input_audio").name("input_audio").beginObject();
        json.field("data", audio.data()).field("format", audio.format()).endObject().endObject();
    }
}
