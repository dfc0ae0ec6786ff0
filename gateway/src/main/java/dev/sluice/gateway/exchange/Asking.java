package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.request.TokenEstimate;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What becomes of a request when it is a candidate's turn: it is asked, in its words, or the
 * gateway has an answer of its own. Here it is decided whether a stream is relayed or translated.
 */
sealed interface Asking {
    /** What the request loses on the way, told to the client. */
    List<String> warnings();

    /**
     * The candidate is asked.
     *
     * @param relay whether its frames go to the client as they are, and not by way of events
     */
    record OfUpstream(Candidate candidate, boolean relay, EncodedRequest request)
            implements Asking {
        @Override
        public List<String> warnings() {
            return request.warnings();
        }
    }

    /** The gateway answers by itself: what is asked is nothing that the candidate knows of. */
    record OfNobody(byte[] answer, List<String> warnings) implements Asking {}

    /**
     * How {@code candidate} is asked; the same request is written the same way at every try.
     *
     * @param strict whether a request that loses something is refused
     * @throws dev.sluice.core.failure.FailureException when the candidate cannot take it
     */
    static Asking of(
            ClientCall call, Candidate candidate, boolean strict, Supplier<EncodeContext> context) {
        Asking asking = ownAnswer(call, candidate, context).orElseGet(() -> of(call, candidate));
        if (strict && !asking.warnings().isEmpty()) {
            throw lossy(asking.warnings());
        }
        return asking;
    }

    private static Optional<Asking> ownAnswer(
            ClientCall call, Candidate candidate, Supplier<EncodeContext> context) {
        if (call.operation() == Operation.COUNT_TOKENS && !counts(candidate)) {
            byte[] estimate = call.dialect().encodeCount(TokenEstimate.of(call.request()));
            return Optional.of(new OfNobody(estimate, List.of("estimated=input_tokens")));
        }
        if (!call.request().messages().isEmpty()
                || !call.operation().generates()
                || relays(call, candidate)) {
            return Optional.empty();
        }
        return call.dialect()
                .encodeWithoutModel(call.request(), context.get())
                .map(answer -> new OfNobody(answer, List.of()));
    }

    private static boolean counts(Candidate candidate) {
        return candidate.provider().counts()
                || candidate.target().quirks().is(Quirk.COUNT_TOKENS)
                        && candidate.provider().dialect().isPresent();
    }

    private static Asking of(ClientCall call, Candidate candidate) {
        Optional<Dialect> dialect = candidate.provider().dialect();
        if (dialect.isEmpty()) {
            refuseIfItCannotEmbed(call, candidate);
            return new OfUpstream(
                    candidate,
                    false,
                    candidate.provider().accept(call.request(), candidate.target()));
        }
        boolean relay = relays(call, candidate);
        Target target = candidate.target();
        Target asked =
                new Target(
                        target.model(),
                        target.quirks(),
                        target.defaultMaxOutput(),
                        call.operation().generates() && (!relay || call.streamed()));
        return new OfUpstream(
                new Candidate(
                        candidate.provider(), asked, candidate.timeouts(), candidate.retries()),
                relay,
                encoded(call, dialect.get(), asked, relay));
    }

    private static void refuseIfItCannotEmbed(ClientCall call, Candidate candidate) {
        if (call.operation() == Operation.EMBED && !candidate.provider().embeds()) {
            throw Failure.unsupported(
                            "model",
                            "provider `" + candidate.provider().name() + "` makes no embeddings")
                    .asException();
        }
    }

    private static EncodedRequest encoded(
            ClientCall call, Dialect upstream, Target asked, boolean relay) {
        if (relay) {
            return upstream.relayRequest(call.call(), call.request(), asked);
        }
        return switch (call.operation()) {
            case EMBED -> upstream.encodeEmbedRequest(call.request(), asked);
            case COUNT_TOKENS -> upstream.encodeCountRequest(call.request(), asked);
            case GENERATE, COMPLETE, LIST_MODELS, SHOW_MODEL, LIST_LOADED, SHOW_VERSION ->
                    upstream.encodeRequest(call.request(), asked);
        };
    }

    /** Both sides speak the same dialect, and the frames are fit for what the client wants. */
    private static boolean relays(ClientCall call, Candidate candidate) {
        return candidate.speaks(call.dialect().name())
                && call.dialect().mayRelay(call.request())
                && (candidate.target().quirks().is(Quirk.STRICT_FRAMES)
                        || call.request().choices() > 1
                        || relaysPrompt(call, candidate)
                        || !call.operation().generates());
    }

    private static boolean relaysPrompt(ClientCall call, Candidate candidate) {
        return call.operation() == Operation.COMPLETE
                && candidate.provider().dialect().filter(Dialect::relaysPrompts).isPresent();
    }

    private static RuntimeException lossy(List<String> warnings) {
        return Failure.of(
                        FailureCode.UNSUPPORTED,
                        "the upstream cannot take the request as it is ("
                                + String.join(", ", warnings)
                                + "), and strict was asked for; leave these out, or leave"
                                + " x-gateway-strict out to go on without them")
                .asException();
    }
}
