package dev.sluice.gateway.ingress;

/** What is done the first time that it is run, and nothing later. */
abstract class Once implements Runnable {
    private boolean done;

    @Override
    public final void run() {
        if (!done) {
            done = true;
            once();
        }
    }

    abstract void once();
}
