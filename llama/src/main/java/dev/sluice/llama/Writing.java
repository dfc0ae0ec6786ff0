package dev.sluice.llama;

import dev.sluice.llama.binding.Sampler;
import dev.sluice.llama.binding.Vocabulary;

import org.jspecify.annotations.Nullable;

/**
 * A text that waits to be written or is being written. The decode thread owns it, but for the mark
 * that it was given up.
 */
final class Writing implements TextModel.Work {
    private final Engine engine;
    private final Job job;
    private final JobListener listener;
    private final Utf8Pieces characters = new Utf8Pieces();
    private volatile boolean cancelled;
    private int[] prompt = {};
    private @Nullable Sampler sampler;

    /** The token that was drawn and not read yet. */
    private int drawn = Vocabulary.NONE;

    /** Where in the batch of this step the token is that the next one is drawn after; or -1. */
    private int index = -1;

    private long written;
    private boolean over;

    Writing(Engine engine, Job job, JobListener listener) {
        this.engine = engine;
        this.job = job;
        this.listener = listener;
    }

    @Override
    public void wake() {
        engine.wake();
    }

    @Override
    public void cancel() {
        cancelled = true;
        engine.wake();
    }

    boolean isCancelled() {
        return cancelled;
    }

    Job job() {
        return job;
    }

    JobListener listener() {
        return listener;
    }

    /** Tokens of the prompt, once they are known. */
    int[] prompt() {
        return prompt;
    }

    void prompt(int[] tokens) {
        prompt = tokens;
    }

    void sampler(Sampler made) {
        sampler = made;
    }

    int drawn() {
        return drawn;
    }

    int index() {
        return index;
    }

    void index(int at) {
        index = at;
    }

    boolean isOver() {
        return over;
    }

    /** Draws a token; {@link Vocabulary#NONE} if there is none that may follow. */
    int draw() {
        if (sampler == null) {
            throw new IllegalStateException("nothing to draw with");
        }
        drawn = sampler.draw(index);
        index = -1;
        return drawn;
    }

    /** Tells the listener of the token that was drawn. */
    void tell(Vocabulary vocabulary) {
        written++;
        boolean mute = !job.markers() && vocabulary.isControl(drawn);
        listener.onToken(mute ? "" : characters.add(vocabulary.piece(drawn)));
    }

    boolean isFull() {
        return written >= job.most();
    }

    /** Frees what it holds; nothing is told any more. */
    void end() {
        over = true;
        if (sampler != null) {
            sampler.close();
            sampler = null;
        }
    }
}
