package dev.sluice.core.dialect;

/**
 * A model in a list.
 *
 * @param id the name to ask for
 * @param owner who answers
 * @param created seconds since 1970, 0 if not known
 */
public record ModelCard(String id, String owner, long created) {}
