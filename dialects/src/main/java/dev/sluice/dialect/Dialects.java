package dev.sluice.dialect;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.bedrock.BedrockDialect;
import dev.sluice.dialect.ollama.OllamaDialect;
import dev.sluice.dialect.openaichat.OpenAiChatDialect;
import dev.sluice.dialect.openairesponses.OpenAiResponsesDialect;

import java.util.List;
import java.util.Optional;

/** All dialects that this gateway speaks. */
public final class Dialects {
    private static final Dialect CHAT = new OpenAiChatDialect();
    private static final List<Dialect> ALL =
            List.of(
                    CHAT,
                    new OpenAiResponsesDialect(CHAT),
                    new AnthropicDialect(),
                    new OllamaDialect(),
                    new BedrockDialect());

    private Dialects() {}

    /** Every dialect once. */
    public static List<Dialect> all() {
        return ALL;
    }

    /** The dialect called {@code name}. */
    public static Optional<Dialect> find(String name) {
        return ALL.stream().filter(dialect -> dialect.name().equals(name)).findFirst();
    }
}
