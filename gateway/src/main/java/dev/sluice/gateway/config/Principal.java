package dev.sluice.gateway.config;

/** Who a client is: the name its key has in the configuration. */
public record Principal(String name) {}
