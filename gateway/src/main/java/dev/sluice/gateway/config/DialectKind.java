package dev.sluice.gateway.config;

/** The wire format that a provider speaks. */
public enum DialectKind implements Word {
    /** OpenAI Chat Completions. */
    OPENAI_CHAT("openai-chat"),
    /** OpenAI Responses. */
    OPENAI_RESPONSES("openai-responses"),
    /** Anthropic Messages. */
    ANTHROPIC("anthropic"),
    /** Ollama's own API. */
    OLLAMA("ollama"),
    /** Google's Gemini API. */
    GEMINI("gemini"),
    /** Amazon Bedrock's Converse. */
    BEDROCK("bedrock");

    private final String word;

    DialectKind(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
