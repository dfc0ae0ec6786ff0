package dev.sluice.gateway.simulated;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.Tool;

import org.jspecify.annotations.Nullable;

/**
 * What of a request the simulated model does not look at: its text is what its name says, whatever
 * tokens another might draw. Values that change nothing anywhere are not lost.
 */
final class Unheeded {
    private final Request request;
    private final Outgoing outgoing;

    private Unheeded(Request request, Target target) {
        this.request = request;
        this.outgoing = new Outgoing(SimulatedProvider.NAME, request, target);
    }

    /** A request that nothing is sent of, with what is lost of it. */
    static EncodedRequest of(Request request, Target target) {
        Unheeded unheeded = new Unheeded(request, target);
        unheeded.sampling(request.sampling());
        unheeded.rest();
        return unheeded.outgoing.unsent();
    }

    private void sampling(Sampling sampling) {
        lost(sampling.temperature(), 1, "temperature");
        lost(sampling.topP(), 1, "top_p");
        outgoing.droppedIf(sampling.topK() != null, "top_k");
        lost(sampling.minP(), 0, "min_p");
        lost(sampling.presencePenalty(), 0, "presence_penalty");
        lost(sampling.frequencyPenalty(), 0, "frequency_penalty");
        lost(sampling.repetitionPenalty(), 1, "repetition_penalty");
        outgoing.droppedLogprobs();
        outgoing.droppedIf(
                sampling.logitBias() != null && sampling.logitBias().length() > 2, "logit_bias");
    }

    private void lost(@Nullable Double value, double usual, String name) {
        outgoing.droppedIf(value != null && value != usual, name);
    }

    private void rest() {
        outgoing.droppedAccount();
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Hosted hosted) {
                outgoing.dropped(hosted.type());
            }
        }
        for (String name : request.extra().keySet()) {
            outgoing.droppedIf(!name.startsWith(Request.GATEWAY), name);
        }
    }
}
