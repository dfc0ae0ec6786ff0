package dev.sluice.llama;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.core.request.Request;
import dev.sluice.llama.chat.ChatTemplate;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** The models inside the process, as the provider {@code local} of one event loop. */
public final class LlamaProvider implements Provider {
    /** The name of the provider, and what its models are asked for under. */
    public static final String NAME = "local";

    private static final Quirks QUIRKS = Quirks.vendor(NAME);

    private final Function<String, LocalModel> models;
    private final Mailbox mailbox;
    private final Executor prompts;

    /**
     * A provider.
     *
     * @param loop runs tasks on the event loop, in their order
     */
    public LlamaProvider(Map<String, LocalModel> models, Executor loop) {
        this(models, loop, LlamaProvider::prompt);
    }

    /** Runs {@code task}, which makes a prompt, away from event loops. */
    static void prompt(Runnable task) {
        Thread.ofVirtual().name("prompt").start(task);
    }

    /**
     * The same; {@code prompts} runs what makes prompts, which takes too long for an event loop.
     */
    LlamaProvider(Map<String, LocalModel> models, Executor loop, Executor prompts) {
        this(named(Map.copyOf(models)), new Mailbox(loop, () -> false), prompts);
    }

    /**
     * The same; {@code models} gives the model of a name or refuses it. It runs where prompts are
     * made, and may take its time.
     */
    LlamaProvider(Function<String, LocalModel> models, Mailbox mailbox, Executor prompts) {
        this.models = models;
        this.mailbox = mailbox;
        this.prompts = prompts;
    }

    private static Function<String, LocalModel> named(Map<String, LocalModel> models) {
        return name -> {
            LocalModel model = models.get(name);
            if (model == null) {
                throw Failure.of(
                                FailureCode.NOT_FOUND,
                                "there is no local model of this name; there are "
                                        + String.join(
                                                ", ", models.keySet().stream().sorted().toList()))
                        .asException();
            }
            return model;
        };
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
    public boolean counts() {
        return true;
    }

    @Override
    public boolean embeds() {
        return true;
    }

    @Override
    public EncodedRequest accept(Request request, Target target) {
        Outgoing outgoing = new Outgoing(NAME, request, target);
        outgoing.droppedLogprobs();
        outgoing.droppedAccount();
        for (String name : request.extra().keySet()) {
            boolean known = name.equals(ChatTemplate.VARIABLES) || name.startsWith(Request.GATEWAY);
            outgoing.droppedIf(!known, name);
        }
        return outgoing.unsent();
    }

    @Override
    public Stream open(ProviderCall call, Receiver receiver) {
        LlamaStream stream = new LlamaStream(mailbox, receiver);
        prompts.execute(
                () -> stream.begin(() -> models.apply(call.target().model()).answer(call, stream)));
        return stream;
    }
}
