package dev.sluice.gateway.config;

/** The program behind a provider; its known departures from the dialect come with it. */
public enum ServerKind implements Word {
    /** OpenAI itself. */
    OPENAI("openai"),
    /** {@code mlx_lm.server}. */
    MLX_LM("mlx-lm"),
    /** Ollama: its own API, or its {@code /v1}. */
    OLLAMA("ollama"),
    /** {@code llama-server} of llama.cpp. */
    LLAMA_CPP("llama.cpp"),
    /** vLLM. */
    VLLM("vllm"),
    /** LM Studio. */
    LM_STUDIO("lm-studio"),
    /** Anthropic itself. */
    ANTHROPIC("anthropic"),
    /** Google itself. */
    GOOGLE("google"),
    /** Amazon Bedrock. */
    BEDROCK("bedrock"),
    /** Another gateway like this one. */
    SLUICE("sluice"),
    /** Anything else that speaks the dialect. */
    COMPATIBLE("compatible");

    private final String word;

    ServerKind(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
