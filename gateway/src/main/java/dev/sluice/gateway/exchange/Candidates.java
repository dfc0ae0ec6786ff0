package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.ModelCard;

import java.util.List;

/** Knows who may answer to a model's name, on one event loop. */
public interface Candidates {
    /**
     * Who may answer to {@code model}, in the order in which they are asked; not empty.
     *
     * @throws dev.sluice.core.failure.FailureException when nobody or several answer to it
     */
    List<Candidate> forModel(String model);

    /** What becomes of an answer of {@code model} whose client has left. */
    default Departure departure(String model) {
        return Departure.USUAL;
    }

    /** All models that can be asked for. */
    List<ModelCard> models();
}
