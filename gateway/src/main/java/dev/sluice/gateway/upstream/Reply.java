package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What came back on a {@link Question}.
 *
 * @param asked the address
 * @param status the HTTP status, 0 if there was no answer
 * @param server the header field of that name
 * @param mediaType the media type, in lower case
 * @param location where a redirect points
 * @param members names of the members of the JSON object that the body is; {@code []} if it is an
 *     array; empty if it is neither
 * @param type what the member {@code type} says
 * @param models the models, if the body is a list of them
 * @param accident why there was no answer
 * @param text the start of the body
 */
record Reply(
        String asked,
        int status,
        String server,
        String mediaType,
        String location,
        Set<String> members,
        String type,
        List<ModelCard> models,
        @Nullable Exception accident,
        String text) {
    /** In {@link #members}: the body is an array. */
    private static final String ARRAY = "[]";

    private static final int TEXT = 4096;
    private static final int LONGEST_NAME = 512;
    private static final Names TYPE = Names.of("type");

    /** No answer. */
    static Reply none(String asked, Exception accident) {
        return new Reply(asked, 0, "", "", "", Set.of(), "", List.of(), accident, "");
    }

    /** An answer in the dialect that it was asked in. */
    static Reply of(
            String asked,
            Dialect dialect,
            int status,
            String server,
            String contentType,
            String location,
            byte[] body) {
        Set<String> members = new HashSet<>();
        String type = "";
        List<ModelCard> models = List.of();
        try {
            type = read(new JsonReader(body), members);
            models = members.isEmpty() || status != 200 ? List.of() : named(dialect, body);
        } catch (MalformedJson notJson) {
            members.clear();
        }
        return new Reply(
                asked,
                status,
                server,
                mediaType(contentType),
                location,
                Set.copyOf(members),
                type,
                models,
                null,
                new String(body, 0, Math.min(body.length, TEXT), StandardCharsets.UTF_8));
    }

    private static String read(JsonReader reader, Set<String> members) {
        String type = "";
        switch (reader.peek()) {
            case ARRAY -> {
                reader.skip();
                members.add(ARRAY);
            }
            case OBJECT -> {
                reader.beginObject();
                int field = reader.nextField(TYPE);
                while (field != JsonReader.END_OBJECT) {
                    members.add(field == 0 ? "type" : reader.fieldName());
                    if (field == 0 && reader.peek() == JsonReader.Kind.STRING) {
                        type = reader.string();
                    } else {
                        reader.skip();
                    }
                    field = reader.nextField(TYPE);
                }
            }
            default -> reader.skip();
        }
        reader.end();
        return type;
    }

    /** The models that have a name that can be asked for and shown. */
    private static List<ModelCard> named(Dialect dialect, byte[] body) {
        Set<String> seen = new HashSet<>();
        return dialect.decodeModels(body).stream()
                .filter(model -> isName(model.id()) && seen.add(model.id()))
                .toList();
    }

    private static boolean isName(String id) {
        return !id.isBlank()
                && id.length() <= LONGEST_NAME
                && id.codePoints().noneMatch(Reply::isUnseen);
    }

    private static boolean isUnseen(int point) {
        return Character.isISOControl(point)
                || Character.getType(point) == Character.FORMAT
                || Character.getType(point) == Character.SURROGATE;
    }

    private static String mediaType(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    /** Whether there was an answer at all. */
    boolean isAnswer() {
        return status > 0;
    }

    /** Whether it is JSON with this member. */
    boolean has(String member) {
        return members.contains(member);
    }

    /**
     * A list of models as OpenAI and those who follow it give it; some leave the object around it
     * away.
     */
    boolean isChatList() {
        return status == 200 && (has(ARRAY) || has("data") && (has("object") || !has("has_more")));
    }

    /** A list of models as Ollama gives it; llama.cpp puts the same beside OpenAI's. */
    boolean isOllamaList() {
        return status == 200 && has("models") && !has("data");
    }

    /** A list of models as Gemini gives it, asked in that dialect. */
    boolean isGeminiList() {
        return status == 200 && has("models");
    }

    /** A list of models as Anthropic gives it, in pages. */
    boolean isAnthropicList() {
        return status == 200 && has("data") && has("has_more") && !has("object");
    }

    /** An error as Anthropic tells it. */
    boolean isAnthropicError() {
        return status >= 400 && has("error") && type.equals("error");
    }

    /** A key is wanted or refused, by an API and not by a web page. */
    boolean isLocked() {
        return (status == 401 || status == 403) && !members.isEmpty();
    }

    /** Whether a model of the list is owned by {@code name}. */
    boolean isOwner(String name) {
        return models.stream().anyMatch(model -> model.owner().equals(name));
    }
}
