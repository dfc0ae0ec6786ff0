package dev.sluice.cli.bench;

import dev.sluice.client.SluiceException;
import dev.sluice.client.TimedEvent;
import dev.sluice.client.TokenStream;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Usage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Puts a load on a subject and writes down when each token came. Every stream has a virtual thread.
 *
 * <p>In an open loop a stream is due at its moment whatever becomes of those before it, and its
 * times count from that moment: a server that stalls delays what comes after, and that is seen
 * (coordinated omission would hide it). In a closed loop a stream is due when it begins.
 */
public final class Runner {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Is told of each stream that has ended. */
    public interface Listener {
        /** Another stream has ended; called by one thread at a time. */
        void ended(Sample sample);
    }

    private final Load load;
    private final Set<TokenStream> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /** A runner of {@code load}. */
    public Runner(Load load) {
        this.load = load;
    }

    /** Ends all that runs; what has been measured by then holds. */
    public void stop() {
        stopped = true;
        running.forEach(TokenStream::cancel);
    }

    /** Whether it was stopped. */
    public boolean isStopped() {
        return stopped;
    }

    /** Measures {@code subject}. */
    public Summary measure(Subject subject, Listener listener) {
        boolean open = load.rate().isPresent();
        parallel(open ? 1 : load.concurrency(), () -> warmUp(subject));
        List<Sample> samples = Collections.synchronizedList(new ArrayList<>());
        Listener keeping =
                sample -> {
                    // A stream that was cut short from here tells nothing of the subject.
                    if (!stopped || sample.isWhole()) {
                        synchronized (samples) {
                            samples.add(sample);
                            listener.ended(sample);
                        }
                    }
                };
        long begun = System.nanoTime();
        if (open) {
            openLoop(subject, begun, load.rate().getAsDouble(), keeping);
        } else {
            closedLoop(subject, begun, keeping);
        }
        samples.sort(Comparator.comparingInt(Sample::number));
        long wall =
                samples.stream()
                        .filter(sample -> sample.arrivals().length > 0)
                        .mapToLong(sample -> sample.due() + (long) sample.ttlt())
                        .max()
                        .orElse(0);
        return new Summary(subject, samples, wall);
    }

    private void warmUp(Subject subject) {
        for (int i = 0; i < load.warmups() && !stopped; i++) {
            long now = System.nanoTime();
            ask(subject, i, now, now);
        }
    }

    private void closedLoop(Subject subject, long begun, Listener listener) {
        AtomicInteger next = new AtomicInteger();
        parallel(
                load.concurrency(),
                () -> {
                    for (int number = next.getAndIncrement();
                            number < load.runs() && !stopped;
                            number = next.getAndIncrement()) {
                        listener.ended(ask(subject, number, begun, System.nanoTime()));
                    }
                });
    }

    private void openLoop(Subject subject, long begun, double rate, Listener listener) {
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < load.runs() && !stopped; number++) {
            long due = begun + (long) (number * NANOS_PER_SECOND / rate);
            for (long wait = due - System.nanoTime();
                    wait > 0 && !stopped;
                    wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            int which = number;
            threads.add(
                    Thread.startVirtualThread(
                            () -> listener.ended(ask(subject, which, begun, due))));
        }
        threads.forEach(Runner::join);
    }

    private static void parallel(int workers, Runnable work) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            threads.add(Thread.startVirtualThread(work));
        }
        threads.forEach(Runner::join);
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Sample ask(Subject subject, int number, long begun, long due) {
        Arrivals arrivals = new Arrivals();
        String problem = "";
        long tokens = 0;
        long late = System.nanoTime() - due;
        try (TokenStream stream =
                subject.client().stream(subject.model(), load.prompt(number), load.config())) {
            running.add(stream);
            if (stopped) {
                stream.cancel();
            }
            try {
                for (TimedEvent event : stream.timedEvents()) {
                    if (event.event() instanceof Event.Delta delta && isToken(delta)) {
                        arrivals.add(late + event.at().toNanos());
                    }
                }
                Usage usage = stream.usage();
                tokens = usage.estimated() ? 0 : usage.output();
            } finally {
                running.remove(stream);
            }
        } catch (SluiceException failed) {
            problem = failed.failure().code().name().toLowerCase(Locale.ROOT);
        }
        long[] times = arrivals.all();
        return new Sample(number, due - begun, times, tokens > 0 ? tokens : times.length, problem);
    }

    private static boolean isToken(Event.Delta delta) {
        return delta.kind() != Event.DeltaKind.SIGNATURE && !delta.text().isEmpty();
    }

    /** Times, as they come. */
    private static final class Arrivals {
        private long[] times = new long[256];
        private int count;

        void add(long time) {
            if (count == times.length) {
                times = Arrays.copyOf(times, count * 2);
            }
            times[count++] = time;
        }

        long[] all() {
            return Arrays.copyOf(times, count);
        }
    }
}
