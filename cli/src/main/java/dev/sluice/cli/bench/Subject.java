package dev.sluice.cli.bench;

import dev.sluice.client.SluiceClient;

/**
 * What is measured: a model, asked in one way.
 *
 * @param name what it is called in reports
 * @param where what answers and where, for people
 * @param client asks it
 * @param model its name for {@code client}
 */
public record Subject(String name, String where, SluiceClient client, String model) {}
