/** The model inside the process: libllama by foreign functions, as a provider of events. */
module dev.sluice.llama {
    requires transitive dev.sluice.core;
    requires static org.jspecify;

    provides dev.sluice.core.provider.ProviderSource with
            dev.sluice.llama.LocalSource;

    exports dev.sluice.llama;
    exports dev.sluice.llama.binding;
}
