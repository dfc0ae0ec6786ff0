package dev.sluice.dialect.openaichat;

import dev.sluice.core.event.Event;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

/**
 * Reads {@code choices} of chunks and of whole answers into a message. Only the first choice is a
 * message; others come where several were asked for, which is for a relay alone.
 */
final class OpenAiChatChoices {
    private static final Names DELTA_CHOICE =
            Names.of(
                    "index",
                    "delta",
                    "finish_reason",
                    "logprobs",
                    "stop_reason",
                    "matched_stop",
                    "text");
    private static final Names MESSAGE_CHOICE =
            Names.of(
                    "index",
                    "message",
                    "finish_reason",
                    "logprobs",
                    "stop_reason",
                    "matched_stop",
                    "text");
    private final OpenAiChatMessage message;
    private final OpenAiChatGrowth growth;
    private final OpenAiChatDeltaReader delta;
    private final Names choiceNames;
    private final JsonReader later = new JsonReader(new byte[0]);

    OpenAiChatChoices(
            OpenAiChatMessage message,
            OpenAiChatGrowth growth,
            boolean sameDialect,
            boolean whole) {
        this.message = message;
        this.growth = growth;
        this.delta = new OpenAiChatDeltaReader(message, growth, sameDialect);
        this.choiceNames = whole ? MESSAGE_CHOICE : DELTA_CHOICE;
    }

    /** Reads the array of choices that is next. */
    void read(JsonReader reader, byte[] bytes) {
        if (!Lenient.enterArray(reader)) {
            return;
        }
        while (reader.hasNext()) {
            if (message.ended()) {
                reader.skip();
            } else {
                choice(reader, bytes);
            }
        }
    }

    private void choice(JsonReader reader, byte[] bytes) {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        long index = -1;
        int deltaAt = -1;
        int deltaEnd = -1;
        Text finish = Text.EMPTY;
        Text met = Text.EMPTY;
        Text text = Text.EMPTY;
        boolean seen = false;
        Raw logprobs = null;
        for (int f = reader.nextField(choiceNames);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(choiceNames)) {
            switch (f) {
                case 0 -> index = Lenient.number(reader, 0);
                case 1 -> {
                    seen = true;
                    if (index == 0) {
                        message.start();
                        delta.read(reader);
                    } else {
                        deltaAt = reader.position();
                        reader.skip();
                        deltaEnd = reader.position();
                    }
                }
                case 2 -> finish = Lenient.text(reader);
                case 3 -> logprobs = Lenient.something(reader);
                case 4, 5 -> met = Lenient.text(reader);
                case 6 -> text = Lenient.text(reader);
                default -> reader.skip();
            }
        }
        if (index > 0) {
            growth.notPlain();
            return;
        }
        message.start();
        if (deltaAt >= 0) {
            later.reset(bytes, deltaAt, deltaEnd - deltaAt);
            delta.read(later);
        }
        if (!seen) {
            // The answer to a bare prompt; beside a delta the same text a second time.
            growth.grow(Event.DeltaKind.TEXT, text);
        }
        end(finish, met, logprobs);
    }

    private void end(Text finish, Text met, @Nullable Raw logprobs) {
        if (logprobs != null) {
            growth.notPlain();
            message.logprobs(logprobs);
        }
        if (OpenAiChatStops.isSequence(met)) {
            message.stopSequence(met);
        }
        if (!finish.isEmpty()) {
            growth.notPlain();
            message.finish(finish);
        }
    }
}
