package dev.sluice.gateway.config;

/** What becomes of an answer whose client has left. */
public enum OnDisconnect implements Word {
    /** It ends at once. */
    CANCEL("cancel"),
    /** It goes on to a limit. */
    DRAIN("drain"),
    /** It goes on to its end. */
    DETACH("detach");

    private final String word;

    OnDisconnect(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
