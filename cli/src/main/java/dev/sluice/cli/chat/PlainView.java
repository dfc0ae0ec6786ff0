package dev.sluice.cli.chat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The text of an answer and nothing else, as UTF-8, each piece as soon as it is there. */
final class PlainView implements AnswerView {
    private final PrintStream out;
    private char highSurrogate;
    private boolean atLineStart = true;

    PlainView(PrintStream out) {
        this.out = out;
    }

    @Override
    public void text(String piece) {
        // A character may come in two pieces, and half of one has no bytes.
        String text = highSurrogate == 0 ? piece : highSurrogate + piece;
        highSurrogate = 0;
        int end = text.length();
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            highSurrogate = text.charAt(--end);
        }
        write(text.substring(0, end));
    }

    private void write(String text) {
        if (!text.isEmpty()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.write(bytes, 0, bytes.length);
            out.flush();
            atLineStart = text.endsWith("\n");
        }
    }

    @Override
    public void thinking(String piece) {
        // Not what was asked for.
    }

    @Override
    public void toolUse(String name) {
        // The outcome says that tools are wanted.
    }

    @Override
    public void arguments(String piece) {
        // They belong to the call.
    }

    @Override
    public void end() {
        if (highSurrogate != 0) {
            highSurrogate = 0;
            write("\ufffd");
        }
        if (!atLineStart) {
            write("\n");
        }
    }
}
