package dev.sluice.core.dialect;

import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.BlockStop;
import dev.sluice.core.event.Event.Delta;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.Text;
import dev.sluice.core.json.TextReader;

import org.jspecify.annotations.Nullable;

/**
 * Does to a stream of events what the upstream could not: gives tools the names that the client
 * knows, takes the text of custom tools out of the functions that stood for them, leaves out what
 * the client itself began the answer with, and ends the answer at a stop sequence.
 *
 * <p>A stop sequence may be spread over several deltas. The last characters of the text are held
 * back as long as they may still become one, and no longer; text that cannot is handed over at
 * once, and as it was escaped. At a match the text before it goes out, the message ends, and what
 * the upstream sends after that is ignored. A text block is not started before there is text for
 * it, so that a stop sequence at its very beginning leaves no empty block. Only text is searched,
 * not thinking, not arguments; and each text block for itself.
 */
public final class EmulatedStream implements EventSink {
    /** Room that is kept from one delta to the next. */
    private static final int SMALL = 4096;

    private final Emulations emulations;
    private final EventSink out;
    private final StopSequences stops;
    private final Echo echo;
    private final TextReader reader = new TextReader();

    /**
     * Characters of the open text block that are not handed over; at the end of a delta, those that
     * may become a stop sequence.
     */
    private StringBuilder held = new StringBuilder();

    private int state = StopSequences.START;

    /** The start of a text block that has no text yet. */
    private @Nullable BlockStart delayed;

    /** The custom tool whose arguments are coming. */
    private @Nullable FreeText custom;

    private int open = -1;
    private Usage usage = Usage.NONE;
    private boolean stopped;

    /** Emulates {@code emulations} and hands the events on to {@code downstream}. */
    public EmulatedStream(Emulations emulations, EventSink downstream) {
        this.emulations = emulations;
        this.out = downstream;
        this.stops = new StopSequences(emulations.stopSequences());
        this.echo = new Echo(emulations.begun());
    }

    /** Whether a stop sequence ended the message, so that the upstream need not go on. */
    public boolean stopped() {
        return stopped;
    }

    @Override
    public void onEvent(Event event) {
        if (stopped) {
            return;
        }
        switch (event) {
            case Event.MessageStart start -> {
                usage = usage.merge(start.usage());
                out.onEvent(start);
            }
            case BlockStart start -> start(start);
            case Delta delta -> delta(delta);
            case Event.Annotation annotation -> {
                release();
                out.onEvent(annotation);
            }
            case BlockStop stop -> {
                text(echo.end());
                flush();
                release();
                open = -1;
                custom = null;
                out.onEvent(stop);
            }
            case Event.MessageDelta delta -> {
                usage = usage.merge(delta.usage());
                out.onEvent(delta);
            }
            case Event.Failed failed -> {
                text(echo.end());
                flush();
                out.onEvent(failed);
            }
            case Event.MessageStop stop -> out.onEvent(stop);
            case Event.Ping ping -> out.onEvent(ping);
        }
    }

    private void start(BlockStart start) {
        open = start.index();
        switch (start.kind()) {
            case TOOL_USE -> out.onEvent(tool(start));
            case TEXT -> {
                delayed = start;
                if (stops.isEmpty() && echo.isOver()) {
                    release();
                }
            }
            case THINKING, REDACTED_THINKING, REFUSAL, OPAQUE -> out.onEvent(start);
        }
    }

    private BlockStart tool(BlockStart start) {
        String name = emulations.toolNames().getOrDefault(start.name(), start.name());
        if (emulations.customTools().contains(name) && !start.custom()) {
            custom = new FreeText();
            return BlockStart.customTool(start.index(), start.id(), name);
        }
        return new BlockStart(start.index(), BlockKind.TOOL_USE, start.id(), name, start.data());
    }

    private void delta(Delta delta) {
        boolean delays = delayed != null || !stops.isEmpty() || !echo.isOver();
        if (delta.kind() == DeltaKind.TEXT && delays) {
            text(echo.take(delta.text()));
        } else if (delta.kind() == DeltaKind.ARGUMENTS && custom != null) {
            emit(DeltaKind.ARGUMENTS, custom.take(delta.text()));
        } else {
            out.onEvent(delta);
        }
    }

    private void text(Text text) {
        if (stops.isEmpty()) {
            emit(DeltaKind.TEXT, text);
        } else if (!text.isEmpty()) {
            search(text);
        }
    }

    private void search(Text text) {
        boolean nothingHeld = held.isEmpty();
        reader.reset(text);
        while (reader.hasNext()) {
            char c = reader.next();
            held.append(c);
            state = stops.step(state, c);
            if (stops.matches(state)) {
                stop(stops.found(state));
                return;
            }
        }
        int free = held.length() - stops.depth(state);
        if (nothingHeld && free == held.length()) {
            emit(DeltaKind.TEXT, text);
        } else {
            emit(DeltaKind.TEXT, Text.of(held.substring(0, free)));
        }
        drop(free);
    }

    private void drop(int count) {
        held.delete(0, count);
        if (held.isEmpty() && held.capacity() > SMALL) {
            held = new StringBuilder();
        }
    }

    private void stop(String sequence) {
        emit(DeltaKind.TEXT, Text.of(held.substring(0, held.length() - sequence.length())));
        if (delayed == null) {
            out.onEvent(new BlockStop(open));
        }
        stopped = true;
        out.onEvent(new Event.MessageDelta(StopReason.STOP_SEQUENCE, Text.of(sequence), usage));
        out.onEvent(Event.STOP);
    }

    /** Hands over what is held of the open block: nothing more of it comes. */
    private void flush() {
        if (!held.isEmpty()) {
            emit(DeltaKind.TEXT, Text.of(held.toString()));
            held.setLength(0);
        }
        state = StopSequences.START;
        if (custom != null) {
            emit(DeltaKind.ARGUMENTS, custom.end());
        }
    }

    private void emit(DeltaKind kind, Text text) {
        if (!text.isEmpty()) {
            release();
            out.onEvent(new Delta(open, kind, text));
        }
    }

    private void release() {
        BlockStart start = delayed;
        if (start != null) {
            delayed = null;
            out.onEvent(start);
        }
    }
}
