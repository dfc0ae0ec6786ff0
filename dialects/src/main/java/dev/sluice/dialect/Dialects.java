package dev.sluice.dialect;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.bedrock.BedrockDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.grpc.GrpcDialect;
import dev.sluice.dialect.ollama.OllamaDialect;
import dev.sluice.dialect.openaichat.OpenAiChatDialect;
import dev.sluice.dialect.openairesponses.OpenAiResponsesDialect;
import dev.sluice.dialect.sluice.SluiceDialect;

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
                    new BedrockDialect(),
                    new GeminiDialect());

    private static final SluiceDialect OWN = new SluiceDialect(CHAT);

    private static final List<GrpcDialect> GRPC =
            List.of(GrpcDialect.streaming(OWN), GrpcDialect.unary(OWN));

    private Dialects() {}

    /** The gateway's own over gRPC, each with some of the service's methods. */
    public static List<GrpcDialect> grpc() {
        return GRPC;
    }

    /** The gateway's own, which clients alone speak. */
    public static SluiceDialect own() {
        return OWN;
    }

    /** Every dialect of a model server once. */
    public static List<Dialect> all() {
        return ALL;
    }

    /** The dialect called {@code name}. */
    public static Optional<Dialect> find(String name) {
        return ALL.stream().filter(dialect -> dialect.name().equals(name)).findFirst();
    }
}
