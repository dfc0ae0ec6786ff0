package dev.sluice.cli;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.provider.Provider;
import dev.sluice.gateway.LocalModels;
import dev.sluice.gateway.config.LocalConfig;
import dev.sluice.gateway.config.LocalModelConfig;
import dev.sluice.llama.LlamaProvider;
import dev.sluice.llama.LocalModel;
import dev.sluice.llama.ModelSettings;
import dev.sluice.llama.TextModels;
import dev.sluice.llama.binding.LibraryUnusable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/** The models that this process reads from files, as its configuration wants them. */
final class Locals implements LocalModels, AutoCloseable {
    private final Map<String, LocalModel> models;
    private final List<String> problems;

    private Locals(Map<String, LocalModel> models, List<String> problems) {
        this.models = models;
        this.problems = problems;
    }

    /**
     * Reads the models; one that cannot be read is a problem and no reason not to start.
     *
     * @param progress is told the name of a model and how much of it was read, in hundredths
     */
    static Locals load(LocalConfig config, BiConsumer<String, Integer> progress) {
        Map<String, LocalModel> models = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        TextModels loading = new TextModels();
        for (LocalModelConfig model : config.models()) {
            try {
                models.put(
                        model.name(),
                        loading.load(
                                settings(model, config.library()),
                                percent -> progress.accept(model.name(), percent)));
            } catch (LibraryUnusable failed) {
                String problem = String.valueOf(failed.getMessage());
                if (!problems.contains(problem)) {
                    problems.add(problem);
                }
            }
        }
        return new Locals(models, problems);
    }

    private static ModelSettings settings(LocalModelConfig model, Optional<Path> library) {
        return new ModelSettings(
                model.name(),
                model.file(),
                model.context(),
                model.parallel(),
                model.queue(),
                model.batch(),
                model.gpuLayers(),
                model.threads(),
                model.promptThreads(),
                switch (model.isolation()) {
                    case NONE -> ModelSettings.Isolation.NONE;
                    case PROCESS -> ModelSettings.Isolation.PROCESS;
                },
                library);
    }

    @Override
    public List<ModelCard> models() {
        return models.keySet().stream()
                .map(name -> new ModelCard(name, LlamaProvider.NAME, 0))
                .toList();
    }

    @Override
    public Optional<String> problem() {
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
    }

    @Override
    public Provider provider(Executor loop) {
        return new LlamaProvider(models, loop);
    }

    @Override
    public void close() {
        models.values().forEach(LocalModel::close);
    }
}
