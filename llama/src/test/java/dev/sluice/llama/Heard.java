package dev.sluice.llama;

import dev.sluice.core.failure.Failure;
import dev.sluice.testkit.Eventually;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that writes down what it hears, and can be not ready. */
final class Heard implements JobListener {
    private static final java.time.Duration LIMIT = java.time.Duration.ofSeconds(60);

    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private volatile boolean ready = true;
    private volatile String end = "";
    private volatile int prompt = -1;
    private volatile int cached = -1;
    private volatile int readUpTo = Integer.MAX_VALUE;
    private volatile Runnable begun = () -> {};

    @Override
    public boolean isReady() {
        return ready && tokens.size() < readUpTo;
    }

    @Override
    public void onPrompt(int promptTokens, int cachedTokens) {
        prompt = promptTokens;
        cached = cachedTokens;
    }

    @Override
    public void onToken(String text) {
        tokens.add(text);
    }

    @Override
    public void onEnd(End reason) {
        end = reason.name();
    }

    @Override
    public void onFailure(Failure failure) {
        end = failure.code() + ": " + failure.message();
    }

    @Override
    public void onPause() {
        if (!tokens.isEmpty()) {
            begun.run();
            begun = () -> {};
        }
    }

    @Override
    public void onFlush() {}

    /** {@code what} is run at the end of the step that wrote the first token. */
    void whenBegun(Runnable what) {
        begun = what;
    }

    /** Not ready after {@code count} tokens. */
    Heard until(int count) {
        readUpTo = count;
        return this;
    }

    void ready(boolean now) {
        ready = now;
    }

    String text() {
        return String.join("", tokens);
    }

    int tokens() {
        return tokens.size();
    }

    int prompt() {
        return prompt;
    }

    int cached() {
        return cached;
    }

    boolean hasEnded() {
        return !end.isEmpty();
    }

    /** How it ended, which this waits for. */
    String end() {
        Eventually.within(LIMIT, "the text ends", this::hasEnded);
        return end;
    }
}
