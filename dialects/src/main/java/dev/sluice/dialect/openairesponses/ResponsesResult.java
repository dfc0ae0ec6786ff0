package dev.sluice.dialect.openairesponses;

import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

/** What an upstream's response object says beside its output. */
final class ResponsesResult {
    private static final Names RESPONSE =
            Names.of(
                    "id",
                    "model",
                    "created_at",
                    "status",
                    "usage",
                    "incomplete_details",
                    "error",
                    "output");
    private static final Names DETAILS = Names.of("reason");

    String id = "";
    String model = "";
    long created;
    String status = "";
    Usage usage = Usage.NONE;
    String incomplete = "";
    @Nullable Raw error;

    /** Where the output begins in the document that was read, or -1. */
    int outputAt = -1;

    private ResponsesResult() {}

    /** Reads the response object that is next; what is no object says nothing. */
    static ResponsesResult read(JsonReader reader) {
        ResponsesResult result = new ResponsesResult();
        if (!Lenient.enterObject(reader)) {
            return result;
        }
        for (int f = reader.nextField(RESPONSE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(RESPONSE)) {
            switch (f) {
                case 0 -> result.id = Lenient.text(reader).toString();
                case 1 -> result.model = Lenient.text(reader).toString();
                case 2 -> result.created = Lenient.number(reader, 0);
                case 3 -> result.status = Lenient.text(reader).toString();
                case 4 -> result.usage = ResponsesUsage.read(reader);
                case 5 -> result.incomplete = reason(reader);
                case 6 -> result.error = Lenient.something(reader);
                case 7 -> {
                    result.outputAt = reader.position();
                    reader.skip();
                }
                default -> reader.skip();
            }
        }
        return result;
    }

    private static String reason(JsonReader reader) {
        String reason = "";
        if (Lenient.enterObject(reader)) {
            for (int f = reader.nextField(DETAILS);
                    f != JsonReader.END_OBJECT;
                    f = reader.nextField(DETAILS)) {
                if (f == 0) {
                    reason = Lenient.text(reader).toString();
                } else {
                    reader.skip();
                }
            }
        }
        return reason;
    }

    /** Why the message ended; what is in it decides where the wire has no word. */
    StopReason stopReason(boolean called, boolean refused) {
        if (status.equals("incomplete")) {
            return switch (incomplete) {
                case "max_output_tokens", "" -> StopReason.MAX_TOKENS;
                case "content_filter" -> StopReason.REFUSAL;
                default -> StopReason.OTHER;
            };
        }
        if (called) {
            return StopReason.TOOL_USE;
        }
        return refused ? StopReason.REFUSAL : StopReason.END_TURN;
    }
}
