package dev.sluice.gateway.simulated;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.gateway.exchange.Loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The built-in simulated model as a provider. It plays what the model's name says, at the pace that
 * the name says, and behaves like a model otherwise: it keeps to the limit of output, to stop
 * sequences, to the choice of tools and to the response format, and it counts tokens. It hands over
 * events and opens no connection.
 *
 * <p>What an upstream would answer in place of a stream comes as {@link Receiver#onFailure}, and so
 * does a way to it that breaks; what it would report in its stream comes as a Failed event.
 */
public final class SimulatedProvider implements Provider {
    /** The name of the provider, and what its models are asked for under. */
    public static final String NAME = "simulated";

    private static final Quirks QUIRKS = Quirks.vendor(NAME);

    private final Loop loop;

    /** A provider whose answers live on {@code loop}. */
    public SimulatedProvider(Loop loop) {
        this.loop = loop;
    }

    /**
     * The models that have names; any number of tokens at any pace can be asked for beside them.
     */
    public static List<SimulatedModel> models() {
        List<SimulatedModel> models = new ArrayList<>();
        models.add(
                new SimulatedModel(
                        "n200-i20-t100",
                        "A story of 200 tokens, 20 ms apart, the first after 100 ms; with other"
                                + " numbers likewise."));
        for (Script script : Script.values()) {
            models.add(new SimulatedModel(script.word(), script.sentence()));
        }
        return List.copyOf(models);
    }

    /** What is wrong with {@code model} as the name of a simulated model; empty if it is one. */
    public static Optional<Failure> check(String model) {
        try {
            ModelName.parse(model);
            return Optional.empty();
        } catch (FailureException invalid) {
            return Optional.of(invalid.failure());
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Dialect> dialect() {
        return Optional.empty();
    }

    @Override
    public Quirks quirks() {
        return QUIRKS;
    }

    @Override
    public EncodedRequest accept(Request request, Target target) {
        return Unheeded.of(request, target);
    }

    @Override
    public Stream open(ProviderCall call, Receiver receiver) {
        SimulatedStream stream = stream(call, receiver);
        stream.start();
        return stream;
    }

    private SimulatedStream stream(ProviderCall call, Receiver receiver) {
        ModelName model;
        try {
            model = ModelName.parse(call.target().model());
        } catch (FailureException unknown) {
            return new SimulatedStream(loop, receiver, Telling.refused(unknown.failure()), 0, 0);
        }
        return new SimulatedStream(
                loop, receiver, telling(model, call), model.firstMillis(), model.intervalMillis());
    }

    private Telling telling(ModelName model, ProviderCall call) {
        Request request = call.request();
        String name = call.target().model();
        String id = Seed.digest(call.exchangeId());
        Prompt prompt = new Prompt(request);
        try {
            refuseChoices(request);
            if (call.operation() == Operation.COMPLETE) {
                refuseOpaque(request);
            }
            Plan plan = new Composer(name, model, request, prompt, "call_" + id).compose();
            long created = loop.currentTimeMillis() / 1000;
            return Telling.of("sim_" + id, name, created, plan, terms(model, request, prompt));
        } catch (FailureException refused) {
            return Telling.refused(refused.failure());
        } catch (MalformedJson schema) {
            return Telling.refused(
                    Failure.invalid(
                            "",
                            "the simulated model cannot follow a JSON schema of the request: "
                                    + schema.expectation()));
        }
    }

    private static void refuseChoices(Request request) {
        if (request.choices() > 1) {
            throw Failure.unsupported(
                            "n",
                            "the simulated model gives one answer to a request (expected: n = 1)")
                    .asException();
        }
    }

    /** Of a bare prompt, what no model can do that converses is opaque. */
    private static void refuseOpaque(Request request) {
        for (Message message : request.messages()) {
            for (Block block : message.blocks()) {
                if (block instanceof Block.Opaque opaque) {
                    throw Failure.unsupported(
                                    opaque.type(),
                                    "the simulated model cannot take `"
                                            + opaque.type()
                                            + "` with a bare prompt")
                            .asException();
                }
            }
        }
    }

    private static Telling.Terms terms(ModelName model, Request request, Prompt prompt) {
        Long limit = request.maxOutput();
        return new Telling.Terms(
                limit == null ? Long.MAX_VALUE : limit,
                request.maxOutputCountsThinking(),
                prompt.tokens(),
                model.usage());
    }
}
