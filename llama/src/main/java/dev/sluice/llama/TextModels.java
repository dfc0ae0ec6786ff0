package dev.sluice.llama;

import dev.sluice.llama.binding.Libllama;
import dev.sluice.llama.binding.LibraryFolder;
import dev.sluice.llama.binding.LibraryUnusable;
import dev.sluice.llama.binding.Log;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.function.IntConsumer;

/** Reads models, in this process or in one of their own. */
public final class TextModels {
    private final ChatFormat.Maker formats;
    private @Nullable Libllama library;

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

    /** Reads a model into this process. */
    TextModel inProcess(ModelSettings settings, IntConsumer percent) {
        Libllama opened = library;
        if (opened == null) {
            opened = Libllama.open(LibraryFolder.find(settings.library()), new Log());
            library = opened;
        }
        return Engine.load(opened, settings, percent);
    }
}
