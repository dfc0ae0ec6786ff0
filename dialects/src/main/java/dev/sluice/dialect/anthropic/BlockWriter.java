package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.ToolArguments;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.CachePoint;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Source;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Writes messages and their content blocks. */
final class BlockWriter {
    private static final Set<String> IMAGES =
            Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private final JsonWriter out;
    private final boolean own;
    private final Quirks quirks;
    private final LegalNames names;
    private final Warnings warnings;

    /** {@code own} says whether the blocks are those of a client of this dialect. */
    BlockWriter(JsonWriter out, boolean own, Quirks quirks, LegalNames names, Warnings warnings) {
        this.out = out;
        this.own = own;
        this.quirks = quirks;
        this.names = names;
        this.warnings = warnings;
    }

    /** Writes all turns. */
    void messages(List<Message> turns) {
        out.beginArray();
        for (Message turn : turns) {
            out.beginObject().field("role", role(turn.role())).name("content");
            blocks(turn.blocks());
            out.endObject();
        }
        out.endArray();
    }

    private static String role(Role role) {
        return switch (role) {
            case USER -> "user";
            case ASSISTANT -> "assistant";
            case SYSTEM -> "system";
        };
    }

    /** Writes instructions: blocks, or a string for a server that knows nothing else. */
    void system(List<Block> blocks) {
        if (quirks.is(Quirk.SYSTEM_PARTS)) {
            blocks(blocks);
            return;
        }
        StringBuilder joined = new StringBuilder();
        for (Block block : blocks) {
            if (block instanceof Block.Text text) {
                joined.append(joined.isEmpty() ? "" : "\n\n").append(text.text());
            }
        }
        out.value(joined.toString());
    }

    private void blocks(List<Block> blocks) {
        out.beginArray();
        for (Block block : blocks) {
            block(block);
        }
        out.endArray();
    }

    private void block(Block block) {
        switch (block) {
            case Block.Text text -> text(text.text(), text.cacheControl());
            case Block.Image image -> image(image);
            case Block.Document document -> document(document);
            case Block.Thinking thinking ->
                    out.beginObject()
                            .field("type", "thinking")
                            .field("thinking", thinking.text())
                            .field("signature", thinking.signature())
                            .endObject();
            case Block.RedactedThinking redacted ->
                    out.beginObject()
                            .field("type", "redacted_thinking")
                            .field("data", redacted.data())
                            .endObject();
            case Block.ToolUse use -> toolUse(use);
            case Block.ToolResult result -> toolResult(result);
            case Block.Refusal refusal -> text(refusal.text(), null);
            case Block.Audio _ -> throw unsupported("sound");
            case Block.Opaque opaque -> opaque(opaque);
        }
    }

    private void text(String text, @Nullable Raw cache) {
        out.beginObject().field("type", "text").field("text", text);
        cache(cache);
        out.endObject();
    }

    private void cache(@Nullable Raw cache) {
        cache(out, cache, own, warnings);
    }

    /** Writes a breakpoint, if there is one that this vendor knows. */
    static void cache(JsonWriter out, @Nullable Raw cache, boolean own, Warnings warnings) {
        if (cache == null) {
            return;
        }
        Optional<Raw> known =
                own ? Optional.of(cache) : CachePoint.under(CachePoint.EPHEMERAL, cache);
        if (known.isPresent()) {
            out.field("cache_control", known.get());
        } else {
            warnings.dropped("cache_control");
        }
    }

    private void image(Block.Image image) {
        needMedia("an image");
        if (image.detail() != null && !image.detail().equals("auto")) {
            warnings.dropped("detail");
        }
        out.beginObject().field("type", "image").name("source").beginObject();
        switch (image.source()) {
            case Source.Base64 base64 -> inline(imageType(base64.mediaType()), base64.data());
            case Source.Url url -> address(url.url());
            case Source.FileId file -> out.field("type", "file").field("file_id", file.id());
            case Source.PlainText _ -> throw unsupported("an image that is text");
        }
        out.endObject();
        cache(image.cacheControl());
        out.endObject();
    }

