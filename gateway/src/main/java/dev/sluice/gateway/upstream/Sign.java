package dev.sluice.gateway.upstream;

import static dev.sluice.gateway.upstream.Question.ANTHROPIC_MODELS;
import static dev.sluice.gateway.upstream.Question.CHAT_MODELS;
import static dev.sluice.gateway.upstream.Question.LM_STUDIO_MODELS;
import static dev.sluice.gateway.upstream.Question.OLLAMA_MODELS;
import static dev.sluice.gateway.upstream.Question.OLLAMA_VERSION;
import static dev.sluice.gateway.upstream.Question.PLAIN_MODELS;

import dev.sluice.dialect.KnownServers;
import dev.sluice.gateway.config.DialectKind;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What gives something away: an answer on a question that looks so means {@code meaning}. All that
 * is known of how servers can be told apart stands in the tables here, what is particular before
 * what is common.
 *
 * @param meaning a dialect, or a kind of server as {@link KnownServers} calls it
 */
record Sign<T>(Question question, Predicate<Reply> look, T meaning) {
    /**
     * Which dialect is spoken. A server that speaks several is taken as a speaker of OpenAI's,
     * which nearly all of them had first; {@link #ofOllama} is the exception.
     */
    static final List<Sign<DialectKind>> OF_DIALECT =
            List.of(
                    new Sign<>(CHAT_MODELS, Reply::isChatList, DialectKind.OPENAI_CHAT),
                    new Sign<>(PLAIN_MODELS, Reply::isChatList, DialectKind.OPENAI_CHAT),
                    new Sign<>(ANTHROPIC_MODELS, Reply::isAnthropicList, DialectKind.ANTHROPIC),
                    new Sign<>(ANTHROPIC_MODELS, Reply::isAnthropicError, DialectKind.ANTHROPIC),
                    new Sign<>(CHAT_MODELS, Reply::isLocked, DialectKind.OPENAI_CHAT),
                    new Sign<>(PLAIN_MODELS, Reply::isLocked, DialectKind.OPENAI_CHAT),
                    new Sign<>(OLLAMA_MODELS, Reply::isOllamaList, DialectKind.OLLAMA));

    /**
     * Which server it is, by its list of models.
     *
     * <ul>
     *   <li>Another gateway like this one names itself too. It serves every dialect, Ollama's among
     *       them, in which less can be said than in OpenAI's.
     *   <li>llama.cpp names itself in the header field {@code server} of every answer (httplib's
     *       default headers in tools/server), and as the owner of its models, also behind a proxy.
     *   <li>vLLM and SGLang, KoboldCpp and LM Studio own their models under fixed names.
     *   <li>Ollama's owner is the namespace of the model, {@code library} for those of its own.
     *   <li>mlx_lm.server is Python's http.server and names no owner. It answers whatever path
     *       begins with {@code /v1/models}.
     * </ul>
     */
    static final List<Sign<String>> OF_SERVER =
            onLists(
                    new Mark(
                            reply -> reply.server().equals(KnownServers.SLUICE),
                            KnownServers.SLUICE),
                    new Mark(reply -> reply.server().equals("llama.cpp"), KnownServers.LLAMA_CPP),
                    new Mark(reply -> reply.isOwner("llamacpp"), KnownServers.LLAMA_CPP),
                    new Mark(reply -> reply.isOwner("vllm"), KnownServers.VLLM),
                    new Mark(reply -> reply.isOwner("organization_owner"), KnownServers.LM_STUDIO),
                    new Mark(reply -> reply.isOwner("sglang"), KnownServers.COMPATIBLE),
                    new Mark(reply -> reply.isOwner("koboldcpp"), KnownServers.COMPATIBLE),
                    new Mark(reply -> reply.isOwner("library"), KnownServers.OLLAMA),
                    new Mark(Sign::isPythonWithoutOwners, KnownServers.MLX_LM));

    /**
     * Which server it is, by what only it has. LM Studio answers 200 to every path and complains in
     * its log about those that it does not know, so these are asked only if the list tells nothing.
     */
    static final List<Sign<String>> OF_SERVER_ON_ASKING =
            List.of(
                    new Sign<>(
                            LM_STUDIO_MODELS,
                            reply -> reply.isChatList() && !reply.models().isEmpty(),
                            KnownServers.LM_STUDIO),
                    new Sign<>(
                            OLLAMA_VERSION,
                            reply -> reply.text().contains("Unexpected endpoint or method"),
                            KnownServers.LM_STUDIO),
                    new Sign<>(
                            OLLAMA_VERSION,
                            reply ->
                                    reply.status() == 200
                                            && reply.members().equals(Set.of("version")),
                            KnownServers.OLLAMA));

    /** Hosts whose server is known without asking. */
    static final Map<String, String> OF_HOST =
            Map.of(
                    "api.openai.com", KnownServers.OPENAI,
                    "api.anthropic.com", KnownServers.ANTHROPIC,
                    "generativelanguage.googleapis.com", KnownServers.GOOGLE);

    /** Hosts whose dialect is known without asking, since theirs is not asked for by itself. */
    static final Map<String, DialectKind> DIALECT_OF_HOST =
            Map.of("generativelanguage.googleapis.com", DialectKind.GEMINI);

    /** A look that every list of models can have. */
    private record Mark(Predicate<Reply> look, String server) {}

    private static List<Sign<String>> onLists(Mark... marks) {
        List<Sign<String>> signs = new ArrayList<>();
        for (Mark mark : marks) {
            for (Question list : List.of(CHAT_MODELS, PLAIN_MODELS, ANTHROPIC_MODELS)) {
                signs.add(new Sign<>(list, mark.look, mark.server));
            }
        }
        return List.copyOf(signs);
    }

    /**
     * Ollama itself is spoken to in its own dialect, in which it says and takes more than in
     * OpenAI's: an Ollama that is known as such and has its own list of models.
     */
    static Optional<DialectKind> ofOllama(String server, Map<Question, Reply> replies) {
        Reply list = replies.get(OLLAMA_MODELS);
        return server.equals(KnownServers.OLLAMA) && list != null && list.isOllamaList()
                ? Optional.of(DialectKind.OLLAMA)
                : Optional.empty();
    }

    private static boolean isPythonWithoutOwners(Reply reply) {
        return reply.server().startsWith("BaseHTTP/")
                && reply.isChatList()
                && reply.models().stream().allMatch(model -> model.owner().isEmpty());
    }

    /** The meaning of the first of {@code signs} that is seen. */
    static <T> Optional<T> seen(List<Sign<T>> signs, Map<Question, Reply> replies) {
        for (Sign<T> sign : signs) {
            Reply reply = replies.get(sign.question);
            if (reply != null && reply.isAnswer() && sign.look.test(reply)) {
                return Optional.of(sign.meaning);
            }
        }
        return Optional.empty();
    }

    /** What must be asked before {@code signs} can be looked for. */
    static <T> Set<Question> questions(List<Sign<T>> signs) {
        EnumSet<Question> questions = EnumSet.noneOf(Question.class);
        signs.forEach(sign -> questions.add(sign.question));
        return questions;
    }
}
