package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.Elapsed;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.Losses;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.BlockStop;
import dev.sluice.core.event.Event.Delta;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.Text;
import dev.sluice.core.request.Request;
import dev.sluice.dialect.Wire;

import java.util.ArrayList;
import java.util.List;

/** Streams put together by hand, and what is read from them. */
final class Lines {
    static final OllamaDialect DIALECT = new OllamaDialect();

    private static final Elapsed ELAPSED =
            new Elapsed() {
                @Override
                public long total() {
                    return 5_000;
                }

                @Override
                public long toFirstContent() {
                    return 2_000;
                }
            };

    private Lines() {}

    /** A line with this message. */
    static String line(String message) {
        return "{\"model\":\"m1\",\"created_at\":\"2025-10-26T17:15:24.1Z\",\"message\":"
                + message
                + ",\"done\":false}\n";
    }

    static String text(String text) {
        return line("{\"role\":\"assistant\",\"content\":\"" + text + "\"}");
    }

    /** The last line. */
    static String done(String reason) {
        return "{\"model\":\"m1\",\"created_at\":\"2025-10-26T17:15:25Z\",\"message\":"
                + "{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\""
                + reason
                + "\",\"prompt_eval_count\":3,\"eval_count\":2}\n";
    }

    static List<Event> events(String... lines) {
        return Wire.decode(DIALECT, Wire.foreign(), String.join("", lines));
    }

    static EncodeContext context(Operation operation) {
        return new EncodeContext(
                operation,
                "x1",
                "asked",
                1_760_000_001,
                true,
                "req_1",
                0,
                false,
                ELAPSED,
                Request.builder("").build(),
                new Losses());
    }

    /** What a client of {@code /api/chat} is sent. */
    static String chat(List<Event> events) {
        return Wire.encoded(DIALECT, context(Operation.GENERATE), events);
    }

    /** What a client of {@code /api/generate} is sent. */
    static String generate(List<Event> events) {
        return Wire.encoded(DIALECT, context(Operation.COMPLETE), events);
    }

    /** A message of these blocks. */
    static List<Event> message(StopReason reason, List<List<Event>> blocks) {
        List<Event> events = new ArrayList<>();
        events.add(new Event.MessageStart("", "m1", 1_760_000_000, Usage.NONE));
        blocks.forEach(events::addAll);
        events.add(new Event.MessageDelta(reason, null, Usage.of(3, 4, -1, 2, -1)));
        events.add(Event.STOP);
        return events;
    }

    /** A block that starts, grows by each of {@code texts}, and stops. */
    static List<Event> block(BlockStart start, DeltaKind kind, String... texts) {
        List<Event> events = new ArrayList<>();
        events.add(start);
        for (String text : texts) {
            events.add(new Delta(start.index(), kind, Text.of(text)));
        }
        events.add(new BlockStop(start.index()));
        return events;
    }

    /** A tool call whose arguments come in these pieces. */
    static List<Event> call(int index, String id, String name, String... arguments) {
        return block(BlockStart.tool(index, id, name), DeltaKind.ARGUMENTS, arguments);
    }
}
