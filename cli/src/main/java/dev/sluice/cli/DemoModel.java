package dev.sluice.cli;

import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.LocalConfig;
import dev.sluice.gateway.config.LocalModelConfig;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The small model that lies beside the program, so that a fresh Sluice answers with tokens of a
 * model. It is served until a command line says what is to be served instead.
 */
final class DemoModel {
    /** What it is asked for as, alone or behind {@code local/}. */
    static final String NAME = "sluice-demo";

    /** The system property by which the launcher says where its file would be. */
    static final String PROPERTY = "sluice.demo";

    private static final List<String> INSTEAD = List.of("config", "upstream", "model");

    private DemoModel() {}

    /** Its file; empty where there is none. */
    static Optional<Path> file() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(Path::of)
                .filter(Files::isRegularFile);
    }

    /** {@code config}, and the model in {@code file} where {@code typed} names nothing else. */
    static Config added(Optional<Path> file, Options.Typed typed, Config config) {
        if (file.isEmpty() || INSTEAD.stream().anyMatch(typed::has)) {
            return config;
        }
        LocalConfig local = config.local().with(LocalModelConfig.of(NAME, file.get()));
        return config.toBuilder().local(local).build();
    }

    /** Whether {@code config} has no model but this one to answer with. */
    static boolean isAllThereIs(Config config) {
        return config.providers().isEmpty()
                && config.local().models().stream().allMatch(model -> model.name().equals(NAME));
    }
}
