package dev.sluice.llama.chat;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Raw;

import java.util.List;

/**
 * Reads calls that give each parameter a tag: {@code <function=name><parameter=key>value
 * </parameter></function>}. The arguments become a JSON object, a member at a time. A value whose
 * schema does not ask for a string, and which is JSON, stands as it is; any other is a string.
 */
final class TagCalls implements CallReader {
    private static final String FUNCTION = "<function=";
    private static final String PARAMETER = "<parameter=";
    private static final String PARAMETER_END = "</parameter>";
    private static final String FUNCTION_END = "</function>";
    private static final int LONGEST_NAME = 512;
    private static final int MOST_HELD = 16 << 20;

    private enum State {
        START,
        NAME,
        BETWEEN,
        KEY,
        VALUE
    }

    private final ParameterTypes types;
    private final Sink sink;
    private final Lookout outside = new Lookout(List.of(FUNCTION, PARAMETER, FUNCTION_END), false);
    private final Lookout inside = new Lookout(List.of(PARAMETER_END), false);
    private final StringBuilder free = new StringBuilder();
    private final StringBuilder word = new StringBuilder();
    private State state = State.START;
    private String function = "";
    private String key = "";
    private boolean first;

    TagCalls(ParameterTypes types, Sink sink) {
        this.types = types;
        this.sink = sink;
    }

    @Override
    public Step take(char c) {
        return switch (state) {
            case START, BETWEEN -> outside(c);
            case NAME, KEY -> name(c);
            case VALUE -> value(c);
        };
    }

    @Override
    public boolean resting() {
        return false;
    }

    private Step outside(char c) {
        String marker = outside.take(c, free);
        boolean blank = free.toString().isBlank();
        free.setLength(0);
        if (!blank) {
            return Step.NO_CALL;
        }
        if (marker.isEmpty()) {
            return Step.MORE;
        }
        outside.takeSpace();
        word.setLength(0);
        boolean expected =
                state == State.START ? marker.equals(FUNCTION) : !marker.equals(FUNCTION);
        if (!expected) {
            return Step.NO_CALL;
        }
        if (marker.equals(FUNCTION_END)) {
            write(first ? "{}" : "}");
            sink.end();
            return Step.DONE;
        }
        state = marker.equals(FUNCTION) ? State.NAME : State.KEY;
        return Step.MORE;
    }

    private Step name(char c) {
        if (c != '>') {
            word.append(c);
            return word.length() > LONGEST_NAME || c == '<' ? Step.NO_CALL : Step.MORE;
        }
        String name = word.toString().strip();
        word.setLength(0);
        if (name.isEmpty()) {
            return Step.NO_CALL;
        }
        if (state == State.KEY) {
            key = name;
            state = State.VALUE;
        } else {
            function = name;
            first = true;
            state = State.BETWEEN;
            sink.begin(name);
        }
        return Step.MORE;
    }

    private Step value(char c) {
        String marker = inside.take(c, word);
        if (word.length() > MOST_HELD) {
            return Step.NO_CALL;
        }
        if (!marker.isEmpty()) {
            inside.takeSpace();
            String value = word.toString();
            int from = value.startsWith("\n") ? 1 : 0;
            int to = value.length() - (value.endsWith("\n") && value.length() > from ? 1 : 0);
            write(first ? "{" : ", ");
            write(new ByteBuilder().quoted(key) + ": " + json(value.substring(from, to)));
            first = false;
            state = State.BETWEEN;
        }
        return Step.MORE;
    }

    private String json(String value) {
        if (!types.isText(function, key)) {
            try {
                return Raw.of(value.strip()).toString();
            } catch (MalformedJson _) {
                // Then it is meant as text.
            }
        }
        return new ByteBuilder().quoted(value).toString();
    }

    private void write(String text) {
        for (int i = 0; i < text.length(); i++) {
            sink.arguments(text.charAt(i));
        }
    }
}
