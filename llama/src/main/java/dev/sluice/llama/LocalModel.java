package dev.sluice.llama;

import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.request.Request;

import java.time.Clock;

/** A model that can be asked for: what writes, and how it is talked to. */
public final class LocalModel implements AutoCloseable {
    private final String name;
    private final TextModel model;
    private final ChatFormat format;
    private final Clock clock;

    /** The model {@code name}. */
    public LocalModel(String name, TextModel model, ChatFormat format, Clock clock) {
        this.name = name;
        this.model = model;
        this.format = format;
        this.clock = clock;
    }

    /** What it is asked for by. */
    public String name() {
        return name;
    }

    /** What is to be known of it. */
    public TextModel.Facts facts() {
        return model.facts();
    }

    /**
     * Starts to answer, or to count.
     *
     * @throws dev.sluice.core.failure.FailureException if the request is none that the model can
     *     answer, or too many wait
     */
    void answer(ProviderCall call, LlamaStream stream) {
        Request request = call.request();
        refuseChoices(request);
        ChatFormat.Turn turn = format.turn(request);
        if (call.operation() == Operation.COUNT_TOKENS) {
            model.count(turn.prompt(), count -> tell(count, stream));
            return;
        }
        Long most = request.maxOutput();
        Job job =
                new Job(
                        turn.prompt(),
                        Settings.of(request, model.facts().sampling(), turn.grammar()),
                        most == null ? Long.MAX_VALUE : most,
                        turn.markers());
        stream.start(
                model,
                job,
                new Answer(
                        call.exchangeId(),
                        name,
                        clock.instant().getEpochSecond(),
                        turn,
                        stream::put));
    }

    private static void refuseChoices(Request request) {
        if (request.choices() > 1) {
            throw Failure.unsupported(
                            "n", "a local model gives one answer to a request (expected: n = 1)")
                    .asException();
        }
    }

    private void tell(TextModel.Count count, LlamaStream stream) {
        switch (count) {
            case TextModel.Count.Tokens(int number) -> {
                Usage usage = Usage.of(number, 0, 0, 0, 0);
                stream.put(new Event.MessageStart("", name, 0, Usage.NONE));
                stream.put(new Event.MessageDelta(StopReason.END_TURN, null, usage));
                stream.put(Event.STOP);
            }
            case TextModel.Count.Failed(Failure failure) -> stream.put(new Event.Failed(failure));
        }
        stream.onPause();
    }

    @Override
    public void close() {
        model.close();
    }
}
