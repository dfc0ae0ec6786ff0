package dev.sluice.core.dialect;

/**
 * What a decoder of upstream answers is told.
 *
 * @param quirks how the server differs from its dialect
 * @param sameDialect whether the client speaks the upstream's dialect, so that blocks with no
 *     canonical form can reach it
 */
public record DecodeContext(Quirks quirks, boolean sameDialect) {}
