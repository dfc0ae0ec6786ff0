package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.ToolArguments;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.CachePoint;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Source;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes messages and their content. */
final class BedrockContentEncoder {
    private static final int LONGEST_ID = 64;
    private static final int LONGEST_TITLE = 180;

    private final Outgoing outgoing;
    private final JsonWriter json;
    private final Set<String> titles = new HashSet<>();

    /** What a tool has answered is being written: no cache point stands in it. */
    private boolean withinResult;

    BedrockContentEncoder(Outgoing outgoing, JsonWriter json) {
        this.outgoing = outgoing;
        this.json = json;
    }

    /** Writes all turns. */
    void messages(List<Message> turns) {
        json.beginArray();
        for (Message turn : turns) {
            json.beginObject().field("role", role(turn.role())).name("content");
            blocks(turn.blocks());
            json.endObject();
        }
        json.endArray();
    }

    private static String role(Role role) {
        return switch (role) {
            case USER -> "user";
            case ASSISTANT -> "assistant";
            case SYSTEM -> "system";
        };
    }

    /** Writes a list of blocks, each with its cache point behind it. */
    void blocks(List<Block> blocks) {
        json.beginArray();
        for (Block block : blocks) {
            json.beginObject();
            block(block);
            json.endObject();
            cachePoint(block.cacheControl());
        }
        json.endArray();
    }

    /**
     * Writes a cache point, if it is one that the model knows; which others than Claude keep a
     * prompt, and what of it, is not the same for any two.
     */
    void cachePoint(@Nullable Raw point) {
        if (point == null) {
            return;
        }
        Optional<Raw> known =
                outgoing.sameDialect()
                        ? Optional.of(point)
                        : CachePoint.under(CachePoint.DEFAULT, point)
                                .filter(_ -> BedrockRequestEncoder.isClaude(outgoing.target()));
        if (known.isPresent() && !withinResult) {
            json.beginObject().field("cachePoint", known.get()).endObject();
        } else {
            outgoing.dropped("cache_control");
        }
    }

    private void block(Block block) {
        switch (block) {
            case Block.Text text -> json.field("text", text.text());
            case Block.Refusal refusal -> json.field("text", refusal.text());
            case Block.Image image -> image(image);
            case Block.Document document -> document(document);
            case Block.Audio audio -> audio(audio);
            case Block.Thinking thinking -> thinking(thinking);
            case Block.RedactedThinking redacted ->
                    json.name("reasoningContent")
                            .beginObject()
                            .field("redactedContent", redacted.data())
                            .endObject();
            case Block.ToolUse call -> toolUse(call);
            case Block.ToolResult result -> toolResult(result);
            case Block.Opaque opaque -> {
                if (!outgoing.sameDialect()) {
                    throw refused("`" + opaque.type() + "` has no counterpart at this upstream");
                }
                json.field(opaque.type(), opaque.raw());
            }
        }
    }

    private static RuntimeException refused(String why) {
        return Outgoing.refused("messages", why);
    }

    private void needMedia(String what) {
        if (!outgoing.is(Quirk.MEDIA)) {
            throw refused("this upstream takes text only, and the request has " + what);
        }
    }

    private void image(Block.Image image) {
        needMedia("an image");
        if (image.detail() != null && !image.detail().equals("auto")) {
            outgoing.dropped("detail");
        }
        if (!(image.source() instanceof Source.Base64 inline)) {
            throw refused(
                    "this upstream fetches no images from addresses and knows no files of other"
                            + " vendors; send the image itself, in base64");
        }
        Optional<String> known = BedrockMedia.imageFormat(inline.mediaType());
        if (known.isEmpty() && !outgoing.sameDialect()) {
            throw refused("an image of this type cannot be sent (expected: png, jpeg, gif, webp)");
        }
        json.name("image").beginObject();
        json.field("format", known.orElseGet(() -> subtype(inline.mediaType())));
        bytes(inline.data());
        json.endObject();
    }

    private static String subtype(String mediaType) {
        return mediaType.substring(mediaType.indexOf('/') + 1);
    }

    private void bytes(String base64) {
        json.name("source").beginObject().field("bytes", base64).endObject();
    }

