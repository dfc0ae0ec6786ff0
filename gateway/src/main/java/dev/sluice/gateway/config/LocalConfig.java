package dev.sluice.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The models that this process reads from files.
 *
 * @param models which
 * @param library the folder of libllama, if not the one that is found
 */
public record LocalConfig(List<LocalModelConfig> models, Optional<Path> library) {
    /** None. */
    public static final LocalConfig NONE = new LocalConfig(List.of(), Optional.empty());

    /** Copies the list. */
    public LocalConfig {
        models = List.copyOf(models);
    }

    /** This with one more model; the same name is replaced. */
    public LocalConfig with(LocalModelConfig model) {
        List<LocalModelConfig> all = new ArrayList<>(models);
        all.removeIf(other -> other.name().equals(model.name()));
        all.add(model);
        return new LocalConfig(all, library);
    }

    /** This with another libllama. */
    public LocalConfig withLibrary(Path folder) {
        return new LocalConfig(models, Optional.of(folder));
    }
}
