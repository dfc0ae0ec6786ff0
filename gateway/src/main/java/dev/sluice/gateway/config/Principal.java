package dev.sluice.gateway.config;

/** Who a client is: the name its key has in the configuration. */
public record Principal(String name) {
    /** Refuses what the configuration would not take as the owner of a key. */
    public Principal {
        Names.SHORT.check("", name);
    }
}
