package dev.sluice.gateway.upstream;

import static dev.sluice.gateway.config.DialectKind.ANTHROPIC;
import static dev.sluice.gateway.config.DialectKind.GEMINI;
import static dev.sluice.gateway.config.DialectKind.OLLAMA;
import static dev.sluice.gateway.config.DialectKind.OPENAI_CHAT;

import dev.sluice.gateway.config.DialectKind;

/** A GET that tells something about a model server. */
enum Question {
    /** The list of models where OpenAI has it. */
    CHAT_MODELS(OPENAI_CHAT),
    /** The list of models where Anthropic has it, all on one page. */
    ANTHROPIC_MODELS(ANTHROPIC),
    /** The list of models right below the URL, for those whose path is their own. */
    PLAIN_MODELS(OPENAI_CHAT),
    /** The list of models where Ollama has its own. */
    OLLAMA_MODELS(OLLAMA),
    /** The list of models where Gemini has it, as many as a page takes. */
    GEMINI_MODELS(GEMINI),
    /** Ollama's version. */
    OLLAMA_VERSION(OPENAI_CHAT),
    /** LM Studio's own list of models. */
    LM_STUDIO_MODELS(OPENAI_CHAT);

    private final DialectKind dialect;

    Question(DialectKind dialect) {
        this.dialect = dialect;
    }

    /** In whose header fields it is asked. */
    DialectKind dialect() {
        return dialect;
    }

    /** Where it is asked. */
    String address(Places places) {
        return switch (this) {
            case CHAT_MODELS -> places.v1() + "/models";
            case ANTHROPIC_MODELS -> places.root() + "/v1/models?limit=1000";
            case PLAIN_MODELS -> places.url() + "/models";
            case OLLAMA_MODELS -> places.beforeApi() + "/api/tags";
            case GEMINI_MODELS -> places.version() + "/models?pageSize=1000";
            case OLLAMA_VERSION -> places.beforeApi() + "/api/version";
            case LM_STUDIO_MODELS -> places.root() + "/api/v0/models";
        };
    }
}
