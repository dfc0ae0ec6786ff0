package dev.sluice.cli;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.dialect.KnownServers;
import dev.sluice.gateway.routing.Catalog;
import dev.sluice.gateway.simulated.SimulatedProvider;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Picks the model for the lines that people paste: one that will answer a chat. Lists of models
 * have much in them that will not, and only names tell.
 */
final class ExampleModel {
    /** In names of models that do something else than chat. */
    private static final List<String> OTHERWISE =
            List.of(
                    "embed",
                    "whisper",
                    "tts",
                    "rerank",
                    "moderation",
                    "dall-e",
                    "image",
                    "audio",
                    "realtime",
                    "transcribe",
                    "sora",
                    "babbage",
                    "davinci",
                    "codex",
                    "computer-use");

    /** What to take of OpenAI's long list, which is in no order. */
    private static final List<String> OF_OPENAI =
            List.of("gpt-5-mini", "gpt-4.1-mini", "gpt-4o-mini");

    private static final String SIMULATED = SimulatedProvider.NAME + "/";
    private static final String SIMULATED_TEXT = SIMULATED + "text";

    private ExampleModel() {}

    /**
     * A model of {@code models}, of an upstream if there is one that answers; empty if there is no
     * model at all.
     */
    static Optional<ModelCard> of(List<ModelCard> models, Catalog catalog) {
        List<ModelCard> chatting = models.stream().filter(ExampleModel::chats).toList();
        return chatting.stream()
                .filter(model -> isOpenAi(model, catalog) && OF_OPENAI.contains(model.id()))
                .findFirst()
                .or(() -> chatting.stream().filter(model -> answers(model, catalog)).findFirst())
                .or(() -> models.stream().filter(model -> isSimulated(model, catalog)).findFirst());
    }

    /**
     * One of {@code names}, which a server lists, to talk to; of a simulated one none if another
     * is.
     */
    static String ofNames(List<String> names) {
        List<String> chatting = names.stream().filter(ExampleModel::chats).toList();
        return OF_OPENAI.stream()
                .filter(names::contains)
                .findFirst()
                .or(() -> chatting.stream().filter(name -> !name.startsWith(SIMULATED)).findFirst())
                .or(() -> chatting.stream().filter(SIMULATED_TEXT::equals).findFirst())
                .orElseGet(names::getFirst);
    }

    private static boolean chats(ModelCard model) {
        return chats(model.id());
    }

    private static boolean chats(String id) {
        String name = id.toLowerCase(Locale.ROOT);
        return OTHERWISE.stream().noneMatch(name::contains);
    }

    /** A route answers if any of its providers does, which is taken on trust. */
    private static boolean answers(ModelCard model, Catalog catalog) {
        return catalog.find(model.owner())
                .map(entry -> !entry.isSimulated() && entry.problem().isEmpty())
                .orElse(true);
    }

    private static boolean isOpenAi(ModelCard model, Catalog catalog) {
        return catalog.find(model.owner())
                .filter(entry -> entry.problem().isEmpty())
                .flatMap(Catalog.Entry::upstream)
                .filter(upstream -> upstream.quirks().server().equals(KnownServers.OPENAI))
                .isPresent();
    }

    private static boolean isSimulated(ModelCard model, Catalog catalog) {
        return catalog.find(model.owner()).filter(Catalog.Entry::isSimulated).isPresent();
    }
}
