package dev.sluice.llama.chat;

import java.util.Set;

/**
 * Reads calls that are JSON: an object with a name and arguments, or an array of such. The
 * arguments go out character by character as they are written. Where they come before the name they
 * wait for it; where they are a string that holds JSON, its inside goes out.
 */
final class JsonCalls implements CallReader {
    private static final int MOST_HELD = 1 << 20;
    private static final int LONGEST_NAME = 512;

    private enum State {
        START,
        NEXT_OBJECT,
        KEY_OR_END,
        KEY,
        COLON,
        VALUE,
        NAME,
        SKIP,
        ARGUMENTS,
        TEXT_ARGUMENTS,
        COMMA_OR_END,
        BETWEEN
    }

    private final CallForm form;
    private final Sink sink;

    /** Names that a call may have; empty where the marker says enough. */
    private final Set<String> known;

    private final JsonSpan span = new JsonSpan();
    private final JsonString string = new JsonString();
    private final StringBuilder key = new StringBuilder();
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder early = new StringBuilder();
    private State state = State.START;
    private boolean inArray;
    private boolean inFunction;
    private boolean begun;
    private boolean any;

    JsonCalls(CallForm form, Set<String> known, Sink sink) {
        this.form = form;
        this.known = known;
        this.sink = sink;
    }

    @Override
    public Step take(char c) {
        return switch (state) {
            case KEY -> key(c);
            case NAME -> name(c);
            case SKIP -> skip(c);
            case ARGUMENTS -> arguments(c);
            case TEXT_ARGUMENTS -> textArguments(c);
            case START, NEXT_OBJECT, KEY_OR_END, COLON, VALUE, COMMA_OR_END, BETWEEN ->
                    Lookout.isSpace(c) ? Step.MORE : structure(c);
        };
    }

    @Override
    public boolean resting() {
        return any && (state == State.BETWEEN || state == State.NEXT_OBJECT);
    }

    private Step structure(char c) {
        return switch (state) {
            case START -> start(c);
            case NEXT_OBJECT -> c == '{' ? object() : Step.NO_CALL;
            case KEY_OR_END -> c == '"' ? beginKey() : c == '}' ? endObject() : Step.NO_CALL;
            case COLON -> {
                state = State.VALUE;
                yield c == ':' ? Step.MORE : Step.NO_CALL;
            }
            case VALUE -> value(c);
            case COMMA_OR_END -> {
                if (c == ',') {
                    state = State.KEY_OR_END;
                    yield Step.MORE;
                }
                yield c == '}' ? endObject() : Step.NO_CALL;
            }
            case BETWEEN -> {
                state = State.NEXT_OBJECT;
                yield c == ',' ? Step.MORE : c == ']' ? Step.DONE : Step.NO_CALL;
            }
            case KEY, NAME, SKIP, ARGUMENTS, TEXT_ARGUMENTS -> Step.NO_CALL;
        };
    }

    private Step start(char c) {
        if (c == '[' && known.isEmpty()) {
            inArray = true;
            state = State.NEXT_OBJECT;
            return Step.MORE;
        }
        return c == '{' ? object() : Step.NO_CALL;
    }

    private Step object() {
        state = State.KEY_OR_END;
        name.setLength(0);
        early.setLength(0);
        begun = false;
        inFunction = false;
        return Step.MORE;
    }

    private Step beginKey() {
        string.reset();
        key.setLength(0);
        state = State.KEY;
        return Step.MORE;
    }

    private Step key(char c) {
        if (string.take(c, key)) {
            state = State.COLON;
        }
        return key.length() > LONGEST_NAME ? Step.NO_CALL : Step.MORE;
    }

    private Step value(char c) {
        String member = key.toString();
        boolean isArguments =
                member.equals(form.arguments())
                        || member.equals("arguments")
                        || member.equals("parameters");
        if (isArguments) {
            return beginArguments(c);
        }
        if (member.equals("function") && c == '{') {
            inFunction = true;
            state = State.KEY_OR_END;
            return Step.MORE;
        }
        boolean isName =
                member.equals(form.name()) || member.equals("name") || member.equals("function");
        if (isName && c == '"') {
            string.reset();
            name.setLength(0);
            state = State.NAME;
            return Step.MORE;
        }
        if (!known.isEmpty() && !member.equals("type") && !member.equals("id")) {
            return Step.NO_CALL;
        }
        span.reset();
        state = State.SKIP;
        return skip(c);
    }

    private Step name(char c) {
        if (string.take(c, name)) {
            state = State.COMMA_OR_END;
            if (!isKnown()) {
                return Step.NO_CALL;
            }
            // Where nothing but the JSON itself says that it is a call, wait for what follows.
            if (known.isEmpty()) {
                begin();
            }
        }
        return name.length() > LONGEST_NAME ? Step.NO_CALL : Step.MORE;
    }

    private boolean isKnown() {
        return !name.isEmpty() && (known.isEmpty() || known.contains(name.toString()));
    }

    private void begin() {
        if (!begun) {
            begun = true;
            sink.begin(name.toString());
            for (int i = 0; i < early.length(); i++) {
                sink.arguments(early.charAt(i));
            }
            early.setLength(0);
        }
    }

    private Step skip(char c) {
        switch (span.take(c)) {
            case INSIDE -> {}
            case LAST -> state = State.COMMA_OR_END;
            case BEHIND -> {
                state = State.COMMA_OR_END;
                return take(c);
            }
        }
        return Step.MORE;
    }

    private Step beginArguments(char c) {
        if (!name.isEmpty()) {
            begin();
        }
        if (c == '"') {
            string.reset();
            state = State.TEXT_ARGUMENTS;
            return Step.MORE;
        }
        if (c == 'n') {
            span.reset();
            state = State.SKIP;
            return skip(c);
        }
        span.reset();
        state = State.ARGUMENTS;
        return c == '{' || begun ? arguments(c) : Step.NO_CALL;
    }

    private Step arguments(char c) {
        JsonSpan.Place place = span.take(c);
        if (place == JsonSpan.Place.BEHIND) {
            state = State.COMMA_OR_END;
            return take(c);
        }
        if (place == JsonSpan.Place.LAST) {
            state = State.COMMA_OR_END;
        }
        return argument(c);
    }

    private Step argument(char c) {
        if (begun) {
            sink.arguments(c);
            return Step.MORE;
        }
        early.append(c);
        return early.length() > MOST_HELD ? Step.NO_CALL : Step.MORE;
    }

    private final StringBuilder decoded = new StringBuilder();

    private Step textArguments(char c) {
        boolean end = string.take(c, decoded);
        Step step = Step.MORE;
        for (int i = 0; i < decoded.length() && step == Step.MORE; i++) {
            step = argument(decoded.charAt(i));
        }
        decoded.setLength(0);
        if (end) {
            state = State.COMMA_OR_END;
        }
        return step;
    }

    private Step endObject() {
        if (inFunction) {
            inFunction = false;
            state = State.COMMA_OR_END;
            return Step.MORE;
        }
        if (!isKnown()) {
            return Step.NO_CALL;
        }
        begin();
        sink.end();
        any = true;
        state = State.BETWEEN;
        return inArray ? Step.MORE : Step.DONE;
    }
}
