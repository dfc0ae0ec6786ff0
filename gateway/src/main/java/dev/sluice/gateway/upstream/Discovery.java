package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.dialect.KnownServers;
import dev.sluice.gateway.config.DialectKind;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.ServerKind;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out what is at a provider's URL by asking: which dialect, which server, which models. What
 * the configuration says is believed and not asked.
 *
 * <p>Two rounds at most: lists of models where OpenAI and Anthropic have them, which tell nearly
 * always all; then, only as far as something is still open, a list of models at another place and
 * the questions by which a server gives itself away. It blocks: for virtual threads and the start.
 */
public final class Discovery {
    private final Duration patience;

    /** A discovery that takes twice {@code patience} at most for each provider. */
    public Discovery(Duration patience) {
        this.patience = patience;
    }

    /** What the configuration alone tells of {@code provider}, if it leaves nothing to be asked. */
    public static Optional<Finding> told(ProviderConfig provider) {
        if (provider.isBedrock()) {
            return Optional.of(bedrock(provider));
        }
        if (provider.dialect().isEmpty()
                || provider.server().isEmpty()
                || provider.models().isEmpty()) {
            return Optional.empty();
        }
        DialectKind dialect = provider.dialect().get();
        return Optional.of(
                new Finding(
                        Optional.of(dialect.word()),
                        provider.server().get().word(),
                        Places.of(provider.url()).base(dialect),
                        configured(provider),
                        Optional.empty()));
    }

    /** Amazon Bedrock lists its models on another host, and not those that an account may use. */
    private static Finding bedrock(ProviderConfig provider) {
        return new Finding(
                Optional.of(DialectKind.BEDROCK.word()),
                provider.server().map(ServerKind::word).orElse(KnownServers.BEDROCK),
                Places.of(provider.url()).base(DialectKind.BEDROCK),
                configured(provider),
                Optional.empty());
    }

    /** Asks {@code provider} all that is open. */
    public Finding find(ProviderConfig provider) {
        Places places = Places.of(provider.url());
        try (Interview interview = new Interview(provider, places, patience)) {
            interview.ask(lists(provider));
            Map<Question, Reply> replies = interview.replies();
            if (replies.values().stream().anyMatch(Reply::isAnswer)) {
                interview.ask(stillOpen(provider, replies));
            }
            return conclude(provider, places, replies);
        }
    }

    /**
     * Asks {@code provider}, of which {@code before} was found, for its models, and everything anew
     * if the answer is not that of the same server.
     */
    public Finding refresh(ProviderConfig provider, Finding before) {
        Places places = Places.of(provider.url());
        try (Interview interview = new Interview(provider, places, patience)) {
            Question list = list(before, places);
            interview.ask(List.of(list));
            Reply reply = interview.replies().get(list);
            if (reply != null && isSame(provider, before, list, reply)) {
                return new Finding(
                        before.dialect(),
                        before.server(),
                        before.base(),
                        models(provider, reply.models()),
                        Optional.empty());
            }
        }
        return find(provider);
    }

    private static Question list(Finding before, Places places) {
        if (before.dialect().equals(Optional.of(DialectKind.ANTHROPIC.word()))) {
            return Question.ANTHROPIC_MODELS;
        }
        if (before.dialect().equals(Optional.of(DialectKind.OLLAMA.word()))) {
            return Question.OLLAMA_MODELS;
        }
        if (before.dialect().equals(Optional.of(DialectKind.GEMINI.word()))) {
            return Question.GEMINI_MODELS;
        }
        return before.base().equals(places.v1()) ? Question.CHAT_MODELS : Question.PLAIN_MODELS;
    }

    private static boolean isSame(
            ProviderConfig provider, Finding before, Question list, Reply reply) {
        Map<Question, Reply> replies = Map.of(list, reply);
        return !reply.models().isEmpty()
                && (provider.dialect().isPresent()
                        || Sign.seen(Sign.OF_DIALECT, replies)
                                .map(DialectKind::word)
                                .equals(before.dialect()))
                && (provider.server().isPresent()
                        || Sign.seen(Sign.OF_SERVER, replies)
                                .map(before.server()::equals)
                                .orElse(true));
    }

    /** The dialect as far as it is known without asking. */
    private static Optional<DialectKind> dialect(ProviderConfig provider) {
        return provider.dialect()
                .or(() -> Optional.ofNullable(Sign.DIALECT_OF_HOST.get(provider.url().host())));
    }

