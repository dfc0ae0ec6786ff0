package dev.sluice.llama;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.llama.binding.Context;
import dev.sluice.llama.binding.Model;
import dev.sluice.llama.binding.Sampler;
import dev.sluice.llama.binding.TokenBatch;
import dev.sluice.llama.binding.Vocabulary;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes all texts of a model, on the one thread that owns its context. Each step reads one token
 * of every text that is being written and, in the room that is left, pieces of the prompts that are
 * not read yet; then it draws a token for each.
 *
 * <p>While texts are being written, prompts get only so many tokens of a step that the step does
 * not last long ({@link PromptPace}): a newcomer with a long prompt slows the others down and never
 * stops them. Prompts that wait are read one after the other and not all at the same pace, so that
 * the first of them is written for while the last is still waiting; what they would gain by being
 * read together is little. Every other step begins with the one that has waited longest, the steps
 * between with the one that has the least left: so short prompts are not held up by long ones, nor
 * long ones for ever by short ones.
 *
 * <p>A text whose listener is not ready is left out of the step, and nothing of it is computed.
 */
final class Decoder {
    private static final System.Logger LOG = System.getLogger(Decoder.class.getName());

    /**
     * So many tokens of prompts make a step worth its while; another prompt can wait for a next.
     */
    private static final int ENOUGH = 64;

    private static final Comparator<Sequence> AGE = Comparator.comparingLong(Sequence::lastUsed);
    private static final Comparator<Sequence> LEFT =
            Comparator.comparingInt(Sequence::unread).thenComparing(AGE);

    private final ModelSettings settings;
    private final Vocabulary vocabulary;
    private final Context context;
    private final TokenBatch batch;
    private final Sequences sequences;
    private final PromptPace pace;
    private final Runnable whenOver;
    private final Queue<Writing> arrivals = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Writing> waiting = new ArrayDeque<>();

    /** Texts that were told something in this step. */
    private final List<Writing> told = new ArrayList<>();

    /** Texts whose prompts are not read yet. */
    private final List<Sequence> readers = new ArrayList<>();

    private volatile Thread thread = Thread.currentThread();
    private volatile boolean woken;
    private volatile boolean closing;
    private boolean oldestFirst;
    private long clock;

    /** A decoder, which {@code run} starts; {@code whenOver} is run at the end of every text. */
    Decoder(ModelSettings settings, Model model, Context context, Runnable whenOver) {
        this.settings = settings;
        this.vocabulary = model.vocabulary();
        this.context = context;
        this.whenOver = whenOver;
        this.sequences = new Sequences(settings.parallel());
        this.pace = new PromptPace(settings.batch());
        this.batch = new TokenBatch(settings.batch(), settings.parallel());
    }

    /** Adds a text, whose prompt is known and fits. Any thread. */
    void add(Writing writing) {
        arrivals.add(writing);
        if (closing && arrivals.remove(writing)) {
            fail(writing, closing(settings.name()));
        }
        wake();
    }

    /** Looks again at who is ready. Any thread. */
    void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    /** Ends {@code run}; what is being written fails. Any thread. */
    void close() {
        closing = true;
        wake();
    }

    void run() {
        thread = Thread.currentThread();
        try {
            while (!closing) {
                woken = false;
                turn();
            }
        } catch (RuntimeException | Error accident) {
            LOG.log(System.Logger.Level.ERROR, "the decoder has stopped", accident);
            failAll(
                    Failure.of(
                            FailureCode.UPSTREAM_ERROR,
                            "the model `"
                                    + settings.name()
                                    + "` has failed and answers no more; start the gateway again"));
        } finally {
            closing = true;
            failAll(closing(settings.name()));
            context.close();
        }
    }

    private void turn() {
        admit();
        int prompts = fill();
        if (batch.size() == 0) {
            handOver();
            if (!woken) {
                LockSupport.park(this);
            }
            return;
        }
        long begun = System.nanoTime();
        if (context.decode(batch) == Context.Step.DONE) {
            pace.took(prompts, System.nanoTime() - begun);
            draw();
        } else {
            LOG.log(System.Logger.Level.ERROR, "a step of " + settings.name() + " failed");
            failAll(
                    Failure.of(
                            FailureCode.UPSTREAM_ERROR,
                            "the model `" + settings.name() + "` failed while it wrote"));
            context.forgetAll();
            sequences.all().forEach(Sequence::lose);
        }
        handOver();
    }

    /** Frees the places of texts that nobody wants, and gives free places to those that wait. */
    private void admit() {
        for (Sequence sequence : sequences.all()) {
            Writing writing = sequence.writing();
            if (writing != null && writing.isCancelled()) {
                sequence.giveUp(context, writing.prompt().length);
                over(writing);
            }
        }
        for (Writing writing = arrivals.poll(); writing != null; writing = arrivals.poll()) {
            waiting.add(writing);
        }
        waiting.removeIf(this::isGivenUp);
        while (!waiting.isEmpty()) {
            Optional<Sequence> place = sequences.choose(waiting.getFirst().prompt());
            if (place.isEmpty()) {
                return;
            }
            begin(waiting.removeFirst(), place.get());
        }
    }

