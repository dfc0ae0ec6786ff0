package dev.sluice.gateway.simulated;

/**
 * A model that can be asked for.
 *
 * @param name its name at the provider {@code simulated}, such as {@code parallel-tools}
 * @param sentence what it does, in one sentence
 */
public record SimulatedModel(String name, String sentence) {}
