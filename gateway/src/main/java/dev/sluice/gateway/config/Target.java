package dev.sluice.gateway.config;

import java.util.Optional;

/**
 * A model of a provider.
 *
 * @param provider the provider's name in the configuration
 * @param model the model as the provider calls it; it may hold slashes
 */
public record Target(String provider, String model) {

    static final String EXPECTED = "provider/model, like openai/gpt-5-mini";

    /** Refuses parts that are no names. */
    public Target {
        Names.SHORT.check("provider", provider);
        Names.MODEL.check("model", model);
    }

    /** Reads {@code provider/model}; the first slash parts them. */
    public static Target of(String text) {
        return parse(text)
                .orElseThrow(() -> InvalidValue.of("", "is not a model of a provider", EXPECTED));
    }

    private static Optional<Target> parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Target(text.substring(0, slash), text.substring(slash + 1)));
        } catch (InvalidValue part) {
            return Optional.empty();
        }
    }

    /** {@code provider/model}. */
    @Override
    public String toString() {
        return provider + "/" + model;
    }
}
