package dev.sluice.llama;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Frames on their way out, written by a thread of its own, so that who sends one never blocks. */
final class Outbox {
    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final DataOutputStream out;
    private final Thread writer;

    /** An outbox that writes to {@code stream}, and runs {@code whenBroken} when it cannot. */
    Outbox(String name, OutputStream stream, Runnable whenBroken) {
        this.out = new DataOutputStream(new BufferedOutputStream(stream));
        this.writer = Thread.ofPlatform().daemon().name(name).unstarted(() -> write(whenBroken));
        writer.start();
    }

    /** Sends a frame. Any thread. */
    void send(Frame frame) {
        frames.add(frame);
    }

    private void write(Runnable whenBroken) {
        try {
            while (true) {
                frames.take().write(out);
                for (Frame more = frames.poll(); more != null; more = frames.poll()) {
                    more.write(out);
                }
                out.flush();
            }
        } catch (IOException broken) {
            whenBroken.run();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes no more. */
    void close() {
        writer.interrupt();
    }
}
