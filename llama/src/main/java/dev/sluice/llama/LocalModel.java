package dev.sluice.llama;

import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.Embeddings;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.request.Embed;
import dev.sluice.core.request.Request;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;

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
        if (call.operation() == Operation.EMBED) {
            embed(request, stream);
            return;
        }
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

    private void embed(Request request, LlamaStream stream) {
        Embed asked = request.embed();
        if (asked == null || asked.tokens() != null) {
            throw Failure.unsupported(
                            "input", "a local model takes texts (expected: no tokens as numbers)")
                    .asException();
        }
        stream.follow(model.embed(asked.texts(), done -> tell(done, asked, stream)));
    }

    private void tell(TextModel.Embedded done, Embed asked, LlamaStream stream) {
        switch (done) {
            case TextModel.Embedded.Vectors(List<float[]> vectors, int tokens) -> {
                Long dimensions = asked.dimensions();
                int width = vectors.isEmpty() ? 0 : vectors.getFirst().length;
                if (dimensions != null && dimensions > width) {
                    fail(
                            Failure.invalid(
                                    "dimensions",
                                    "dimensions: "
                                            + dimensions
                                            + " (expected: at most "
                                            + width
                                            + ", which the model makes)"),
                            stream);
                    return;
                }
                int kept = dimensions == null ? width : dimensions.intValue();
                stream.put(
                        new Embeddings(
                                name,
                                vectors.stream().map(vector -> cut(vector, kept)).toList(),
                                Usage.of(tokens, 0, 0, 0, 0)));
            }
            case TextModel.Embedded.Failed(Failure failure) -> fail(failure, stream);
        }
    }

    private static void fail(Failure failure, LlamaStream stream) {
        stream.put(new Event.Failed(failure));
        stream.onPause();
        stream.onFlush();
    }

    /** The first numbers of a vector, which say most where a model was made for that. */
    private static float[] cut(float[] vector, int length) {
        if (length == vector.length) {
            return vector;
        }
        float[] cut = Arrays.copyOf(vector, length);
        double squares = 0;
        for (float number : cut) {
            squares += (double) number * number;
        }
        double norm = squares == 0 ? 1 : Math.sqrt(squares);
        for (int i = 0; i < length; i++) {
            cut[i] = (float) (cut[i] / norm);
        }
        return cut;
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
        stream.onFlush();
    }

    @Override
    public void close() {
        model.close();
    }
}