    private void audio(Block.Audio audio) {
        needMedia("a sound");
        json.name("audio").beginObject().field("format", audio.format());
        bytes(audio.data());
        json.endObject();
    }

    private void document(Block.Document document) {
        needMedia("a document");
        json.name("document").beginObject();
        switch (document.source()) {
            case Source.Base64 inline -> {
                Optional<String> known = BedrockMedia.documentFormat(inline.mediaType());
                if (known.isEmpty() && !outgoing.sameDialect()) {
                    throw refused("a document of this type cannot be sent to this upstream");
                }
                json.field("format", known.orElseGet(() -> subtype(inline.mediaType())));
                name(document.title());
                bytes(inline.data());
            }
            case Source.PlainText plain -> {
                json.field("format", "txt");
                name(document.title());
                text(plain.text());
            }
            case Source.Url _, Source.FileId _ ->
                    throw refused(
                            "this upstream fetches no documents from addresses and knows no files"
                                    + " of other vendors; send the document itself, in base64");
        }
        if (document.context() != null) {
            json.field("context", document.context());
        }
        if (document.citations()) {
            json.name("citations").beginObject().field("enabled", true).endObject();
        }
        json.endObject();
    }

    /** Models that cannot cite take bytes alone. */
    private void text(String text) {
        if (outgoing.sameDialect()) {
            json.name("source").beginObject().field("text", text).endObject();
        } else {
            bytes(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** A name is demanded, of few kinds of letters, and no two documents may have the same. */
    private void name(@Nullable String title) {
        if (outgoing.sameDialect()) {
            if (title != null) {
                json.field("name", title);
            }
            return;
        }
        String legal = legalTitle(title == null ? "" : title);
        String unique = legal;
        for (int i = 2; !titles.add(unique); i++) {
            unique = legal + " " + i;
        }
        json.field("name", unique);
    }

    private static String legalTitle(String title) {
        StringBuilder legal = new StringBuilder();
        for (int i = 0; i < title.length() && legal.length() < LONGEST_TITLE; i++) {
            char c = title.charAt(i);
            boolean plain =
                    c >= 'a' && c <= 'z'
                            || c >= 'A' && c <= 'Z'
                            || c >= '0' && c <= '9'
                            || "-()[]".indexOf(c) >= 0;
            boolean space = c == ' ' && !legal.isEmpty() && legal.charAt(legal.length() - 1) != ' ';
            legal.append(plain || space ? c : c == ' ' ? "" : '-');
        }
        String stripped = legal.toString().strip();
        return stripped.isEmpty() ? "document" : stripped;
    }

    private void thinking(Block.Thinking thinking) {
        json.name("reasoningContent").beginObject().name("reasoningText").beginObject();
        json.field("text", thinking.text());
        if (!thinking.signature().isEmpty()) {
            json.field("signature", thinking.signature());
        }
        json.endObject().endObject();
    }

    private void toolUse(Block.ToolUse call) {
        json.name("toolUse").beginObject();
        json.field("toolUseId", id(call.id())).field("name", outgoing.toolName(call.name()));
        json.field("input", ToolArguments.sent(call)).endObject();
    }

    private void toolResult(Block.ToolResult result) {
        json.name("toolResult").beginObject().field("toolUseId", id(result.toolUseId()));
        json.name("content");
        withinResult = !outgoing.sameDialect();
        blocks(outgoing.sameDialect() ? result.content() : spoken(result.content()));
        withinResult = false;
        if (result.isError()) {
            json.field("status", "error");
        }
        json.endObject();
    }

    private static List<Block> spoken(List<Block> content) {
        return content.stream()
                .filter(block -> !(block instanceof Block.Text text) || !text.text().isBlank())
                .toList();
    }

    /**
     * The id in letters that this wire allows. What is made depends on the given one alone, so that
     * a call and its result find each other.
     */
    private String id(String id) {
        boolean legal =
                !id.isEmpty()
                        && id.length() <= LONGEST_ID
                        && id.chars().allMatch(BedrockContentEncoder::isLegal);
        return outgoing.sameDialect() || legal
                ? id
                : "call_" + Outgoing.sha256(id).substring(0, 32);
    }

    private static boolean isLegal(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '_'
                || c == '-';
    }
}
