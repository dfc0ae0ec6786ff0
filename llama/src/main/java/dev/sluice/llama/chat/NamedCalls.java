package dev.sluice.llama.chat;

/**
 * Reads Mistral's calls: a JSON array, as its older models write them, or a name, {@code [ARGS]}
 * and a JSON object. An id that stands between them is dropped.
 */
final class NamedCalls implements CallReader {
    private static final int LONGEST_NAME = 512;
    private static final String ID = "[CALL_ID]";
    private static final String ARGUMENTS = "[ARGS]";

    private final JsonCalls json;
    private final Sink sink;
    private final JsonSpan span = new JsonSpan();
    private final StringBuilder head = new StringBuilder();
    private boolean asJson;
    private boolean inArguments;

    NamedCalls(JsonCalls json, Sink sink) {
        this.json = json;
        this.sink = sink;
    }

    @Override
    public Step take(char c) {
        if (asJson) {
            return json.take(c);
        }
        if (inArguments) {
            sink.arguments(c);
            if (span.take(c) != JsonSpan.Place.LAST) {
                return Step.MORE;
            }
            sink.end();
            return Step.DONE;
        }
        return head(c);
    }

    @Override
    public boolean resting() {
        return asJson && json.resting();
    }

    private Step head(char c) {
        if (head.isEmpty() && Lookout.isSpace(c)) {
            return Step.MORE;
        }
        if (head.isEmpty() && (c == '[' || c == '{')) {
            asJson = true;
            return json.take(c);
        }
        if (c != '{') {
            head.append(c);
            boolean tooLong = head.length() > LONGEST_NAME;
            return tooLong || !mayBeName() ? Step.NO_CALL : Step.MORE;
        }
        String name = name();
        if (name.isEmpty()) {
            return Step.NO_CALL;
        }
        sink.begin(name);
        inArguments = true;
        return take(c);
    }

    private int nameEnd() {
        int end = 0;
        while (end < head.length() && isName(head.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
    }

    /** Whether what was read can be the beginning of a name and the markers behind it. */
    private boolean mayBeName() {
        int end = nameEnd();
        String rest = head.substring(end).strip();
        return end > 0
                && (rest.isEmpty()
                        || ARGUMENTS.startsWith(rest)
                        || ID.startsWith(rest)
                        || rest.startsWith(ID));
    }

    private String name() {
        String rest = head.substring(nameEnd()).strip();
        return rest.isEmpty() || rest.endsWith(ARGUMENTS) ? head.substring(0, nameEnd()) : "";
    }
}
