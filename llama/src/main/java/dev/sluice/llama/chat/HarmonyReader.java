package dev.sluice.llama.chat;

import java.util.List;

/**
 * Reads the channels of the harmony format: {@code analysis} is thinking, {@code final} and
 * commentary to nobody are text, and a message to a function is a call of it.
 */
final class HarmonyReader {
    private static final String START = "<|start|>";
    private static final String CHANNEL = "<|channel|>";
    private static final String CONSTRAIN = "<|constrain|>";
    private static final String MESSAGE = "<|message|>";
    private static final List<String> MARKERS =
            List.of(START, CHANNEL, CONSTRAIN, MESSAGE, "<|end|>", "<|call|>", "<|return|>");
    private static final int LONGEST_HEADER = 4096;

    /** Where the parts of messages go. */
    interface Sink extends CallReader.Sink {
        /** More text. */
        void text(CharSequence text);

        /** More thinking. */
        void thinking(CharSequence text);
    }

    private enum Body {
        /** Not in a message: the header is being read. */
        HEADER,
        TEXT,
        THINKING,
        CALL
    }

    private final Sink sink;
    private final Lookout lookout = new Lookout(MARKERS, false);
    private final StringBuilder free = new StringBuilder();
    private final StringBuilder header = new StringBuilder();

    /** The header as it was written, to give it back if it is none. */
    private final StringBuilder written = new StringBuilder();

    private Body body = Body.HEADER;

    /** Begins where a prompt ends whose last message is {@code open}. */
    HarmonyReader(String open, Sink sink) {
        this.sink = sink;
        int message = open.indexOf(MESSAGE);
        int end = message < 0 ? open.length() : message + MESSAGE.length();
        for (int i = 0; i < end; i++) {
            take(open.charAt(i));
        }
        written.setLength(0);
    }

    void take(char c) {
        String marker = lookout.take(c, free);
        flush();
        if (!marker.isEmpty()) {
            lookout.takeSpace();
            marker(marker);
        }
    }

    private void flush() {
        switch (body) {
            case HEADER -> {
                header.append(free);
                written.append(free);
                if (header.length() > LONGEST_HEADER) {
                    body = Body.TEXT;
                    sink.text(written);
                    written.setLength(0);
                }
            }
            case TEXT -> sink.text(free);
            case THINKING -> sink.thinking(free);
            case CALL -> {
                for (int i = 0; i < free.length(); i++) {
                    sink.arguments(free.charAt(i));
                }
            }
        }
        free.setLength(0);
    }

    private void marker(String marker) {
        switch (marker) {
            case CHANNEL, CONSTRAIN -> {
                if (body != Body.HEADER) {
                    close();
                }
                header.append(' ').append(marker).append(' ');
                written.append(marker);
            }
            case MESSAGE -> open();
            default -> close();
        }
    }

    private void open() {
        String recipient = word("to=");
        String channel = word(CHANNEL + " ");
        header.setLength(0);
        written.setLength(0);
        if (!recipient.isEmpty()) {
            body = Body.CALL;
            sink.begin(
                    recipient.startsWith("functions.")
                            ? recipient.substring("functions.".length())
                            : recipient);
        } else {
            body = channel.equals("analysis") ? Body.THINKING : Body.TEXT;
        }
    }

    /** The word behind {@code mark} in the header. */
    private String word(String mark) {
        int at = header.indexOf(mark);
        if (at < 0) {
            return "";
        }
        int from = at + mark.length();
        int to = from;
        while (to < header.length()
                && !Lookout.isSpace(header.charAt(to))
                && header.charAt(to) != '<') {
            to++;
        }
        return header.substring(from, to);
    }

    private void close() {
        if (body == Body.CALL) {
            sink.end();
        }
        body = Body.HEADER;
        header.setLength(0);
        written.setLength(0);
    }

    /** Nothing follows. A header that was no header is text. */
    void end() {
        lookout.release(free);
        flush();
        if (body == Body.HEADER && !isHeader()) {
            sink.text(written);
        }
        if (body == Body.CALL) {
            sink.end();
        }
        body = Body.HEADER;
    }

    private boolean isHeader() {
        String rest = written.toString().strip();
        return rest.isEmpty() || rest.contains(CHANNEL) || rest.contains("to=");
    }
}
