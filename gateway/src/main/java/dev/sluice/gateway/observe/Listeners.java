package dev.sluice.gateway.observe;

import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;

import java.util.List;
import java.util.function.Consumer;

/**
 * Tells several listeners, in their order. An accident of one is logged and concerns nobody else.
 */
public final class Listeners implements ExchangeListener {
    private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

    private final List<ExchangeListener> all;

    /** Tells {@code all}. */
    public Listeners(List<ExchangeListener> all) {
        this.all = List.copyOf(all);
    }

    @Override
    public void onStarted() {
        tell(ExchangeListener::onStarted);
    }

    @Override
    public void onEnded(ExchangeRecord record) {
        tell(listener -> listener.onEnded(record));
    }

    private void tell(Consumer<ExchangeListener> what) {
        for (ExchangeListener listener : all) {
            try {
                what.accept(listener);
            } catch (RuntimeException | Error accident) {
                LOG.log(System.Logger.Level.ERROR, "a listener failed", accident);
            }
        }
    }
}
