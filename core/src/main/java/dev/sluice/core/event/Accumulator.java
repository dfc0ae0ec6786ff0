package dev.sluice.core.event;

import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Folds a stream of events into the answer that the same request would have got unstreamed. What it
 * gathers is bounded; beyond the bound it fails.
 */
public final class Accumulator implements EventSink {
    /** What an object costs beside its bytes, so that many empty ones are bounded as well. */
    private static final int OVERHEAD = 64;

    private final int maxBytes;
    private final List<AnswerBlock> blocks = new ArrayList<>();
    private final ByteBuilder text = new ByteBuilder();
    private final ByteBuilder signature = new ByteBuilder();
    private final List<Event.Annotation> annotations = new ArrayList<>();
    private @Nullable BlockStart open;
    private String id = "";
    private String model = "";
    private long created;
    private StopReason stopReason = StopReason.OTHER;
    private @Nullable String stopSequence;
    private Usage usage = Usage.NONE;
    private long gathered;
    private boolean complete;
    private @Nullable Failure failure;

    /** An accumulator of at most {@code maxBytes} of escaped text. */
    public Accumulator(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether the message came to its end. */
    public boolean complete() {
        return complete;
    }

    /** What made the message fail, if it did. */
    public Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * The answer so far; whole once {@link #complete}. A block that is open stands as far as it
     * came.
     */
    public Answer answer() {
        List<AnswerBlock> all = new ArrayList<>(blocks);
        if (open != null) {
            all.add(block(open));
        }
        return new Answer(id, model, created, all, stopReason, stopSequence, usage);
    }

    @Override
    public void onEvent(Event event) {
        if (failure != null) {
            return;
        }
        switch (event) {
            case Event.MessageStart start -> {
                id = start.id();
                model = start.model();
                created = start.created();
                usage = usage.merge(start.usage());
            }
            case BlockStart start -> {
                open = start;
                gather(OVERHEAD + start.id().length() + start.name().length());
                gather(start.data() == null ? 0 : start.data().length());
            }
            case Event.Delta delta -> {
                gather(delta.text().length());
                ByteBuilder target = delta.kind() == Event.DeltaKind.SIGNATURE ? signature : text;
                target.content(delta.text());
            }
            case Event.Annotation annotation -> {
                gather(OVERHEAD + annotation.name().length() + annotation.data().length());
                annotations.add(annotation);
            }
            case Event.BlockStop _ -> closeBlock();
            case Event.MessageDelta delta -> {
                stopReason = delta.stopReason() == null ? stopReason : delta.stopReason();
                stopSequence =
                        delta.stopSequence() == null
                                ? stopSequence
                                : delta.stopSequence().toString();
                usage = usage.merge(delta.usage());
            }
            case Event.MessageStop _ -> complete = true;
            case Event.Ping _ -> {}
            case Event.Failed failed -> failure = failed.failure();
        }
    }

    private void closeBlock() {
        if (open != null) {
            blocks.add(block(open));
            open = null;
            text.clear();
            signature.clear();
            annotations.clear();
        }
    }

    private AnswerBlock block(BlockStart start) {
        return new AnswerBlock(
                start.kind(),
                start.id(),
                start.name(),
                text.toText(),
                signature.toText(),
                start.data(),
                annotations);
    }

    private void gather(int bytes) {
        gathered += bytes;
        if (gathered > maxBytes) {
            failure =
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the answer is larger than "
                                    + maxBytes
                                    + " bytes, the most that is gathered for an unstreamed answer;"
                                    + " ask for a stream");
        }
    }
}
