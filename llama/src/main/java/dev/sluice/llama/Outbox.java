package dev.sluice.llama;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Frames on their way out, written by a thread of its own, so that who sends one never blocks. */
final class Outbox {
    private final Queue<Frame> frames = new ConcurrentLinkedQueue<>();
    private final DataOutputStream out;
    private final Thread writer;
    private volatile boolean closed;

    /** An outbox that writes to {@code stream}, and runs {@code whenBroken} when it cannot. */
    Outbox(String name, OutputStream stream, Runnable whenBroken) {
        this.out = new DataOutputStream(new BufferedOutputStream(stream));
        this.writer = Thread.ofPlatform().daemon().name(name).unstarted(() -> write(whenBroken));
        writer.start();
    }

    /** Sends a frame. Any thread. */
    void send(Frame frame) {
        put(frame);
        flush();
    }

    /** The same, when somebody flushes or sends the next time. Any thread. */
    void put(Frame frame) {
        frames.add(frame);
    }

    /** Sends what was put in. Any thread. */
    void flush() {
        LockSupport.unpark(writer);
    }

    private void write(Runnable whenBroken) {
        try {
            while (!closed) {
                for (Frame frame = frames.poll(); frame != null; frame = frames.poll()) {
                    frame.write(out);
                }
                out.flush();
                LockSupport.park(this);
            }
        } catch (IOException broken) {
            whenBroken.run();
        }
    }

    /** Writes no more. */
    void close() {
        closed = true;
        flush();
    }
}
