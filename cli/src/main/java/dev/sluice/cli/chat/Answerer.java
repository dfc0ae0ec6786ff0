package dev.sluice.cli.chat;

import dev.sluice.client.SluiceClient;

import java.util.List;

/**
 * Who answers.
 *
 * @param client asks it
 * @param prefix what stands before a model's name when {@code client} is asked, perhaps nothing
 * @param where what it is and where, for people
 * @param models what it lists, perhaps nothing
 * @param model the model to ask as long as nobody names another
 */
public record Answerer(
        SluiceClient client, String prefix, String where, List<String> models, String model)
        implements AutoCloseable {
    /** Copies the list. */
    public Answerer {
        models = List.copyOf(models);
    }

    @Override
    public void close() {
        client.close();
    }
}
