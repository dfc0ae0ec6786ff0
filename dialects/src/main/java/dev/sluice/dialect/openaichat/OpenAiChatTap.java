package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.Tap;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Likeness;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Optional;

/**
 * Watches chunks that go to the client as they are. Several choices may stand side by side; the
 * message is whole when each that began has finished, or at the terminal marker.
 *
 * <p>A failure that the upstream tells in a shape that clients know goes on as it is. One that they
 * would not see as such is thrown, so that it is told in the dialect's words.
 */
final class OpenAiChatTap implements Tap {
    private static final Names CHUNK =
            Names.of("choices", "usage", "model", "error", "object", "x_groq", "obfuscation");
    private static final Names GROQ = Names.of("usage");
    private static final Names CHOICE =
            Names.of("index", "delta", "finish_reason", "stop_reason", "matched_stop", "text");
    private static final int MOST_CHOICES = 1024;
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private final boolean includeUsage;
    private final JsonReader reader = new JsonReader(new byte[0]);
    private final Likeness likeness = new Likeness();
    private final OpenAiChatContentSight content = new OpenAiChatContentSight();
    private final BitSet begun = new BitSet();
    private final BitSet finished = new BitSet();
    private int misses;

    private String model = "";
    private Usage usage = Usage.NONE;
    private boolean stopSequence;
    private @Nullable StopReason told;
    private @Nullable Failure failure;
    private boolean ended;

    /** What the frame in work holds. */
    private int choices;

    private boolean usageHere;
    private boolean finishHere;
    private @Nullable Failure broken;
    private Text padding = Text.EMPTY;

    OpenAiChatTap(boolean includeUsage) {
        this.includeUsage = includeUsage;
    }

    @Override
    public Sight onFrame(Frame frame) {
        byte[] bytes = frame.dataBuffer();
        int offset = frame.dataOffset();
        int length = frame.dataLength();
        if (ended) {
            return OpenAiChatFrames.isBlank(frame) ? Sight.PING : Sight.HIDDEN;
        }
        if (frame.hasData() && likeness.matches(bytes, offset, length)) {
            misses = 0;
            return likeness.text().isEmpty() ? Sight.PREAMBLE : Sight.CONTENT;
        }
        if (OpenAiChatFrames.isBlank(frame)) {
            return Sight.PING;
        }
        if (OpenAiChatFrames.isDone(frame)) {
            return done();
        }
        return chunk(frame, bytes, offset, length);
    }

    private Sight done() {
        if (begun.isEmpty()) {
            return failed(
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream's stream ended before its message began"),
                    false);
        }
        ended = true;
        return Sight.END;
    }

    private Sight chunk(Frame frame, byte[] bytes, int offset, int length) {
        choices = 0;
        usageHere = false;
        finishHere = false;
        content.reset();
        padding = Text.EMPTY;
        broken = null;
        boolean error = frame.typeEquals("error");
        boolean known = false;
        reader.reset(bytes, offset, length);
        reader.beginObject();
        for (int f = reader.nextField(CHUNK);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CHUNK)) {
            switch (f) {
                case 0 -> choices();
                case 1 -> readUsage();
                case 2 -> readModel();
                case 3 -> {
                    if (!reader.skipNull()) {
                        known = true;
                        reader.skip();
                    }
                }
                case 4 -> error |= Lenient.text(reader).contentEquals("error");
                case 5 -> groq();
                case 6 -> padding = Lenient.text(reader);
                default -> reader.skip();
            }
        }
        if (known || error) {
            return failed(OpenAiChatErrorReader.ofFrame(bytes, offset, length), known);
        }
        if (broken != null) {
            return failed(broken, false);
        }
        learn(bytes, offset, length);
        if (content.content()) {
            return Sight.CONTENT;
        }
        return usageHere && choices == 0 && !includeUsage ? Sight.HIDDEN : Sight.PREAMBLE;
    }

    /** {@code known} is whether clients see the failure in the frame as it is. */
    private Sight failed(Failure why, boolean known) {
        failure = why;
        ended = true;
        if (!known) {
            throw why.asException();
        }
        return Sight.FAILURE;
    }

    private void learn(byte[] bytes, int offset, int length) {
        misses++;
        boolean worthwhile = misses < 4 || Integer.bitCount(misses) == 1;
        Text text = content.onlyText();
        if (worthwhile && choices == 1 && !usageHere && !finishHere && !text.isEmpty()) {
            likeness.learn(bytes, offset, length, text, padding);
        }
    }

    private void readModel() {
        if (model.isEmpty()) {
            model = Lenient.text(reader).toString();
        } else {
            reader.skip();
        }
    }

    private void readUsage() {
        if (!reader.skipNull()) {
            usageHere = true;
            usage = usage.merge(OpenAiChatUsage.read(reader));
        }
    }

    private void groq() {
        if (Lenient.enterObject(reader)) {
            for (int f = reader.nextField(GROQ);
                    f != JsonReader.END_OBJECT;
                    f = reader.nextField(GROQ)) {
                if (f == 0) {
                    readUsage();
                } else {
                    reader.skip();
                }
            }
        }
    }

    private void choices() {
        if (!Lenient.enterArray(reader)) {
            return;
        }
        while (reader.hasNext()) {
            choices++;
            if (Lenient.enterObject(reader)) {
                choice();
            }
        }
    }

    private void choice() {
        long index = 0;
        Text finish = Text.EMPTY;
        Text text = Text.EMPTY;
        boolean delta = false;
        for (int f = reader.nextField(CHOICE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(CHOICE)) {
            switch (f) {
                case 0 -> index = Lenient.number(reader, 0);
                case 1 -> {
                    delta = true;
                    content.read(reader);
                }
                case 2 -> finish = Lenient.text(reader);
                case 3, 4 -> stopSequence |= OpenAiChatStops.isSequence(Lenient.text(reader));
                case 5 -> text = Lenient.text(reader);
                default -> reader.skip();
            }
        }
        if (!delta) {
            // The answer to a bare prompt; beside a delta the same text a second time.
            content.grow(text);
        }
        int place = Math.clamp(index, 0, MOST_CHOICES);
        begun.set(place);
        if (!finish.isEmpty()) {
            finishHere = true;
            finished.set(place);
            if (place == begun.nextSetBit(0)) {
                told = OpenAiChatStops.later(told, OpenAiChatStops.read(finish));
            }
            broken = OpenAiChatStops.failure(finish).orElse(broken);
        }
    }

    @Override
    public Optional<Failure> onEnd(ByteBuilder out) {
        if (failure != null) {
            return Optional.of(failure);
        }
        if (ended) {
            return Optional.empty();
        }
        ended = true;
        if (begun.isEmpty() || !finished.equals(begun)) {
            failure =
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream's stream ended before its finish_reason");
            return Optional.of(failure);
        }
        out.add(DONE);
        return Optional.empty();
    }

    @Override
    public Usage usage() {
        return usage;
    }

    @Override
    public Optional<StopReason> stopReason() {
        return told == null && (!ended || failure != null)
                ? Optional.empty()
                : Optional.of(
                        OpenAiChatStops.resolve(
                                told, content.tools(), content.refused(), stopSequence));
    }

    @Override
    public Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public String model() {
        return model;
    }
}
