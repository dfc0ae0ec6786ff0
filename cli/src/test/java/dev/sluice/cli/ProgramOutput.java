package dev.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** All that a running program has written so far. */
final class ProgramOutput {
    private final StringBuilder said = new StringBuilder();
    private final Thread reader;

    /** Reads what {@code process} writes, to its end. */
    ProgramOutput(Process process) {
        reader = Thread.ofVirtual().start(() -> read(process.getInputStream()));
    }

    private void read(InputStream in) {
        byte[] piece = new byte[4096];
        try {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                say(new String(piece, 0, n, StandardCharsets.UTF_8));
            }
        } catch (IOException gone) {
            say(gone.toString());
        }
    }

    private synchronized void say(String more) {
        said.append(more);
    }

    /** The text. */
    synchronized String said() {
        return said.toString();
    }

    /** Waits until everything is read. */
    void awaitEnd() throws InterruptedException {
        reader.join();
    }
}
