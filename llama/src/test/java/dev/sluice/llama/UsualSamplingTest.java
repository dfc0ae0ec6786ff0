package dev.sluice.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.llama.binding.Sampler;
import dev.sluice.testkit.gguf.TestModel;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a model's file says of how it is drawn from. */
class UsualSamplingTest {
    @TempDir private Path folder;

    private static UsualSampling said(String key, String value) {
        return UsualSampling.of(asked -> Optional.of(value).filter(_ -> asked.equals(key)));
    }

    private static Request request(@Nullable Double temperature, long seed) {
        Request.Builder request = Request.builder("chatter");
        request.messages.add(Message.of(Role.USER, "hello"));
        request.sampling =
                new Sampling(
                        temperature,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        seed,
                        null,
                        null,
                        null,
                        List.of());
        return request.build();
    }

    private static String written(Engine engine, @Nullable Double temperature, long seed) {
        Sampler.Settings settings =
                Settings.of(request(temperature, seed), engine.facts().sampling(), "");
        Heard heard = new Heard();
        engine.start(new Job("hello", settings, 40, false), heard);
        heard.end();
        return heard.text();
    }

    private Engine engine(Map<String, Object> keys) {
        Path file = folder.resolve("chatter.gguf");
        TestModel.chatter(file, 7, 512, keys);
        return Models.engine(ModelSettings.of("chatter", file));
    }

    @Test
    void aFileThatSaysNothingIsDrawnFromAsIsUsual() {
        assertThat(UsualSampling.of(_ -> Optional.empty())).isEqualTo(UsualSampling.OF_NOBODY);
        Engine engine = engine(Map.of());
        assertThat(engine.facts().sampling()).isEqualTo(UsualSampling.OF_NOBODY);
        assertThat(written(engine, null, 1)).isNotEqualTo(written(engine, null, 2));
        engine.close();
    }

    @Test
    void everyKeyOfAFileIsHeard() {
        Engine engine =
                engine(
                        Map.of(
                                "general.sampling.temp", 0.2f,
                                "general.sampling.top_k", 20,
                                "general.sampling.top_p", 0.8f,
                                "general.sampling.min_p", 0f,
                                "general.sampling.penalty_repeat", 1.05f));
        assertThat(engine.facts().sampling()).isEqualTo(new UsualSampling(0.2, 20, 0.8, 0, 1.05));
        engine.close();
    }

    @Test
    void aClientThatSaysNothingGetsTheTemperatureOfTheFileAndOneThatDoesItsOwn() {
        Engine engine = engine(Map.of("general.sampling.temp", 0f));
        String likeliest = written(engine, 0.0, 1);
        assertThat(written(engine, null, 2)).isEqualTo(likeliest);
        assertThat(written(engine, null, 3)).isEqualTo(likeliest);
        assertThat(written(engine, 1.5, 2)).isNotEqualTo(likeliest);
        engine.close();
    }

    @Test
    void whatMeansNothingIsNotTaken() {
        for (String nothing : List.of("-1", "NaN", "hot", "")) {
            assertThat(said("general.sampling.temp", nothing)).isEqualTo(UsualSampling.OF_NOBODY);
        }
    }

    @Test
    void noLimitOfCandidatesIsSaidInTwoWays() {
        assertThat(said("general.sampling.top_k", "-1").topK()).isZero();
        assertThat(said("general.sampling.top_k", "0").topK()).isZero();
    }
}
