package dev.sluice.llama;

import dev.sluice.llama.binding.Libllama;
import dev.sluice.llama.binding.LibraryFolder;
import dev.sluice.llama.binding.LibraryUnusable;
import dev.sluice.llama.binding.Log;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/** Reads models, in this process or in one of their own. Safe for use by many threads. */
public final class TextModels {
    private final ChatFormat.Maker formats;
    private final Map<LibraryFolder, Libllama> libraries = new HashMap<>();

    /** Models that are talked to as {@code formats} say. */
    public TextModels(ChatFormat.Maker formats) {
        this.formats = formats;
    }

    /** Models that are talked to by the templates that they bring along. */
    public TextModels() {
        this(TemplateFormat::of);
    }

    /**
     * Reads the model that {@code settings} name, for a while.
     *
     * @param percent is told how much was read
     * @throws dev.sluice.llama.binding.LibraryUnusable if it cannot be read, with a sentence that
     *     says why
     */
    public LocalModel load(ModelSettings settings, IntConsumer percent) {
        TextModel model =
                switch (settings.isolation()) {
                    case NONE -> inProcess(settings, percent);
                    case PROCESS -> ChildModel.start(settings, percent);
                };
        try {
            return new LocalModel(
                    settings.name(), model, formats.of(model.facts()), Clock.systemUTC());
        } catch (LibraryUnusable unreadable) {
            model.close();
            throw unreadable;
        }
    }

    /** Reads a model into this process; one at a time, since libllama tells all in one place. */
    synchronized TextModel inProcess(ModelSettings settings, IntConsumer percent) {
        Libllama library =
                libraries.computeIfAbsent(
                        LibraryFolder.find(settings.library()),
                        folder -> Libllama.open(folder, new Log()));
        return Engine.load(library, settings, percent);
    }
}
