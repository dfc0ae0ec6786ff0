package dev.sluice.gateway.config;

/** The version of HTTP towards a provider. */
public enum Protocol implements Word {
    /** HTTP/2 where TLS agrees on it, otherwise HTTP/1.1. */
    AUTO("auto"),
    /** HTTP/1.1, with or without TLS. */
    HTTP_1_1("http/1.1"),
    /** HTTP/2 over TLS. */
    H2("h2"),
    /** HTTP/2 without TLS, known beforehand. */
    H2C("h2c");

    private final String word;

    Protocol(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
