package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.Losses;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Likeness;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import java.util.ArrayList;
import java.util.List;

/**
 * One piece of an upstream's stream, or a whole answer: they have the same shape. Of several
 * candidates the first is read; of the others it is only seen that they say something. Pieces that
 * differ from an earlier one in their text and counts alone, which is nearly all of them, are
 * recognised without being read again.
 *
 * <p>The texts are slices of the piece, valid as long as it is.
 */
final class GeminiChunk {
    private static final ProtoNames CHUNK =
            ProtoNames.of(
                    "candidates",
                    "promptFeedback",
                    "usageMetadata",
                    "modelVersion",
                    "responseId",
                    "error");
    private static final ProtoNames CANDIDATE =
            ProtoNames.of("content", "finishReason", "index", "finishMessage");
    private static final ProtoNames CONTENT = ProtoNames.of("parts");
    private static final ProtoNames FEEDBACK = ProtoNames.of("blockReason");

    /**
     * Something that the vendor says of the first candidate beside its parts: grounding, citations,
     * ratings.
     */
    record Note(String name, Raw data) {}

    private final boolean noting;
    private final List<Note> notes = new ArrayList<>();

    /** What was noted once, so that it is known to be lost, where nobody can read it. */
    private final Losses noted = new Losses();

    private final JsonReader reader = new JsonReader(new byte[0]);
    private final List<GeminiPart> parts = new ArrayList<>();
    private final List<GeminiPart> others = new ArrayList<>();
    private Text finishReason = Text.EMPTY;
    private Text finishMessage = Text.EMPTY;
    private Text blockReason = Text.EMPTY;
    private Text model = Text.EMPTY;
    private Text id = Text.EMPTY;
    private boolean candidates;
    private boolean error;
    private final GeminiUsage counts = new GeminiUsage();
    private Usage usage = Usage.NONE;

    private final Likeness likeness = new Likeness();
    private final GeminiUsage likeCounts = new GeminiUsage();
    private boolean likeThought;

    /** Pieces that were read since the last one that was recognised. */
    private int misses;

    /** A reader that keeps all notes where there is somebody who can read them. */
    GeminiChunk(boolean noting) {
        this.noting = noting;
    }

    /**
     * Reads a piece.
     *
     * @throws dev.sluice.core.json.MalformedJson when it is no JSON object
     */
    void read(byte[] bytes, int offset, int length) {
        reset();
        if (likeness.matches(bytes, offset, length)) {
            misses = 0;
            candidates = true;
            parts.add(GeminiPart.of(likeness.text(), likeThought));
            likeCounts.take(likeness, 1);
            usage = likeCounts.usage();
            return;
        }
        reader.reset(bytes, offset, length);
        reader.beginObject();
        for (int f = CHUNK.next(reader); f != JsonReader.END_OBJECT; f = CHUNK.next(reader)) {
            member(f);
        }
        reader.end();
        usage = counts.usage();
        learn(bytes, offset, length);
    }

    /**
     * Remembers a piece that has one text and counts, and nothing else. Where no piece is like
     * another, it tries ever less often.
     */
    private void learn(byte[] bytes, int offset, int length) {
        misses++;
        boolean worthwhile = misses < 4 || Integer.bitCount(misses) == 1;
        boolean plain =
                parts.size() == 1
                        && parts.getFirst().isPlain()
                        && others.isEmpty()
                        && notes.isEmpty()
                        && finishReason.isEmpty()
                        && blockReason.isEmpty()
                        && !error;
        if (worthwhile && plain) {
            likeness.begin(bytes, offset, length);
            likeness.differs(parts.getFirst().text());
            counts.places(likeness);
            likeness.learn();
            likeCounts.like(counts);
            likeThought = parts.getFirst().thought();
        }
    }

