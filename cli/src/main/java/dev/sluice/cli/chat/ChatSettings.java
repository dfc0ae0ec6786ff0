package dev.sluice.cli.chat;

import dev.sluice.client.StreamConfig;

/**
 * How a chat goes.
 *
 * @param config how its streams run
 * @param coloured whether colours and other styles are shown
 */
public record ChatSettings(StreamConfig config, boolean coloured) {}
