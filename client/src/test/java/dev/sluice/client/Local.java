package dev.sluice.client;

import dev.sluice.core.event.Event;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A client and a model in its process. */
final class Local implements AutoCloseable {
    private final TellingAdapter model = new TellingAdapter("local");
    private final SluiceClient client =
            Sluice.builder().environment(Map.of()).adapter(model).build();

    /** A client whose model says this. */
    static Local saying(List<Event> events) {
        return saying(events::iterator);
    }

    /** A client whose model says this. */
    static Local saying(Supplier<Iterator<Event>> events) {
        Local local = new Local();
        local.model.story("fake", events);
        return local;
    }

    /** A client whose model never ends. */
    static Local endless() {
        return saying(Local::withoutEnd);
    }

    private static Iterator<Event> withoutEnd() {
        Iterator<Event> start = Told.start().iterator();
        return new Iterator<>() {
            private long count;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Event next() {
                return start.hasNext() ? start.next() : Told.token("t" + count++ + " ");
            }
        };
    }

    TellingAdapter model() {
        return model;
    }

    TokenStream ask() {
        return ask(StreamConfig.DEFAULT);
    }

    TokenStream ask(StreamConfig config) {
        return client.stream("local/fake", Prompt.of("Say something."), config);
    }

    @Override
    public void close() {
        client.close();
    }
}
