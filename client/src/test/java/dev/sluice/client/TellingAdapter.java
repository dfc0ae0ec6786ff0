package dev.sluice.client;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.event.Event;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A model inside the process that says what it was told to say: an event in each turn of its loop,
 * none while it is paused, none after it was cancelled.
 */
final class TellingAdapter implements Adapter {
    private static final Quirks QUIRKS = Quirks.vendor("telling");

    private final String name;
    private final Map<String, Supplier<Iterator<Event>>> stories = new ConcurrentHashMap<>();
    private final List<ProviderCall> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger paused = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();

    TellingAdapter(String name) {
        this.name = name;
    }

    /** The model called {@code model} says this, and then nothing more. */
    TellingAdapter story(String model, List<Event> events) {
        return story(model, events::iterator);
    }

    /** The model called {@code model} says this. */
    TellingAdapter story(String model, Supplier<Iterator<Event>> events) {
        stories.put(model, events);
        return this;
    }

    /** What it was called with. */
    List<ProviderCall> calls() {
        return calls;
    }

    /** Events that it has handed over, in all streams. */
    int told() {
        return told.get();
    }

    /** Streams that were neither told to their end nor cancelled. */
    int running() {
        return running.get();
    }

    /** How often it was paused. */
    int paused() {
        return paused.get();
    }

    /** How many streams were cancelled before their end. */
    int cancelled() {
        return cancelled.get();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Provider provider(Executor loop) {
        return new Provider() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Optional<Dialect> dialect() {
                return Optional.empty();
            }

            @Override
            public Quirks quirks() {
                return QUIRKS;
            }

            @Override
            public Stream open(ProviderCall call, Receiver receiver) {
                calls.add(call);
                Supplier<Iterator<Event>> story = stories.get(call.target().model());
                if (story == null) {
                    throw new IllegalStateException("no story for " + call.target().model());
                }
                Telling telling = new Telling(loop, receiver, story.get());
                telling.askForTurn();
                return telling;
            }
        };
    }

    private final class Telling implements Stream {
        private final Executor loop;
        private final Receiver receiver;
        private final Iterator<Event> events;
        private boolean asked;
        private boolean isPaused;
        private boolean over;

        Telling(Executor loop, Receiver receiver, Iterator<Event> events) {
            this.loop = loop;
            this.receiver = receiver;
            this.events = events;
            running.incrementAndGet();
        }

        void askForTurn() {
            if (!asked) {
                asked = true;
                loop.execute(this::turn);
            }
        }

        private void turn() {
            asked = false;
            if (isPaused || over || !events.hasNext()) {
                return;
            }
            Event event = events.next();
            if (event instanceof Event.MessageStop || event instanceof Event.Failed) {
                end();
            }
            told.incrementAndGet();
            receiver.onEvent(event);
            askForTurn();
        }

        private void end() {
            over = true;
            running.decrementAndGet();
        }

        @Override
        public void pause() {
            paused.incrementAndGet();
            isPaused = true;
        }

        @Override
        public void resume() {
            isPaused = false;
            askForTurn();
        }

        @Override
        public void cancel() {
            if (!over) {
                cancelled.incrementAndGet();
                end();
            }
        }
    }
}
