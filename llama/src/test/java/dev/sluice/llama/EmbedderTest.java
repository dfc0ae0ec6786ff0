package dev.sluice.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.llama.binding.Sampler;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.gguf.TestModel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Embeddings of small models, through the real libllama. */
class EmbedderTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path folder;
    private final List<Engine> engines = new ArrayList<>();

    @AfterEach
    void close() {
        engines.forEach(Engine::close);
    }

    private Engine engine(ModelSettings settings) {
        Engine engine = Models.engine(settings);
        engines.add(engine);
        return engine;
    }

    /** A model that writes. */
    private ModelSettings chatter() {
        Path file = folder.resolve("chatter.gguf");
        TestModel.chatter(file, 7, 2048);
        return ModelSettings.of("chatter", file);
    }

    /** A model that makes embeddings and nothing else. */
    private ModelSettings embedder() {
        Path file = folder.resolve("embedder.gguf");
        TestModel.embedder(file, 7, 512);
        return ModelSettings.of("embedder", file);
    }

    private static TextModel.Embedded embedded(Engine engine, String... texts) {
        CompletableFuture<TextModel.Embedded> done = new CompletableFuture<>();
        engine.embed(List.of(texts), done::complete);
        return done.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static TextModel.Embedded.Vectors vectors(Engine engine, String... texts) {
        assertThat(embedded(engine, texts)).isInstanceOf(TextModel.Embedded.Vectors.class);
        return (TextModel.Embedded.Vectors) embedded(engine, texts);
    }

    private static Failure failure(Engine engine, String... texts) {
        assertThat(embedded(engine, texts)).isInstanceOf(TextModel.Embedded.Failed.class);
        return ((TextModel.Embedded.Failed) embedded(engine, texts)).failure();
    }

    private static double product(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }

    private static void isAMapOfTexts(Engine engine) {
        TextModel.Embedded.Vectors made = vectors(engine, "a cat", "something else", "a cat");
        List<float[]> vectors = made.vectors();
        assertThat(vectors).hasSize(3);
        assertThat(vectors.get(2)).isEqualTo(vectors.get(0));
        assertThat(product(vectors.get(0), vectors.get(1))).isLessThan(0.999);
        for (float[] vector : vectors) {
            assertThat(product(vector, vector)).isCloseTo(1, within(1e-5));
        }
        // Alone, and after others, a text has the vector that it has among others.
        assertThat(vectors(engine, "a cat").vectors().getFirst()).isEqualTo(vectors.get(0));
        assertThat(made.tokens())
                .isEqualTo(
                        2 * vectors(engine, "a cat").tokens()
                                + vectors(engine, "something else").tokens());
    }

    @Test
    void aModelThatWritesGivesEveryTextItsVector() {
        isAMapOfTexts(engine(chatter()));
    }

    @Test
    void aModelThatMakesEmbeddingsGivesEveryTextItsVector() {
        isAMapOfTexts(engine(embedder()));
    }

    @Test
    void aModelThatMakesEmbeddingsSaysThatItWritesNothing() {
        Engine engine = engine(embedder());
        Job job =
                new Job(
                        "hello",
                        new Sampler.Settings(0, 0, 1, 0, 1, 0, 0, 1, Map.of(), ""),
                        5,
                        false);
        assertThatThrownBy(() -> engine.start(job, new Heard()))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused -> {
                            assertThat(refused.failure().code()).isEqualTo(FailureCode.UNSUPPORTED);
                            assertThat(refused.failure().message()).contains("writes no text");
                        });
        assertThat(engine.crowd()).isZero();
    }

    @Test
    void aLongTextIsReadPieceByPieceWithNoPartOfItLost() {
        Engine engine = engine(chatter());
        String text = "x".repeat(1200);
        TextModel.Embedded.Vectors whole = vectors(engine, text);
        assertThat(whole.tokens()).isEqualTo(1201);
        float[] other = vectors(engine, text.substring(1) + "y").vectors().getFirst();
        assertThat(whole.vectors().getFirst()).isNotEqualTo(other);
    }

    @Test
    void aTextThatDoesNotFitIsRefusedWithBothNumbers() {
        Failure failure = failure(engine(embedder()), "short", "x".repeat(600));
        assertThat(failure.code()).isEqualTo(FailureCode.CONTEXT_TOO_LONG);
        assertThat(failure.message()).contains("601 tokens").contains("up to 512");
    }

    @Test
    void embeddingsAreMadeBesideTextsThatAreBeingWritten() {
        Engine engine = engine(chatter().withParallel(1, 1));
        Heard heard = new Heard();
        TextModel.Work work =
                engine.start(
                        new Job(
                                "hello",
                                new Sampler.Settings(
                                        0, 0, 1, 0, 1, 0, 0, 1, Map.of(4, -1e9f, 2, -1e9f), ""),
                                100_000,
                                false),
                        heard.until(5));
        Eventually.within(LIMIT, "it writes", () -> heard.tokens() == 5);
        assertThat(vectors(engine, "a cat").vectors()).hasSize(1);
        work.cancel();
        Eventually.within(LIMIT, "nobody is left", () -> engine.crowd() == 0);
    }

    @Test
    void closingFailsWhatWaits() {
        Engine engine = engine(chatter());
        engine.close();
        engines.remove(engine);
        assertThat(failure(engine, "late").code()).isEqualTo(FailureCode.UNAVAILABLE);
        assertThat(engine.crowd()).isZero();
    }
}
