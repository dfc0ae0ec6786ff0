package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Source;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Makes parts of blocks, or says why the upstream cannot have them. */
final class OpenAiChatContentEncoder {
    private static final String PDF = "application/pdf";

    private final Outgoing outgoing;

    OpenAiChatContentEncoder(Outgoing outgoing) {
        this.outgoing = outgoing;
    }

    /**
     * The part that says {@code block}.
     *
     * @param param where the client has written it
     */
    OpenAiChatPart part(Block block, String param) {
        Raw breakpoint = breakpoint(block.cacheControl());
        return switch (block) {
            case Block.Text text -> new OpenAiChatPart.Text(text.text(), breakpoint);
            case Block.Refusal refusal -> new OpenAiChatPart.Text(refusal.text(), null);
            case Block.Image image -> image(image, breakpoint, param);
            case Block.Document document -> document(document, breakpoint, param);
            case Block.Audio audio -> {
                media(param, "sound");
                yield new OpenAiChatPart.Audio(audio.data(), audio.format());
            }
            case Block.Opaque opaque -> own(opaque, param);
            case Block.Thinking _, Block.RedactedThinking _, Block.ToolUse _, Block.ToolResult _ ->
                    throw Outgoing.refused(
                            param, "a block of this kind cannot stand here at this upstream");
        };
    }

    /** The breakpoint as far as this dialect wrote it and the server takes content in parts. */
    private @Nullable Raw breakpoint(@Nullable Raw cacheControl) {
        if (cacheControl == null) {
            return null;
        }
        if (outgoing.sameDialect()
                && outgoing.is(Quirk.SYSTEM_PARTS)
                && outgoing.is(Quirk.UNKNOWN_PARAMETERS)) {
            return cacheControl;
        }
        outgoing.dropped(outgoing.sameDialect() ? "prompt_cache_breakpoint" : "cache_control");
        return null;
    }

    /**
     * Writes content: a string where the parts are text and the server takes only that, or where
     * there is but one; else an array.
     */
    void write(JsonWriter json, List<OpenAiChatPart> parts, String separator) {
        boolean plain = parts.stream().allMatch(OpenAiChatPart::isPlainText);
        if (plain && (parts.size() <= 1 || !outgoing.is(Quirk.SYSTEM_PARTS))) {
            json.value(OpenAiChatPart.joined(parts, separator));
            return;
        }
        json.beginArray();
        parts.forEach(part -> part.write(json));
        json.endArray();
    }

    /** Tells that a breakpoint on something that becomes no part is lost. */
    void noBreakpoint(Block block) {
        if (block.cacheControl() != null) {
            outgoing.dropped(outgoing.sameDialect() ? "prompt_cache_breakpoint" : "cache_control");
        }
    }

    private void media(String param, String kind) {
        if (!outgoing.is(Quirk.MEDIA)) {
            throw Outgoing.refused(
                    param, "this upstream takes text only, and the request has " + kind);
        }
    }

    private OpenAiChatPart image(Block.Image image, @Nullable Raw breakpoint, String param) {
        media(param, "an image");
        return switch (image.source()) {
            case Source.Base64 inline ->
                    new OpenAiChatPart.Image(Source.toDataUrl(inline), image.detail(), breakpoint);
            case Source.Url url -> {
                if (!outgoing.is(Quirk.IMAGE_URLS)) {
                    throw Outgoing.refused(
                            param,
                            "this upstream fetches no images from addresses; send the image"
                                    + " itself, in base64");
                }
                yield new OpenAiChatPart.Image(url.url(), image.detail(), breakpoint);
            }
            case Source.FileId file -> file(file, breakpoint, param);
            case Source.PlainText _ ->
                    throw Outgoing.refused(param, "an image cannot be plain text");
        };
    }

    private OpenAiChatPart file(Source.FileId file, @Nullable Raw breakpoint, String param) {
        if (!outgoing.sameDialect()) {
            throw Outgoing.refused(
                    param, "a file that was uploaded to another vendor is not at this upstream");
        }
        return new OpenAiChatPart.FileId(file.id(), breakpoint);
    }

    private OpenAiChatPart document(
            Block.Document document, @Nullable Raw breakpoint, String param) {
        if (document.citations()) {
            outgoing.dropped("citations");
        }
        return switch (document.source()) {
            case Source.PlainText text -> text(document, text.text(), breakpoint);
            case Source.Base64 inline -> {
                boolean isText = inline.mediaType().startsWith("text/");
                yield isText && !outgoing.sameDialect()
                        ? text(document, decoded(inline, param), breakpoint)
                        : file(document, inline, breakpoint, param);
            }
            case Source.FileId file -> file(file, breakpoint, param);
            case Source.Url _ ->
                    throw Outgoing.refused(
                            param,
                            "this upstream fetches no documents from addresses; send the document"
                                    + " itself, in base64");
        };
    }

    /** A document of text becomes text under a line that names it. */
    private static OpenAiChatPart text(
            Block.Document document, String body, @Nullable Raw breakpoint) {
        StringBuilder text = new StringBuilder();
        if (document.title() != null) {
            text.append("Document: ").append(document.title()).append('\n');
        }
        if (document.context() != null) {
            text.append(document.context()).append('\n');
        }
        text.append(text.isEmpty() ? "" : "\n").append(body);
        return new OpenAiChatPart.Text(text.toString(), breakpoint);
    }

    private static String decoded(Source.Base64 inline, String param) {
        try {
            byte[] bytes = Base64.getDecoder().decode(inline.data());
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            throw Outgoing.refused(param, "the document's data is not base64");
        }
    }

    private OpenAiChatPart file(
            Block.Document document, Source.Base64 inline, @Nullable Raw breakpoint, String param) {
        media(param, "a document");
        if (document.context() != null) {
            outgoing.dropped("document.context");
        }
        String title = document.title();
        String name = title == null || title.isBlank() ? "document" : title;
        boolean bare = inline.mediaType().equals(PDF) && !outgoing.sameDialect();
        if (bare && !name.toLowerCase(Locale.ROOT).endsWith(".pdf")) {
            name += ".pdf";
        }
        return new OpenAiChatPart.File(name, Source.toDataUrl(inline), breakpoint);
    }

    private OpenAiChatPart own(Block.Opaque opaque, String param) {
        if (!outgoing.sameDialect() || !outgoing.is(Quirk.UNKNOWN_PARAMETERS)) {
            throw Outgoing.refused(
                    param,
                    "content of type `"
                            + Lenient.shortened(opaque.type())
                            + "` has no counterpart at this upstream");
        }
        return new OpenAiChatPart.Own(opaque.raw());
    }
}
