package dev.sluice.llama;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.llama.binding.Sampler;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the gateway and the process of a model say to each other, each with the number of the job
 * that is meant. Both sides are of one build, so there are no versions of it.
 */
sealed interface Frame {
    /** To the model: read this model. */
    record Load(ModelSettings settings) implements Frame {}

    /** To the model: write on. */
    record Start(int id, Job job) implements Frame {}

    /** To the model: count. */
    record Count(int id, String prompt) implements Frame {}

    /** To the model: make vectors. */
    record Embed(int id, List<String> texts) implements Frame {
        /** Copies the list. */
        public Embed {
            texts = List.copyOf(texts);
        }
    }

    /** To the model: whether the listener is ready. */
    record Ready(int id, boolean ready) implements Frame {}

    /** To the model: so many tokens more have arrived. */
    record Taken(int id, int tokens) implements Frame {}

    /** To the model: give it up. */
    record Cancel(int id) implements Frame {}

    /** From the model: so much of it was read. */
    record Progress(int percent) implements Frame {}

    /** From the model: it is read. */
    record Loaded(TextModel.Facts facts) implements Frame {}

    /** From the model: it cannot be read. */
    record Unusable(String sentence) implements Frame {}

    /** From the model: the prompt is read. */
    record Prompt(int id, int prompt, int cached) implements Frame {}

    /** From the model: a token. */
    record Token(int id, String text) implements Frame {}

    /** From the model: the text is complete. */
    record End(int id, JobListener.End end) implements Frame {}

    /** From the model: the text or the count cannot be had. */
    record Failed(int id, FailureCode code, String message) implements Frame {}

    /** From the model: the count. */
    record Counted(int id, int tokens) implements Frame {}

    /** From the model: the vectors. */
    record Embedded(int id, List<float[]> vectors, int tokens) implements Frame {
        /** Copies the list. */
        public Embedded {
            vectors = List.copyOf(vectors);
        }
    }

    /** From the model: the job has nothing more for the moment. */
    record Pause(int id) implements Frame {}

    /** Writes it. */
    default void write(DataOutputStream out) throws IOException {
        switch (this) {
            case Load(ModelSettings settings) -> {
                out.writeByte(0);
                settings(settings, out);
            }
            case Start(int id, Job job) -> {
                out.writeByte(1);
                out.writeInt(id);
                job(job, out);
            }
            case Count(int id, String prompt) -> {
                out.writeByte(2);
                out.writeInt(id);
                text(prompt, out);
            }
            case Ready(int id, boolean ready) -> {
                out.writeByte(3);
                out.writeInt(id);
                out.writeBoolean(ready);
            }
            case Cancel(int id) -> {
                out.writeByte(4);
                out.writeInt(id);
            }
            case Progress(int percent) -> {
                out.writeByte(5);
                out.writeInt(percent);
            }
            case Loaded(TextModel.Facts facts) -> {
                out.writeByte(6);
                facts(facts, out);
            }
            case Unusable(String sentence) -> {
                out.writeByte(7);
                text(sentence, out);
            }
            case Prompt(int id, int prompt, int cached) -> {
                out.writeByte(8);
                out.writeInt(id);
                out.writeInt(prompt);
                out.writeInt(cached);
            }
            case Token(int id, String text) -> {
                out.writeByte(9);
                out.writeInt(id);
                text(text, out);
            }
            case End(int id, JobListener.End end) -> {
                out.writeByte(10);
                out.writeInt(id);
                text(end.name(), out);
            }
            case Failed(int id, FailureCode code, String message) -> {
                out.writeByte(11);
                out.writeInt(id);
                text(code.name(), out);
                text(message, out);
            }
            case Counted(int id, int tokens) -> {
                out.writeByte(12);
                out.writeInt(id);
                out.writeInt(tokens);
            }
            case Pause(int id) -> {
                out.writeByte(13);
                out.writeInt(id);
            }
            case Taken(int id, int tokens) -> {
                out.writeByte(14);
                out.writeInt(id);
                out.writeInt(tokens);
            }
            case Embed(int id, List<String> texts) -> {
                out.writeByte(15);
                out.writeInt(id);
                out.writeInt(texts.size());
                for (String one : texts) {
                    text(one, out);
                }
            }
            case Embedded(int id, List<float[]> vectors, int tokens) -> {
                out.writeByte(16);
                out.writeInt(id);
                vectors(vectors, out);
                out.writeInt(tokens);
            }
        }
    }

