/** The model inside the process: libllama by foreign functions, as a provider of events. */
module dev.sluice.llama {
    requires transitive dev.sluice.core;
    requires static org.jspecify;

    exports dev.sluice.llama;
    exports dev.sluice.llama.binding;
}
