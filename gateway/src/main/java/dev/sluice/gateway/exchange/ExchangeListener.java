package dev.sluice.gateway.exchange;

/** Watches exchanges; changes nothing. Called on the event loop: it must not block. */
public interface ExchangeListener {
    /** An exchange begins. */
    void onStarted();

    /** An exchange has ended. */
    void onEnded(ExchangeRecord record);
}
