package dev.sluice.gateway;

import java.util.function.UnaryOperator;

/** A rig for each dialect of the upstream, for tests of all pairs. */
final class Rigs implements AutoCloseable {
    private final Rig chat;
    private final Rig messages;

    private Rigs(Rig chat, Rig messages) {
        this.chat = chat;
        this.messages = messages;
    }

    /** Starts both, described in the same way. */
    static Rigs start(UnaryOperator<TestGateway.Setup> described) {
        return new Rigs(Rig.before(Tongue.CHAT, described), Rig.before(Tongue.MESSAGES, described));
    }

    /** Starts both as they are by themselves. */
    static Rigs start() {
        return start(setup -> setup);
    }

    /** The rig whose upstream speaks so. */
    Rig of(Tongue upstream) {
        return switch (upstream) {
            case CHAT -> chat;
            case MESSAGES -> messages;
        };
    }

    /** Makes both ready for the next test. */
    void forget() {
        chat.forget();
        messages.forget();
    }

    @Override
    public void close() {
        chat.close();
        messages.close();
    }
}
