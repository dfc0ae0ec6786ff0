/**
 * What passes between a client and a model, whoever they are: requests, events and failures, the
 * reading and writing of wires, and the interfaces of dialects and providers.
 */
module dev.sluice.core {
    requires static org.jspecify;

    exports dev.sluice.core.dialect;
    exports dev.sluice.core.event;
    exports dev.sluice.core.failure;
    exports dev.sluice.core.framing;
    exports dev.sluice.core.json;
    exports dev.sluice.core.provider;
    exports dev.sluice.core.request;
}