    private void reset() {
        parts.clear();
        others.clear();
        notes.clear();
        finishReason = Text.EMPTY;
        finishMessage = Text.EMPTY;
        blockReason = Text.EMPTY;
        model = Text.EMPTY;
        id = Text.EMPTY;
        counts.clear();
        usage = Usage.NONE;
        candidates = false;
        error = false;
    }

    private void member(int field) {
        switch (field) {
            case 0 -> candidates();
            case 1 -> feedback();
            case 2 -> counts.read(reader);
            case 3 -> model = Lenient.text(reader);
            case 4 -> id = Lenient.text(reader);
            case 5 -> error |= Lenient.isSomething(reader);
            default -> reader.skip();
        }
    }

    private void candidates() {
        if (!Lenient.enterArray(reader)) {
            return;
        }
        while (reader.hasNext()) {
            if (Lenient.enterObject(reader)) {
                candidates = true;
                candidate();
            }
        }
    }

    /** The index may stand behind what it is the index of, and is left out where it is 0. */
    private void candidate() {
        int before = parts.size();
        int noted = notes.size();
        long index = 0;
        Text reason = Text.EMPTY;
        Text message = Text.EMPTY;
        for (int f = CANDIDATE.next(reader);
                f != JsonReader.END_OBJECT;
                f = CANDIDATE.next(reader)) {
            switch (f) {
                case 0 -> content();
                case 1 -> reason = Lenient.text(reader);
                case 2 -> index = Lenient.number(reader, 0);
                case 3 -> message = Lenient.text(reader);
                default -> note();
            }
        }
        if (index > 0) {
            notes.subList(noted, notes.size()).clear();
            List<GeminiPart> foreign = parts.subList(before, parts.size());
            others.addAll(foreign);
            foreign.clear();
        } else {
            finishReason = reason;
            finishMessage = message;
        }
    }

    private void note() {
        String name = ProtoNames.camelCase(reader.fieldName());
        if (noting || noted.add(name)) {
            notes.add(new Note(name, reader.raw()));
        } else {
            reader.skip();
        }
    }

    private void content() {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = CONTENT.next(reader); f != JsonReader.END_OBJECT; f = CONTENT.next(reader)) {
            if (f == 0 && Lenient.enterArray(reader)) {
                while (reader.hasNext()) {
                    part();
                }
            } else if (f < 0) {
                reader.skip();
            }
        }
    }

    private void part() {
        if (reader.peek() == JsonReader.Kind.OBJECT) {
            parts.add(GeminiPart.read(reader));
        } else {
            reader.skip();
        }
    }

    private void feedback() {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = FEEDBACK.next(reader); f != JsonReader.END_OBJECT; f = FEEDBACK.next(reader)) {
            if (f == 0) {
                blockReason = Lenient.text(reader);
            } else {
                reader.skip();
            }
        }
    }

    /** What the first candidate says. */
    List<GeminiPart> parts() {
        return parts;
    }

    /** What is said of the first candidate; each only once where nobody can read it. */
    List<Note> notes() {
        return notes;
    }

    /** Whether any candidate says something. */
    boolean hasContent() {
        return parts.stream().anyMatch(GeminiPart::isContent)
                || others.stream().anyMatch(GeminiPart::isContent);
    }

    /** Whether there is a candidate at all. */
    boolean hasCandidates() {
        return candidates;
    }

    /** Why the first candidate ends; empty if it goes on. */
    Text finishReason() {
        return finishReason;
    }

    /** The vendor's words for it. */
    Text finishMessage() {
        return finishMessage;
    }

    /** Why the prompt was not answered at all; empty if it was not blocked. */
    Text blockReason() {
        return blockReason;
    }

    /** The model's name, empty if the piece does not tell it. */
    Text model() {
        return model;
    }

    /** The id of the answer, empty if the piece does not tell it. */
    Text id() {
        return id;
    }

    /** What is counted so far. */
    Usage usage() {
        return usage;
    }

    /** Whether the piece tells a failure. */
    boolean isError() {
        return error;
    }
}
