package dev.sluice.dialect.openaichat;

import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A part of a message's content, ready to be written. */
sealed interface OpenAiChatPart {
    /** Text; {@code breakpoint} is the cache breakpoint on it. */
    record Text(String text, @Nullable Raw breakpoint) implements OpenAiChatPart {}

    /** An image at an address or in a data URL. */
    record Image(String url, @Nullable String detail, @Nullable Raw breakpoint)
            implements OpenAiChatPart {}

    /** A file in a data URL. */
    record File(String name, String data, @Nullable Raw breakpoint) implements OpenAiChatPart {}

    /** A file that was uploaded before. */
    record FileId(String id, @Nullable Raw breakpoint) implements OpenAiChatPart {}

    /** A sound. */
    record Audio(String data, String format) implements OpenAiChatPart {}

    /** A part as it was written. */
    record Own(Raw raw) implements OpenAiChatPart {}

    /** Whether it is text and nothing else. */
    default boolean isPlainText() {
        return this instanceof Text text && text.breakpoint == null;
    }

    /** The text of {@code parts}, all of which are text. */
    static String joined(List<OpenAiChatPart> parts, String separator) {
        StringBuilder text = new StringBuilder();
        for (OpenAiChatPart part : parts) {
            if (part instanceof Text piece) {
                text.append(text.isEmpty() ? "" : separator).append(piece.text);
            }
        }
        return text.toString();
    }

    /** Writes the part. */
    default void write(JsonWriter json) {
        switch (this) {
            case Text text -> {
                json.beginObject().field("type", "text").field("text", text.text);
                end(json, text.breakpoint);
            }
            case Image image -> {
                json.beginObject().field("type", "image_url");
                json.name("image_url").beginObject().field("url", image.url);
                if (image.detail != null) {
                    json.field("detail", image.detail);
                }
                json.endObject();
                end(json, image.breakpoint);
            }
            case File file -> {
                json.beginObject().field("type", "file").name("file").beginObject();
                json.field("filename", file.name).field("file_data", file.data).endObject();
                end(json, file.breakpoint);
            }
            case FileId file -> {
                json.beginObject().field("type", "file").name("file").beginObject();
                json.field("file_id", file.id).endObject();
                end(json, file.breakpoint);
            }
            case Audio audio -> {
                json.beginObject().field("type", "input_audio").name("input_audio").beginObject();
                json.field("data", audio.data).field("format", audio.format).endObject();
                end(json, null);
            }
            case Own own -> json.value(own.raw);
        }
    }

    private static void end(JsonWriter json, @Nullable Raw breakpoint) {
        if (breakpoint != null) {
            json.field("prompt_cache_breakpoint", breakpoint);
        }
        json.endObject();
    }
}
