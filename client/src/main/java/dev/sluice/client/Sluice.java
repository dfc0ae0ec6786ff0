package dev.sluice.client;

/**
 * One call for any model: {@code Sluice.stream("ollama/llama3.2", "Why is the sky blue?")}. The
 * part before the slash says who answers, the rest is the model's name there.
 *
 * <p>The calls here go through one client whose keys and addresses come from the environment;
 * {@link #builder} makes others.
 */
public final class Sluice {
    private Sluice() {}

    /** The client of the environment. It is made at the first call and lives as long as the JVM. */
    public static SluiceClient client() {
        return Shared.CLIENT;
    }

    /** A builder of a client. */
    public static SluiceClient.Builder builder() {
        return new SluiceClient.Builder();
    }

    /**
     * Asks {@code model}.
     *
     * @throws SluiceException when the request cannot be made; what goes wrong later comes out of
     *     the stream
     */
    public static TokenStream stream(String model, String prompt) {
        return client().stream(model, prompt);
    }

    /** Asks {@code model}, as {@link #stream(String, String)} does. */
    public static TokenStream stream(String model, Prompt prompt) {
        return client().stream(model, prompt);
    }

    /** Asks {@code model} in the way that {@code config} says. */
    public static TokenStream stream(String model, Prompt prompt, StreamConfig config) {
        return client().stream(model, prompt, config);
    }

    private static final class Shared {
        static final SluiceClient CLIENT = builder().build();
    }
}
