package dev.sluice.cli.chat;

import dev.sluice.cli.chat.Conversation.Turn;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation in a file: the body of an OpenAI Chat request, so that other programs can send it
 * on. Text alone is kept.
 */
final class ConversationFile {
    private static final long MOST_BYTES = 64 << 20;
    private static final Names MEMBERS = Names.of("model", "messages");
    private static final Names OF_MESSAGE = Names.of("role", "content");
    private static final Names OF_PART = Names.of("type", "text");

    private ConversationFile() {}

    /** Something that was said. */
    private record Said(String role, String text) {}

    /**
     * Writes {@code conversation}.
     *
     * @param replacing whether a file that is there may be replaced
     * @throws java.nio.file.FileAlreadyExistsException if it is there and may not
     */
    static void save(Path file, String model, Conversation conversation, boolean replacing)
            throws IOException {
        JsonWriter json = new JsonWriter(new ByteBuilder());
        json.beginObject().field("model", model).name("messages").beginArray();
        if (!conversation.system().isEmpty()) {
            message(json, "system", conversation.system());
        }
        for (Turn turn : conversation.turns()) {
            message(json, "user", turn.user());
            if (!turn.text().isEmpty()) {
                message(json, "assistant", turn.text());
            }
        }
        json.endArray().endObject();
        json.out().add('\n');
        OpenOption[] create = {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
        OpenOption[] replace = {
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE
        };
        Files.write(file, json.out().toBytes(), replacing ? replace : create);
    }

    private static void message(JsonWriter json, String role, String text) {
        json.beginObject().field("role", role).field("content", text).endObject();
    }

    /**
     * Reads a conversation.
     *
     * @throws IOException if the file cannot be read or holds none; the message is for people
     */
    static Conversation load(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("it is larger than any conversation");
        }
        List<Said> all = new ArrayList<>();
        try {
            JsonReader json = new JsonReader(Files.readAllBytes(file));
            json.beginObject();
            for (int at = json.nextField(MEMBERS);
                    at != JsonReader.END_OBJECT;
                    at = json.nextField(MEMBERS)) {
                if (at == 1) {
                    json.beginArray();
                    while (json.hasNext()) {
                        all.add(message(json));
                    }
                } else {
                    json.skip();
                }
            }
            json.end();
        } catch (MalformedJson malformed) {
            throw new IOException("it holds no conversation: " + malformed.getMessage());
        }
        return conversation(all);
    }

    private static Said message(JsonReader json) {
        String role = "";
        String text = "";
        json.beginObject();
        for (int at = json.nextField(OF_MESSAGE);
                at != JsonReader.END_OBJECT;
                at = json.nextField(OF_MESSAGE)) {
            switch (at) {
                case 0 -> role = json.string();
                case 1 -> text = content(json);
                default -> json.skip();
            }
        }
        return new Said(role, text);
    }

    private static String content(JsonReader json) {
        if (json.skipNull()) {
            return "";
        }
        if (json.peek() == JsonReader.Kind.STRING) {
            return json.string();
        }
        StringBuilder text = new StringBuilder();
        json.beginArray();
        while (json.hasNext()) {
            json.beginObject();
            for (int at = json.nextField(OF_PART);
                    at != JsonReader.END_OBJECT;
                    at = json.nextField(OF_PART)) {
                if (at == 1) {
                    text.append(json.string());
                } else {
                    json.skip();
                }
            }
        }
        return text.toString();
    }

    private static Conversation conversation(List<Said> all) throws IOException {
        StringBuilder system = new StringBuilder();
        Conversation conversation = new Conversation("");
        for (Said said : all) {
            switch (said.role()) {
                case "system", "developer" ->
                        system.append(system.isEmpty() ? "" : "\n\n").append(said.text());
                case "user" -> conversation.turns().add(new Turn(said.text()));
                case "assistant" -> {
                    if (conversation.turns().isEmpty()) {
                        throw new IOException("it begins with an answer");
                    }
                    Turn turn = conversation.turns().removeLast();
                    String before = turn.text().isEmpty() ? "" : turn.text() + "\n\n";
                    conversation.turns().add(new Turn(turn.user(), before + said.text(), null));
                }
                default ->
                        throw new IOException(
                                "it has a message of the role `"
                                        + said.role()
                                        + "` (expected: system, user or assistant)");
            }
        }
        conversation.system(system.toString());
        return conversation;
    }
}
