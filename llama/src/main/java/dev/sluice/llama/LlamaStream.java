package dev.sluice.llama;

import dev.sluice.core.event.Embeddings;
import dev.sluice.core.event.Event;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;

import org.jspecify.annotations.Nullable;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An answer of a model on its way to an exchange. The model's thread puts events in at one end, the
 * event loop takes them out at the other. When the client wants a pause, or the loop is behind, the
 * model leaves this answer out of its steps; so what is held is a few events, whatever the client
 * does.
 */
final class LlamaStream implements Stream, JobListener {
    private static final System.Logger LOG = System.getLogger(LlamaStream.class.getName());

    /** Events that may be on their way. */
    private static final int MOST = 64;

    private final Mailbox mailbox;
    private final Receiver receiver;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile @Nullable Embeddings embeddings;
    private volatile boolean paused;
    private volatile boolean closed;
    private volatile TextModel.@Nullable Work work;

    /** The model's thread's. */
    private @Nullable Answer answer;

    /** The loop's. */
    private boolean connected;

    private boolean begun;

    LlamaStream(Mailbox mailbox, Receiver receiver) {
        this.mailbox = mailbox;
        this.receiver = receiver;
    }

    /** Runs what starts a job; whatever it throws is the end of the answer. */
    void begin(Runnable start) {
        try {
            start.run();
        } catch (FailureException refused) {
            onFailure(refused.failure());
        } catch (RuntimeException accident) {
            LOG.log(System.Logger.Level.ERROR, "cannot make a prompt", accident);
            onFailure(
                    Failure.of(
                            FailureCode.INTERNAL,
                            "the gateway cannot make a prompt of the request"));
        }
        mailbox.post(this);
    }

    /** Starts the job whose text {@code told} is made of. */
    void start(TextModel model, Job job, Answer told) {
        answer = told;
        follow(model.start(job, this));
    }

    /** Gives up {@code started} when nobody wants it any more. */
    void follow(TextModel.Work started) {
        work = started;
        if (closed) {
            started.cancel();
        }
    }

    /** Takes embeddings, which are all there is. On the model's thread. */
    void put(Embeddings made) {
        embeddings = made;
        mailbox.post(this);
    }

    /** Takes an event that leads to the client. On the model's thread. */
    void put(Event event) {
        pending.incrementAndGet();
        events.add(event);
    }

    // ---- the model's thread ----

    @Override
    public boolean isReady() {
        return !paused && pending.get() < MOST;
    }

    @Override
    public void onPrompt(int prompt, int cached) {
        guarded(() -> answer().begin(prompt, cached));
    }

    @Override
    public void onToken(String text) {
        guarded(
                () -> {
                    answer().token(text);
                    giveUpIfOver();
                });
    }

    @Override
    public void onEnd(End end) {
        guarded(() -> answer().end(end));
    }

    @Override
    public void onFailure(Failure failure) {
        put(new Event.Failed(failure));
    }

    @Override
    public void onPause() {
        mailbox.put(this);
    }

    @Override
    public void onFlush() {
        mailbox.flush();
    }

    private Answer answer() {
        if (answer == null) {
            throw new IllegalStateException("a stream that was not started");
        }
        return answer;
    }

    private void giveUpIfOver() {
        TextModel.Work running = work;
        if (answer().isOver() && running != null) {
            running.cancel();
        }
    }

    /** An accident of one answer is no accident of the model. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException accident) {
            LOG.log(System.Logger.Level.ERROR, "cannot read what a model wrote", accident);
            put(
                    new Event.Failed(
                            Failure.of(
                                    FailureCode.INTERNAL,
                                    "the gateway cannot read what the model wrote")));
            TextModel.Work running = work;
            if (running != null) {
                running.cancel();
            }
        }
    }

    // ---- the event loop ----

    /** Hands over what has come. */
    void deliver() {
        if (!connected && !closed) {
            connected = true;
            receiver.onConnected();
        }
        Embeddings made = embeddings;
        if (made != null && !closed) {
            closed = true;
            receiver.onEmbeddings(made);
            return;
        }
        boolean behind = pending.get() >= MOST;
        while (!paused && !closed) {
            Event event = events.poll();
            if (event == null || mailbox.isClosed()) {
                break;
            }
            pending.decrementAndGet();
            hand(event);
        }
        if (behind && !closed && !paused) {
            wake();
        }
    }

    private void hand(Event event) {
        boolean last = event instanceof Event.MessageStop || event instanceof Event.Failed;
        closed |= last;
        if (event instanceof Event.Failed failed && !begun) {
            receiver.onFailure(failed.failure());
            return;
        }
        begun = true;
        receiver.onEvent(event);
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        if (paused) {
            paused = false;
            mailbox.post(this);
            wake();
        }
    }

    private void wake() {
        TextModel.Work running = work;
        if (running != null) {
            running.wake();
        }
    }

    @Override
    public void cancel() {
        closed = true;
        events.clear();
        TextModel.Work running = work;
        if (running != null) {
            running.cancel();
        }
    }
}