    private static Set<Question> lists(ProviderConfig provider) {
        return dialect(provider)
                .map(
                        dialect ->
                                switch (dialect) {
                                    case OPENAI_CHAT, OPENAI_RESPONSES ->
                                            EnumSet.of(Question.CHAT_MODELS);
                                    case ANTHROPIC -> EnumSet.of(Question.ANTHROPIC_MODELS);
                                    case OLLAMA -> EnumSet.of(Question.OLLAMA_MODELS);
                                    case GEMINI -> EnumSet.of(Question.GEMINI_MODELS);
                                    case BEDROCK -> EnumSet.noneOf(Question.class);
                                })
                .orElseGet(() -> EnumSet.of(Question.CHAT_MODELS, Question.ANTHROPIC_MODELS));
    }

    private static Set<Question> stillOpen(ProviderConfig provider, Map<Question, Reply> replies) {
        Set<Question> open = EnumSet.noneOf(Question.class);
        boolean listed =
                replies.values().stream()
                        .anyMatch(reply -> reply.isChatList() || reply.isAnthropicList());
        boolean maybeChat =
                dialect(provider)
                        .map(Discovery::listing)
                        .map(DialectKind.OPENAI_CHAT::equals)
                        .orElse(true);
        if (!listed && maybeChat) {
            open.add(Question.PLAIN_MODELS);
        }
        Optional<String> server = server(provider, replies);
        if (server.isEmpty()) {
            open.addAll(Sign.questions(Sign.OF_SERVER_ON_ASKING));
        }
        if (provider.dialect().isEmpty()
                && server.orElse(KnownServers.OLLAMA).equals(KnownServers.OLLAMA)) {
            open.add(Question.OLLAMA_MODELS);
        }
        return open;
    }

    private static Finding conclude(
            ProviderConfig provider, Places places, Map<Question, Reply> replies) {
        String server =
                server(provider, replies)
                        .or(() -> Sign.seen(Sign.OF_SERVER_ON_ASKING, replies))
                        .orElse(KnownServers.COMPATIBLE);
        Optional<DialectKind> dialect =
                dialect(provider)
                        .or(() -> Sign.ofOllama(server, replies))
                        .or(() -> Sign.seen(Sign.OF_DIALECT, replies));
        DialectKind likely = dialect.orElse(DialectKind.OPENAI_CHAT);
        List<ModelCard> listed = List.of();
        String base = places.base(likely);
        for (Question question : Question.values()) {
            Reply reply = replies.get(question);
            if (reply != null
                    && listed.isEmpty()
                    && question != Question.LM_STUDIO_MODELS
                    && question.dialect() == listing(likely)
                    && isList(likely, reply)) {
                listed = reply.models();
                base = base(question, places);
            }
        }
        return new Finding(
                dialect.map(DialectKind::word),
                server,
                base,
                models(provider, listed),
                problem(provider, listed, replies));
    }

    /** The dialect whose list of models a server of {@code dialect} has. */
    private static DialectKind listing(DialectKind dialect) {
        return dialect == DialectKind.OPENAI_RESPONSES ? DialectKind.OPENAI_CHAT : dialect;
    }

    /** A server that speaks Anthropic's dialect may list its models as OpenAI does. */
    private static boolean isList(DialectKind dialect, Reply reply) {
        return switch (dialect) {
            case OPENAI_CHAT, OPENAI_RESPONSES -> reply.isChatList();
            case ANTHROPIC -> reply.isChatList() || reply.isAnthropicList();
            case OLLAMA -> reply.isOllamaList();
            case GEMINI -> reply.isGeminiList();
            case BEDROCK -> false;
        };
    }

    private static String base(Question list, Places places) {
        return switch (list) {
            case CHAT_MODELS -> places.v1();
            case PLAIN_MODELS -> places.url();
            case OLLAMA_MODELS -> places.beforeApi();
            case GEMINI_MODELS -> places.version();
            case ANTHROPIC_MODELS, OLLAMA_VERSION, LM_STUDIO_MODELS -> places.root();
        };
    }

    private static Optional<String> server(ProviderConfig provider, Map<Question, Reply> replies) {
        return provider.server()
                .map(ServerKind::word)
                .or(() -> Optional.ofNullable(Sign.OF_HOST.get(provider.url().host())))
                .or(() -> Sign.seen(Sign.OF_SERVER, replies));
    }

    private static List<ModelCard> models(ProviderConfig provider, List<ModelCard> listed) {
        return provider.models().isEmpty() ? listed : configured(provider);
    }

    /** The models that the configuration names. */
    private static List<ModelCard> configured(ProviderConfig provider) {
        return provider.models().stream()
                .map(model -> new ModelCard(model, provider.name(), 0))
                .toList();
    }

    private static Optional<String> problem(
            ProviderConfig provider, List<ModelCard> listed, Map<Question, Reply> replies) {
        return listed.isEmpty() ? new Trouble(provider, replies).sentence() : Optional.empty();
    }
}
