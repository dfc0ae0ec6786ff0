package dev.sluice.gateway.config;

/** One of a fixed set of words in a configuration. */
public interface Word {

    /** The word as a file says it. */
    String word();
}
