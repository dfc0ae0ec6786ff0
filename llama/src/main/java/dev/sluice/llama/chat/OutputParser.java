package dev.sluice.llama.chat;

import dev.sluice.core.dialect.EmulatedStream;
import dev.sluice.core.event.BlockLedger;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Reads what a local model writes, as it writes it, and makes events of it: text, thinking, tool
 * uses with their arguments as they are written. The pieces may be cut anywhere, also in the middle
 * of a marker, and give the same events; what may yet become a marker is held back and nothing
 * else. A marker that is begun and not completed is text, and so are calls that turn out to be none
 * before a tool use has begun.
 *
 * <p>White space beside a marker belongs to the marker. Thinking is looked for where an answer
 * begins and not after there was text: a model may speak of {@code <think>}.
 *
 * <p>The caller hands over a MessageStart first, then feeds, then finishes. For one answer and one
 * thread.
 */
public final class OutputParser {
    private enum Mode {
        TEXT,
        THINKING,
        CALLS,
        /** Behind calls, where their closing marker may stand. */
        BEHIND_CALLS,
        HARMONY
    }

    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final ChatPrompt prompt;
    private final EventSink sink;
    private final @Nullable EmulatedStream emulated;
    private final BlockLedger ledger;
    private final Supplier<String> ids;
    private final CallForm form;
    private final ToolFormat.@Nullable Tags tags;
    private final Lookout stops;
    private final Lookout beginning;
    private final Lookout middle;
    private final Lookout thinkingEnd;
    private final Lookout callsEnd;
    private final HarmonyReader harmony;

    private final StringBuilder unstopped = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();

    /** What was read of calls in which no tool use has begun, to give it back if they are none. */
    private final StringBuilder raw = new StringBuilder();

    private @Nullable CallReader calls;
    private Mode mode = Mode.TEXT;
    private boolean textSeen;
    private boolean skipSpace;
    private boolean stopped;
    private long call = -1;

    /** Reads the answer to {@code prompt} into {@code out}. */
    public OutputParser(ChatPrompt prompt, EventSink out) {
        this(prompt, out, OutputParser::randomId);
    }

    /** Reads the answer to {@code prompt} into {@code out}; {@code ids} names the calls. */
    public OutputParser(ChatPrompt prompt, EventSink out, Supplier<String> ids) {
        this.prompt = prompt;
        this.ids = ids;
        emulated =
                prompt.emulations().isNone() ? null : new EmulatedStream(prompt.emulations(), out);
        sink = emulated == null ? out : emulated;
        ledger = new BlockLedger(sink);
        ToolFormat format = prompt.format();
        form = prompt.tools().isEmpty() ? CallForm.NONE : format.calls();
        tags = format.thinking().isEmpty() ? null : format.thinking().getFirst();
        stops = new Lookout(prompt.stops(), false);
        List<String> markers = new ArrayList<>(format.silent());
        markers.addAll(form.opens());
        middle = new Lookout(List.copyOf(markers), true);
        if (isBare()) {
            markers.add("{");
        }
        if (tags != null) {
            markers.add(tags.open());
        }
        beginning = new Lookout(markers, true);
        thinkingEnd = new Lookout(tags == null ? List.of() : List.of(tags.close()), true);
        callsEnd = new Lookout(form.closes(), true);
        harmony = new HarmonyReader(prompt.openMessage(), new Parts());
        if (format.calls().body() == CallForm.Body.HARMONY) {
            mode = Mode.HARMONY;
        } else if (prompt.opensThinking()) {
            mode = Mode.THINKING;
            skipSpace = true;
        }
    }

