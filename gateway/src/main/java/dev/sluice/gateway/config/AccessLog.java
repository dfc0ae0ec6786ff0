package dev.sluice.gateway.config;

/** The form of the access line, one per exchange. */
public enum AccessLog implements Word {
    /** A line for people. */
    TEXT("text"),
    /** A JSON object per line. */
    JSON("json"),
    /** None. */
    OFF("off");

    private final String word;

    AccessLog(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
