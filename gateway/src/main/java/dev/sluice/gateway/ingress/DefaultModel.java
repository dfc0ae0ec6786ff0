package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.request.Request;

import java.util.List;

/**
 * Chooses the model of a request that names none: the first that is listed, and a simulated one
 * only where there is no other; of {@code provider/}, the first that this provider lists.
 */
final class DefaultModel {
    private static final String SIMULATED = "simulated";

    private DefaultModel() {}

    /**
     * {@code request} with a model.
     *
     * @throws dev.sluice.core.failure.FailureException when none is listed
     */
    static Request chosen(Request request, List<ModelCard> models) {
        String model = request.model();
        if (!model.isEmpty() && !model.endsWith("/")) {
            return request;
        }
        String provider = model.isEmpty() ? "" : model.substring(0, model.length() - 1);
        Request.Builder chosen = request.toBuilder();
        List<ModelCard> possible =
                models.stream()
                        .filter(card -> provider.isEmpty() || card.owner().equals(provider))
                        .toList();
        chosen.model =
                possible.stream()
                        .filter(card -> !card.owner().equals(SIMULATED))
                        .findFirst()
                        .or(() -> possible.stream().findFirst())
                        .map(ModelCard::id)
                        .orElseThrow(() -> none(provider).asException());
        return chosen.build();
    }

    private static Failure none(String provider) {
        String who = provider.isEmpty() ? "no provider lists a model" : "it lists no model";
        return new Failure(
                FailureCode.NOT_FOUND,
                "no `model` is named, and "
                        + who
                        + "; name one, GET /v1/models lists those there are",
                "model",
                null,
                null,
                0);
    }
}
