package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.ToolArguments;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Source;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes parts, or says why the upstream cannot have them. */
final class GeminiPartEncoder {
    /** What the vendor wants to be told of an address, by the end of its path. */
    private static final Map<String, String> TYPES =
            Map.of(
                    "png", "image/png",
                    "jpg", "image/jpeg",
                    "jpeg", "image/jpeg",
                    "gif", "image/gif",
                    "webp", "image/webp",
                    "pdf", "application/pdf",
                    "txt", "text/plain");

    private final Outgoing outgoing;
    private final JsonWriter json;

    GeminiPartEncoder(Outgoing outgoing, JsonWriter json) {
        this.outgoing = outgoing;
        this.json = json;
    }

    /**
     * Writes the part that says {@code block}.
     *
     * @param param where the client has written it
     * @param seal the seal on the part, empty if there is none
     */
    void write(Block block, String param, String seal) {
        noBreakpoint(block);
        switch (block) {
            case Block.Text text -> begin().field("text", text.text());
            case Block.Refusal refusal -> begin().field("text", refusal.text());
            case Block.Image image -> image(image, param);
            case Block.Document document -> document(document, param);
            case Block.Audio audio -> {
                media(param, "sound");
                begin();
                inline("audio/" + audio.format(), audio.data());
            }
            case Block.ToolUse call -> call(call);
            case Block.Opaque opaque -> {
                own(opaque, param);
                return;
            }
            case Block.Thinking _, Block.RedactedThinking _, Block.ToolResult _ ->
                    throw Outgoing.refused(
                            param, "a block of this kind cannot stand here at this upstream");
        }
        end(seal);
    }

    private JsonWriter begin() {
        return json.beginObject();
    }

    private void end(String seal) {
        if (!seal.isEmpty()) {
            json.field("thoughtSignature", seal);
        }
        json.endObject();
    }

    /** Writes a thought of an earlier turn. */
    void thought(String text, String seal) {
        begin().field("text", text).field("thought", true);
        end(seal);
    }

    private void noBreakpoint(Block block) {
        if (block.cacheControl() != null) {
            outgoing.dropped("cache_control");
        }
    }

    private void media(String param, String kind) {
        if (!outgoing.is(Quirk.MEDIA)) {
            throw Outgoing.refused(
                    param, "this upstream takes text only, and the request has " + kind);
        }
    }

    // ---- images and documents ----

    private void image(Block.Image image, String param) {
        media(param, "an image");
        String detail = image.detail();
        if (detail != null && !detail.equals("auto")) {
            outgoing.dropped("detail");
        }
        begin();
        source(image.source(), param);
    }

    private void source(Source source, String param) {
        switch (source) {
            case Source.Base64 inline -> inline(inline.mediaType(), inline.data());
            case Source.Url url -> {
                if (!outgoing.is(Quirk.IMAGE_URLS)) {
                    throw Outgoing.refused(
                            param,
                            "this upstream fetches nothing from addresses; send the content itself,"
                                    + " in base64");
                }
                address(url.url());
            }
            case Source.FileId _ ->
                    throw Outgoing.refused(
                            param,
                            "a file that was uploaded to another vendor is not at this upstream");
            case Source.PlainText _ ->
                    throw Outgoing.refused(param, "an image cannot be plain text");
        }
    }

    private void inline(String type, String data) {
        json.name("inlineData").beginObject();
        json.field("mimeType", type).field("data", data).endObject();
    }

    private void address(String uri) {
        json.name("fileData").beginObject();
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String type = TYPES.get(ending);
        if (type != null) {
            json.field("mimeType", type);
        }
        json.field("fileUri", uri).endObject();
    }

    /** A document of text becomes text under a line that names it. */
    private void document(Block.Document document, String param) {
        if (document.citations()) {
            outgoing.dropped("citations");
        }
        if (document.source() instanceof Source.PlainText text) {
            StringBuilder all = new StringBuilder();
            if (document.title() != null) {
                all.append("Document: ").append(document.title()).append('\n');
            }
            if (document.context() != null) {
                all.append(document.context()).append('\n');
            }
            all.append(all.isEmpty() ? "" : "\n").append(text.text());
            begin().field("text", all.toString());
            return;
        }
        media(param, "a document");
        if (document.context() != null) {
            outgoing.dropped("document.context");
        }
        begin();
        String title = document.title();
        if (title != null
                && outgoing.sameDialect()
                && document.source() instanceof Source.Base64 d) {
            json.name("inlineData").beginObject().field("mimeType", d.mediaType());
            json.field("data", d.data()).field("displayName", title).endObject();
            return;
        }
        if (title != null) {
            outgoing.dropped("document.title");
        }
        source(document.source(), param);
    }

    // ---- calls and results ----

    private void call(Block.ToolUse call) {
        begin().name("functionCall").beginObject().field("id", call.id());
        json.field("name", outgoing.toolName(call.name())).field("args", ToolArguments.sent(call));
        json.endObject();
    }

    /**
     * Writes what a function has answered.
     *
     * @return images and the like that have no place in it
     */
    List<Block> result(Block.ToolResult result, String function, String param) {
        noBreakpoint(result);
        StringBuilder text = new StringBuilder();
        List<Block> media = new ArrayList<>();
        for (Block block : result.content()) {
            switch (block) {
                case Block.Text words ->
                        text.append(text.isEmpty() ? "" : "\n\n").append(words.text());
                case Block.Document document
                        when document.source() instanceof Source.PlainText words ->
                        text.append(text.isEmpty() ? "" : "\n\n").append(words.text());
                default -> media.add(block);
            }
        }
        begin().name("functionResponse").beginObject().field("id", result.toolUseId());
        json.field("name", outgoing.toolName(function));
        json.field("response", GeminiResults.write(text.toString(), result.isError()));
        if (outgoing.sameDialect() && !media.isEmpty()) {
            json.name("parts").beginArray();
            media.forEach(block -> write(block, param, ""));
            json.endArray();
        }
        json.endObject().endObject();
        return outgoing.sameDialect() ? List.of() : media;
    }

    private void own(Block.Opaque opaque, String param) {
        if (!outgoing.sameDialect()) {
            throw Outgoing.refused(
                    param,
                    "content of type `"
                            + Lenient.shortened(opaque.type())
                            + "` has no counterpart at this upstream");
        }
        json.value(opaque.raw());
    }
}
