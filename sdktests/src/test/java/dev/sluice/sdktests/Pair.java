package dev.sluice.sdktests;

import static dev.sluice.sdktests.Vendor.ANTHROPIC;
import static dev.sluice.sdktests.Vendor.OPENAI;

/** Whose library asks whose model. */
enum Pair {
    OPENAI_TO_OPENAI(OPENAI, OPENAI),
    OPENAI_TO_ANTHROPIC(OPENAI, ANTHROPIC),
    ANTHROPIC_TO_ANTHROPIC(ANTHROPIC, ANTHROPIC),
    ANTHROPIC_TO_OPENAI(ANTHROPIC, OPENAI);

    private final Vendor client;
    private final Vendor upstream;

    Pair(Vendor client, Vendor upstream) {
        this.client = client;
        this.upstream = upstream;
    }

    /** Whose library asks. */
    Vendor client() {
        return client;
    }

    /** Whose format the upstream speaks. */
    Vendor upstream() {
        return upstream;
    }

    /** Whether nothing has to be translated. */
    boolean isSame() {
        return client == upstream;
    }

    /** The one of two things that fits the asking library. */
    <T> T forClient(T openai, T anthropic) {
        return client == OPENAI ? openai : anthropic;
    }

    /** The one of two things that fits the answering upstream. */
    <T> T forUpstream(T openai, T anthropic) {
        return upstream == OPENAI ? openai : anthropic;
    }
}
