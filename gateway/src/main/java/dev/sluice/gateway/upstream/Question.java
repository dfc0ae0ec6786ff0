package dev.sluice.gateway.upstream;

import static dev.sluice.gateway.config.DialectKind.ANTHROPIC;
import static dev.sluice.gateway.config.DialectKind.OPENAI_CHAT;

import dev.sluice.gateway.config.DialectKind;

import java.util.function.Function;

/** A GET that tells something about a model server. */
enum Question {
    /** The list of models where OpenAI has it. */
    CHAT_MODELS(OPENAI_CHAT, places -> places.v1() + "/models"),
    /** The list of models where Anthropic has it, all on one page. */
    ANTHROPIC_MODELS(ANTHROPIC, places -> places.root() + "/v1/models?limit=1000"),
    /** The list of models right below the URL, for those whose path is their own. */
    PLAIN_MODELS(OPENAI_CHAT, places -> places.url() + "/models"),
    /** Ollama's version. */
    OLLAMA_VERSION(OPENAI_CHAT, places -> places.root() + "/api/version"),
    /** LM Studio's own list of models. */
    LM_STUDIO_MODELS(OPENAI_CHAT, places -> places.root() + "/api/v0/models");

    private final DialectKind dialect;

    @SuppressWarnings("ImmutableEnumChecker") // Lambdas without state.
    private final Function<Places, String> address;

    Question(DialectKind dialect, Function<Places, String> address) {
        this.dialect = dialect;
        this.address = address;
    }

    /** In whose header fields it is asked. */
    DialectKind dialect() {
        return dialect;
    }

    /** Where it is asked. */
    String address(Places places) {
        return address.apply(places);
    }
}
