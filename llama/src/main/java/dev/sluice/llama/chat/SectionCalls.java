package dev.sluice.llama.chat;

import java.util.List;

/**
 * Reads DeepSeek's calls. Each stands between two markers; a third one parts the name from the
 * arguments, or, in older models, the word {@code function} from the name, behind which the
 * arguments are a block of code.
 */
final class SectionCalls implements CallReader {
    static final String CALL = "<｜tool▁call▁begin｜>";
    private static final String SEPARATOR = "<｜tool▁sep｜>";
    private static final String CALL_END = "<｜tool▁call▁end｜>";
    private static final int LONGEST_NAME = 512;

    private enum State {
        BETWEEN,
        HEAD,
        BEHIND_SEPARATOR,
        ARGUMENTS,
        TAIL
    }

    private final Sink sink;
    private final String end;
    private final Lookout lookout;
    private final JsonSpan span = new JsonSpan();
    private final StringBuilder free = new StringBuilder();
    private final StringBuilder head = new StringBuilder();
    private final StringBuilder second = new StringBuilder();
    private State state;
    private boolean any;

    SectionCalls(boolean inCall, String end, Sink sink) {
        this.sink = sink;
        this.end = end;
        this.lookout = new Lookout(List.of(CALL, SEPARATOR, CALL_END, end), false);
        this.state = inCall ? State.HEAD : State.BETWEEN;
    }

    @Override
    public Step take(char c) {
        if (state == State.ARGUMENTS) {
            return arguments(c);
        }
        String marker = lookout.take(c, free);
        Step step = free(free.toString());
        free.setLength(0);
        if (step != Step.MORE || marker.isEmpty()) {
            return step;
        }
        lookout.takeSpace();
        return marker(marker);
    }

    @Override
    public boolean resting() {
        return any && (state == State.BETWEEN || state == State.TAIL);
    }

    private Step marker(String marker) {
        if (marker.equals(end)) {
            return state == State.BETWEEN || state == State.TAIL ? Step.DONE : Step.NO_CALL;
        }
        if (marker.equals(CALL) && (state == State.BETWEEN || state == State.TAIL)) {
            state = State.HEAD;
            head.setLength(0);
            second.setLength(0);
            return Step.MORE;
        }
        if (marker.equals(SEPARATOR) && state == State.HEAD) {
            state = State.BEHIND_SEPARATOR;
            return Step.MORE;
        }
        if (marker.equals(CALL_END) && state == State.TAIL) {
            state = State.BETWEEN;
            return Step.MORE;
        }
        return Step.NO_CALL;
    }

    private Step free(String text) {
        for (int i = 0; i < text.length(); i++) {
            Step step = free(text.charAt(i));
            if (step != Step.MORE) {
                return step;
            }
        }
        return Step.MORE;
    }

    private Step free(char c) {
        return switch (state) {
            case BETWEEN -> Lookout.isSpace(c) ? Step.MORE : Step.NO_CALL;
            case HEAD -> gather(head, c);
            case BEHIND_SEPARATOR -> c == '{' ? begin(c) : gather(second, c);
            case ARGUMENTS -> arguments(c);
            case TAIL -> Lookout.isSpace(c) || c == '`' ? Step.MORE : Step.NO_CALL;
        };
    }

    private static Step gather(StringBuilder into, char c) {
        into.append(c);
        return into.length() > LONGEST_NAME ? Step.NO_CALL : Step.MORE;
    }

    private Step begin(char c) {
        String between = second.toString().strip();
        int line = between.indexOf('\n');
        String name = between.isEmpty() ? head.toString().strip() : between;
        if (line >= 0) {
            name = between.substring(0, line).strip();
        }
        if (name.isEmpty() || name.contains("`")) {
            return Step.NO_CALL;
        }
        sink.begin(name);
        span.reset();
        state = State.ARGUMENTS;
        return arguments(c);
    }

    private Step arguments(char c) {
        sink.arguments(c);
        if (span.take(c) == JsonSpan.Place.LAST) {
            sink.end();
            any = true;
            state = State.TAIL;
        }
        return Step.MORE;
    }
}
