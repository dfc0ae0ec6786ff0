package dev.sluice.core.dialect;

/**
 * The upstream that a request is written for.
 *
 * @param model the model's name there
 * @param quirks how the server differs from its dialect
 * @param defaultMaxOutput most tokens of output to ask for where the dialect or the server must be
 *     told and the client did not say
 * @param stream whether to ask for a stream
 */
public record Target(String model, Quirks quirks, long defaultMaxOutput, boolean stream) {}