    private static String randomId() {
        StringBuilder id = new StringBuilder("call_");
        for (int i = 0; i < 24; i++) {
            id.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    /** Whether an answer that is JSON and nothing else may be a call. */
    private boolean isBare() {
        return form.body() == CallForm.Body.JSON && form.opens().contains("<|python_tag|>");
    }

    /** Hands the start of the message on. */
    public void start(Event.MessageStart start) {
        sink.onEvent(start);
    }

    /** Takes the next piece. */
    public void feed(String piece) {
        for (int i = 0; i < piece.length() && !stopped; i++) {
            String stop = stops.take(piece.charAt(i), unstopped);
            drain();
            if (!stop.isEmpty()) {
                stopped = true;
            }
        }
        flush(false);
    }

    /**
     * Whether the answer is at its end, by a marker of the model's or a stop sequence of the
     * client's, so that nothing more need be generated.
     */
    public boolean stopped() {
        return stopped || emulated != null && emulated.stopped();
    }

    /**
     * Nothing follows. What is held is handed over, blocks are closed and the message ends.
     *
     * @param reason why the model stopped; the end of a turn becomes {@link StopReason#TOOL_USE}
     *     where a tool was called
     */
    public void finish(StopReason reason, Usage usage) {
        if (!stopped) {
            stops.release(unstopped);
            drain();
        }
        endMode();
        flush(true);
        ledger.finish();
        if (ledger.failed()) {
            return;
        }
        boolean calls = ledger.toolSeen() && reason == StopReason.END_TURN;
        sink.onEvent(new Event.MessageDelta(calls ? StopReason.TOOL_USE : reason, null, usage));
        sink.onEvent(Event.STOP);
    }

    private void drain() {
        for (int i = 0; i < unstopped.length(); i++) {
            take(unstopped.charAt(i));
        }
        unstopped.setLength(0);
    }

    private void take(char c) {
        if (skipSpace && Lookout.isSpace(c)) {
            return;
        }
        skipSpace = false;
        switch (mode) {
            case TEXT -> text(c);
            case THINKING -> thinking(c);
            case CALLS -> calls(c);
            case BEHIND_CALLS -> behindCalls(c);
            case HARMONY -> harmony.take(c);
        }
    }

    private void text(char c) {
        int before = text.length();
        Lookout lookout = textSeen ? middle : beginning;
        String marker = lookout.take(c, text);
        boolean begins = !textSeen && !isBlank(text, before);
        if (begins) {
            // From here on nothing is looked out for that stands at the beginning alone.
            textSeen = true;
            StringBuilder held = new StringBuilder();
            beginning.release(held);
            again(held);
        } else if (!marker.isEmpty()) {
            marker(marker, lookout.takeSpace());
        }
    }

    private static boolean isBlank(CharSequence characters, int from) {
        for (int i = from; i < characters.length(); i++) {
            if (!Lookout.isSpace(characters.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private void again(CharSequence characters) {
        for (int i = 0; i < characters.length(); i++) {
            take(characters.charAt(i));
        }
    }

    private void marker(String marker, String space) {
        if (tags != null && marker.equals(tags.open())) {
            mode = Mode.THINKING;
            skipSpace = true;
            return;
        }
        if (prompt.format().silent().contains(marker)) {
            return;
        }
        raw.append(space).append(marker);
        CallReader reader = reader(marker);
        if (marker.equals("{")) {
            reader.take('{');
        }
        calls = reader;
        mode = Mode.CALLS;
    }

    private CallReader reader(String marker) {
        Parts parts = new Parts();
        return switch (form.body()) {
            case NAME_AND_JSON -> new NamedCalls(new JsonCalls(form, Set.of(), parts), parts);
            case SECTIONS ->
                    new SectionCalls(
                            marker.equals(SectionCalls.CALL), form.closes().getFirst(), parts);
            case TAGS -> new TagCalls(prompt.parameterTypes(), parts);
            case NONE, JSON, HARMONY ->
                    new JsonCalls(form, isBare() ? prompt.tools() : Set.of(), parts);
        };
    }

    private void thinking(char c) {
        String marker = thinkingEnd.take(c, thinking);
        if (!marker.isEmpty()) {
            thinkingEnd.takeSpace();
            mode = Mode.TEXT;
            skipSpace = true;
        }
    }

    private void calls(char c) {
        CallReader reader = calls;
        if (reader == null) {
            throw new IllegalStateException("no calls are being read");
        }
        boolean begun = call >= 0;
        if (!begun) {
            raw.append(c);
        }
        switch (reader.take(c)) {
            case MORE -> {
                if (call < 0 && reader.resting()) {
                    raw.setLength(0);
                }
            }
            case DONE -> endCalls();
            case NO_CALL -> {
                if (begun) {
                    endCall();
                    endCalls();
                    take(c);
                } else {
                    noCall();
                }
            }
        }
    }

    private void endCalls() {
        raw.setLength(0);
        calls = null;
        mode = Mode.BEHIND_CALLS;
    }

    /**
     * What was read since the last tool use is text after all, but for the markers inside of it.
     */
    private void noCall() {
        String read = raw.toString();
        raw.setLength(0);
        calls = null;
        mode = Mode.TEXT;
        endCall();
        int first = read.isEmpty() ? 0 : markerLength(read);
        text.append(read, 0, first);
        textSeen |= first > 0;
        again(read.substring(first));
    }

    /**
     * How much of {@code read} must not be looked at again, lest it be taken for a marker again.
     */
    private int markerLength(String read) {
        int space = 0;
        while (space < read.length() && Lookout.isSpace(read.charAt(space))) {
            space++;
        }
        for (String open : form.opens()) {
            if (read.startsWith(open, space)) {
                return space + open.length();
            }
        }
        return Math.min(space + 1, read.length());
    }

    private void behindCalls(char c) {
        if (isBare() && c == ';') {
            return;
        }
        if (isBare() && c == '{') {
            raw.append(c);
            CallReader reader = reader("{");
            reader.take(c);
            calls = reader;
            mode = Mode.CALLS;
            return;
        }
        if (form.closes().isEmpty()) {
            mode = Mode.TEXT;
            skipSpace = true;
            take(c);
            return;
        }
        StringBuilder free = new StringBuilder();
        String marker = callsEnd.take(c, free);
        if (!marker.isEmpty()) {
            callsEnd.takeSpace();
            mode = Mode.TEXT;
            skipSpace = true;
        } else if (!free.isEmpty()) {
            callsEnd.release(free);
            mode = Mode.TEXT;
            skipSpace = true;
            again(free);
        }
    }

    private void endMode() {
        switch (mode) {
            case TEXT -> (textSeen ? middle : beginning).release(text);
            case THINKING -> thinkingEnd.release(thinking);
            case CALLS -> {
                if (call >= 0) {
                    endCall();
                } else if (!raw.toString().isBlank()) {
                    text.append(raw);
                }
            }
            case BEHIND_CALLS -> {
                StringBuilder held = new StringBuilder();
                callsEnd.release(held);
                text.append(held.toString().strip());
            }
            case HARMONY -> harmony.end();
        }
    }

    /** Hands over what was gathered: one delta for what a piece has brought of each kind. */
    private void flush(boolean end) {
        hand(DeltaKind.THINKING, thinking, end);
        hand(DeltaKind.TEXT, text, end);
        if (call >= 0) {
            hand(DeltaKind.ARGUMENTS, arguments, end);
        }
    }

    /** The first half of a character waits for the second. */
    private void hand(DeltaKind kind, StringBuilder gathered, boolean end) {
        int length = gathered.length();
        if (!end && length > 0 && Character.isHighSurrogate(gathered.charAt(length - 1))) {
            length--;
        }
        if (length == 0) {
            return;
        }
        Text piece = Text.of(gathered.substring(0, length));
        gathered.delete(0, length);
        if (kind == DeltaKind.ARGUMENTS) {
            ledger.grow(call, kind, piece);
        } else {
            ledger.append(kind, piece);
        }
    }

    private void endCall() {
        if (call >= 0) {
            hand(DeltaKind.ARGUMENTS, arguments, true);
            ledger.stop(call);
            call = -1;
        }
    }

    private long nextKey;

    /** Takes the parts that readers find. */
    private final class Parts implements HarmonyReader.Sink {
        @Override
        public void text(CharSequence more) {
            if (!more.isEmpty()) {
                hand(DeltaKind.THINKING, thinking, true);
                text.append(more);
            }
        }

        @Override
        public void thinking(CharSequence more) {
            if (!more.isEmpty()) {
                hand(DeltaKind.TEXT, text, true);
                thinking.append(more);
            }
        }

        @Override
        public void begin(String name) {
            endCall();
            flush(true);
            raw.setLength(0);
            call = nextKey++;
            ledger.tool(call, ids.get(), name);
        }

        @Override
        public void arguments(char c) {
            arguments.append(c);
        }

        @Override
        public void end() {
            endCall();
            raw.setLength(0);
        }
    }
}
