/** The Java library: a stream of tokens from any provider, over HTTP or in the process. */
module dev.sluice.client {
    requires transitive dev.sluice.core;
    requires dev.sluice.dialect;
    requires java.net.http;
    requires static org.jspecify;

    uses dev.sluice.client.Adapter;
    uses dev.sluice.core.provider.ProviderSource;

    exports dev.sluice.client;
}