    /** Reads one. */
    static Frame read(DataInputStream in) throws IOException {
        int type = in.readByte();
        return switch (type) {
            case 0 -> new Load(settings(in));
            case 1 -> new Start(in.readInt(), job(in));
            case 2 -> new Count(in.readInt(), text(in));
            case 3 -> new Ready(in.readInt(), in.readBoolean());
            case 4 -> new Cancel(in.readInt());
            case 5 -> new Progress(in.readInt());
            case 6 -> new Loaded(facts(in));
            case 7 -> new Unusable(text(in));
            case 8 -> new Prompt(in.readInt(), in.readInt(), in.readInt());
            case 9 -> new Token(in.readInt(), text(in));
            case 10 -> new End(in.readInt(), JobListener.End.valueOf(text(in)));
            case 11 -> new Failed(in.readInt(), FailureCode.valueOf(text(in)), text(in));
            case 12 -> new Counted(in.readInt(), in.readInt());
            case 13 -> new Pause(in.readInt());
            case 14 -> new Taken(in.readInt(), in.readInt());
            case 15 -> new Embed(in.readInt(), texts(in));
            case 16 -> new Embedded(in.readInt(), vectors(in), in.readInt());
            default -> throw new IOException("frame of type " + type + " (expected: 0 to 16)");
        };
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            texts.add(text(in));
        }
        return texts;
    }

    private static void vectors(List<float[]> vectors, DataOutputStream out) throws IOException {
        out.writeInt(vectors.size());
        for (float[] vector : vectors) {
            out.writeInt(vector.length);
            for (float number : vector) {
                out.writeFloat(number);
            }
        }
    }

    private static List<float[]> vectors(DataInputStream in) throws IOException {
        List<float[]> vectors = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            float[] vector = new float[in.readInt()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = in.readFloat();
            }
            vectors.add(vector);
        }
        return vectors;
    }

    private static void settings(ModelSettings settings, DataOutputStream out) throws IOException {
        text(settings.name(), out);
        text(settings.file().toAbsolutePath().toString(), out);
        out.writeInt(settings.context());
        out.writeInt(settings.parallel());
        out.writeInt(settings.queue());
        out.writeInt(settings.batch());
        out.writeInt(settings.gpuLayers());
        out.writeInt(settings.threads());
        out.writeInt(settings.batchThreads());
        text(settings.library().map(Path::toString).orElse(""), out);
    }

    private static ModelSettings settings(DataInputStream in) throws IOException {
        return new ModelSettings(
                text(in),
                Path.of(text(in)),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                ModelSettings.Isolation.NONE,
                Optional.of(text(in)).filter(path -> !path.isEmpty()).map(Path::of));
    }

    private static void job(Job job, DataOutputStream out) throws IOException {
        text(job.prompt(), out);
        Sampler.Settings settings = job.settings();
        out.writeFloat(settings.temperature());
        out.writeInt(settings.topK());
        out.writeFloat(settings.topP());
        out.writeFloat(settings.minP());
        out.writeFloat(settings.repetitionPenalty());
        out.writeFloat(settings.frequencyPenalty());
        out.writeFloat(settings.presencePenalty());
        out.writeInt(settings.seed());
        out.writeInt(settings.bias().size());
        for (Map.Entry<Integer, Float> entry : settings.bias().entrySet()) {
            out.writeInt(entry.getKey());
            out.writeFloat(entry.getValue());
        }
        text(settings.grammar(), out);
        out.writeLong(job.most());
        out.writeBoolean(job.markers());
    }

    private static Job job(DataInputStream in) throws IOException {
        String prompt = text(in);
        float temperature = in.readFloat();
        int topK = in.readInt();
        float topP = in.readFloat();
        float minP = in.readFloat();
        float repetition = in.readFloat();
        float frequency = in.readFloat();
        float presence = in.readFloat();
        int seed = in.readInt();
        Map<Integer, Float> bias = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            bias.put(in.readInt(), in.readFloat());
        }
        Sampler.Settings settings =
                new Sampler.Settings(
                        temperature,
                        topK,
                        topP,
                        minP,
                        repetition,
                        frequency,
                        presence,
                        seed,
                        bias,
                        text(in));
        return new Job(prompt, settings, in.readLong(), in.readBoolean());
    }

    private static void facts(TextModel.Facts facts, DataOutputStream out) throws IOException {
        text(facts.title(), out);
        text(facts.kind(), out);
        text(facts.template(), out);
        text(facts.begin(), out);
        text(facts.end(), out);
        out.writeInt(facts.room());
        out.writeLong(facts.bytes());
        out.writeLong(facts.parameters());
        UsualSampling sampling = facts.sampling();
        out.writeDouble(sampling.temperature());
        out.writeInt(sampling.topK());
        out.writeDouble(sampling.topP());
        out.writeDouble(sampling.minP());
        out.writeDouble(sampling.repetitionPenalty());
    }

    private static TextModel.Facts facts(DataInputStream in) throws IOException {
        return new TextModel.Facts(
                text(in),
                text(in),
                text(in),
                text(in),
                text(in),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                new UsualSampling(
                        in.readDouble(),
                        in.readInt(),
                        in.readDouble(),
                        in.readDouble(),
                        in.readDouble()));
    }
}