    private String imageType(String mediaType) {
        String type = mediaType.toLowerCase(Locale.ROOT);
        String known = type.equals("image/jpg") ? "image/jpeg" : type;
        if (!own && !IMAGES.contains(known)) {
            throw unsupported("an image of type " + type + " (expected: jpeg, png, gif or webp)");
        }
        return own ? mediaType : known;
    }

    private void inline(String mediaType, String data) {
        out.field("type", "base64").field("media_type", mediaType).field("data", data);
    }

    private void address(String url) {
        if (!quirks.is(Quirk.IMAGE_URLS)) {
            throw unsupported("an address instead of the bytes");
        }
        out.field("type", "url").field("url", url);
    }

    private void document(Block.Document document) {
        boolean plain = document.source() instanceof Source.PlainText;
        if (!plain) {
            needMedia("a document");
        }
        out.beginObject().field("type", "document").name("source").beginObject();
        switch (document.source()) {
            case Source.Base64 base64 -> file(base64);
            case Source.Url url -> address(url.url());
            case Source.FileId file -> out.field("type", "file").field("file_id", file.id());
            case Source.PlainText text -> plainText(text.text());
        }
        out.endObject();
        if (document.title() != null) {
            out.field("title", document.title());
        }
        if (document.context() != null) {
            out.field("context", document.context());
        }
        if (document.citations()) {
            out.name("citations").beginObject().field("enabled", true).endObject();
        }
        cache(document.cacheControl());
        out.endObject();
    }

    private void file(Source.Base64 file) {
        String type = file.mediaType().toLowerCase(Locale.ROOT);
        if (own || type.equals("application/pdf")) {
            inline(file.mediaType(), file.data());
            return;
        }
        boolean text = type.startsWith("text/") || type.startsWith("application/json");
        plainText(
                decoded(text ? file.data() : "!")
                        .orElseThrow(() -> unsupported("a file of type " + type)));
    }

    private static Optional<String> decoded(String base64) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (IllegalArgumentException | CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    private void plainText(String text) {
        out.field("type", "text").field("media_type", "text/plain").field("data", text);
    }

    private void needMedia(String what) {
        if (!quirks.is(Quirk.MEDIA)) {
            throw unsupported(what);
        }
    }

    private void toolUse(Block.ToolUse use) {
        out.beginObject()
                .field("type", "tool_use")
                .field("id", own ? use.id() : LegalNames.id(use.id()))
                .field("name", own ? use.name() : names.tool(use.name()))
                .field("input", ToolArguments.sent(use));
        cache(use.cacheControl());
        out.endObject();
    }

    private void toolResult(Block.ToolResult result) {
        out.beginObject()
                .field("type", "tool_result")
                .field("tool_use_id", own ? result.toolUseId() : LegalNames.id(result.toolUseId()));
        List<Block> content = own ? result.content() : spoken(result.content());
        if (content.size() == 1
                && content.getFirst() instanceof Block.Text text
                && text.cacheControl() == null) {
            out.field("content", text.text());
        } else if (!content.isEmpty()) {
            out.name("content");
            blocks(content);
        }
        if (result.isError()) {
            out.field("is_error", true);
        }
        cache(result.cacheControl());
        out.endObject();
    }

    private static List<Block> spoken(List<Block> content) {
        return content.stream()
                .filter(block -> !(block instanceof Block.Text text) || !text.text().isBlank())
                .toList();
    }

    private void opaque(Block.Opaque opaque) {
        if (!own) {
            throw unsupported("`" + opaque.type() + "`");
        }
        out.value(opaque.raw());
    }

    private static RuntimeException unsupported(String what) {
        return Failure.unsupported("messages", "messages: this model cannot be sent " + what)
                .asException();
    }
}