    private boolean isGivenUp(Writing writing) {
        if (writing.isCancelled()) {
            over(writing);
        }
        return writing.isCancelled();
    }

    private void begin(Writing writing, Sequence place) {
        Optional<Sampler> sampler = Sampler.of(context, writing.job().settings());
        if (sampler.isEmpty()) {
            fail(
                    writing,
                    Failure.unsupported(
                            "",
                            "the model `"
                                    + settings.name()
                                    + "` cannot follow the form that is asked for"));
            return;
        }
        writing.sampler(sampler.get());
        int known = place.take(writing, context, ++clock);
        told.add(writing);
        writing.listener().onPrompt(writing.prompt().length, known);
    }

    /** Gathers the tokens of a step; returns how many of them are of prompts. */
    private int fill() {
        batch.clear();
        readers.clear();
        for (Sequence sequence : sequences.all()) {
            Writing writing = sequence.writing();
            if (writing != null && !writing.isCancelled() && writing.listener().isReady()) {
                if (sequence.isWriting()) {
                    write(sequence);
                } else {
                    readers.add(sequence);
                }
            }
        }
        return readers.isEmpty() ? 0 : fillPrompts(pace.most(batch.size(), batch.left()));
    }

    private void write(Sequence sequence) {
        int position = sequence.size();
        sequence.drawAfter(batch.add(sequence.next(), position, sequence.number(), true));
    }

    private int fillPrompts(int most) {
        oldestFirst = !oldestFirst;
        readers.sort(oldestFirst ? AGE : LEFT);
        int read = 0;
        for (Sequence sequence : readers) {
            if (read < Math.min(most, ENOUGH)) {
                read += readPrompt(sequence, most - read);
            }
        }
        return read;
    }

    private int readPrompt(Sequence sequence, int most) {
        int count = Math.min(most, sequence.unread());
        for (int i = 0; i < count; i++) {
            int position = sequence.size();
            boolean last = sequence.unread() == 1;
            int index = batch.add(sequence.next(), position, sequence.number(), last);
            if (last) {
                sequence.drawAfter(index);
            }
        }
        return count;
    }

    /** Draws a token for every text that has got to where one is due. */
    private void draw() {
        for (Sequence sequence : sequences.all()) {
            Writing writing = sequence.writing();
            if (writing != null && writing.index() >= 0 && !writing.isCancelled()) {
                draw(sequence, writing);
            }
        }
    }

    private void draw(Sequence sequence, Writing writing) {
        int token = writing.draw();
        told.add(writing);
        if (token == Vocabulary.NONE) {
            sequence.release();
            fail(
                    writing,
                    Failure.of(
                            FailureCode.UPSTREAM_ERROR,
                            "the model `"
                                    + settings.name()
                                    + "` found no way on in the form that is asked for"));
        } else if (vocabulary.isEnd(token)) {
            end(sequence, writing, JobListener.End.DONE);
        } else {
            writing.tell(vocabulary);
            if (writing.isFull()) {
                end(sequence, writing, JobListener.End.MOST);
            } else if (sequence.size() + 1 > context.room()) {
                end(sequence, writing, JobListener.End.ROOM);
            }
        }
    }

    private void end(Sequence sequence, Writing writing, JobListener.End reason) {
        sequence.release();
        over(writing);
        if (!writing.isCancelled()) {
            writing.listener().onEnd(reason);
        }
    }

    private void over(Writing writing) {
        writing.end();
        whenOver.run();
    }

    private void fail(Writing writing, Failure failure) {
        over(writing);
        if (!writing.isCancelled()) {
            writing.listener().fail(failure);
        }
    }

    /** Lets everybody who was told something hand it on: once a step, and all together. */
    private void handOver() {
        for (Writing writing : told) {
            writing.listener().onPause();
        }
        for (Writing writing : told) {
            writing.listener().onFlush();
        }
        told.clear();
    }

    private void failAll(Failure failure) {
        for (Sequence sequence : sequences.all()) {
            Writing writing = sequence.writing();
            if (writing != null) {
                sequence.release();
                fail(writing, failure);
            }
        }
        for (Writing writing = arrivals.poll(); writing != null; writing = arrivals.poll()) {
            waiting.add(writing);
        }
        waiting.forEach(writing -> fail(writing, failure));
        waiting.clear();
    }

    static Failure closing(String name) {
        return Failure.of(FailureCode.UNAVAILABLE, "the model `" + name + "` is being put away");
    }
}
