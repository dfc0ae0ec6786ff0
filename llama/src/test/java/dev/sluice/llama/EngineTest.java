package dev.sluice.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.llama.binding.Sampler;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.gguf.TestModel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The engine on models of a few hundred kilobytes, through the real libllama. */
class EngineTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> WORDS = Models.words(60);

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

    private ModelSettings story(List<String> said, int again) {
        Path file = folder.resolve("story.gguf");
        TestModel.story(file, said, again, 512);
        return ModelSettings.of("story", file);
    }

    private ModelSettings chatter() {
        Path file = folder.resolve("chatter.gguf");
        TestModel.chatter(file, 7, 512);
        return ModelSettings.of("chatter", file);
    }

    private static Job job(String prompt, long most) {
        return job(prompt, most, "");
    }

    private static Job job(String prompt, long most, String grammar) {
        return new Job(
                prompt,
                new Sampler.Settings(0, 0, 1, 0, 1, 0, 0, 1, Map.of(), grammar),
                most,
                false);
    }

    private static Heard hear(Engine engine, Job job) {
        Heard heard = new Heard();
        engine.start(job, heard);
        return heard;
    }

    @Test
    void saysWhatTheModelSaysToItsEnd() {
        Heard heard = hear(engine(story(WORDS, -1)), job("hello", 1000));
        assertThat(heard.end()).isEqualTo("DONE");
        assertThat(heard.text()).isEqualTo(String.join("", WORDS));
        assertThat(heard.tokens()).isEqualTo(WORDS.size());
    }

    @Test
    void threadsThatComputeTogetherWriteWhatOneWritesAlone() {
        Heard alone = hear(engine(chatter()), job("hello", 60));
        String end = alone.end();
        Engine together = Engine.load(Models.library(), chatter().withThreads(2), _ -> {});
        engines.add(together);
        Heard heard = hear(together, job("hello", 60));
        assertThat(heard.end()).isEqualTo(end);
        assertThat(heard.text()).isEqualTo(alone.text());
    }

    @Test
    void countsThePromptAsTheModelReadsIt() {
        Engine engine = engine(story(WORDS, -1));
        Heard heard = hear(engine, job("hello", 1));
        heard.end();
        CompletableFuture<TextModel.Count> counted = new CompletableFuture<>();
        engine.count("hello", counted::complete);
        // The token that begins a text, and five bytes.
        assertThat(heard.prompt()).isEqualTo(6);
        assertThat(counted.orTimeout(20, TimeUnit.SECONDS).join())
                .isEqualTo(new TextModel.Count.Tokens(6));
    }

    @Test
    void stopsAtTheMostTokens() {
        Heard heard = hear(engine(story(WORDS, 0)), job("hello", 7));
        assertThat(heard.end()).isEqualTo("MOST");
        assertThat(heard.text()).isEqualTo(String.join("", WORDS.subList(0, 7)));
    }

    @Test
    void stopsWhereTheContextIsFull() {
        Engine engine = engine(story(WORDS, 0).withContext(256));
        Heard heard = hear(engine, job("hello", 100_000));
        assertThat(heard.end()).isEqualTo("ROOM");
        // The last token that was drawn needs no room: nothing follows it.
        assertThat(heard.prompt() + heard.tokens()).isEqualTo(engine.facts().room() + 1);
    }

    @Test
    void refusesAPromptThatDoesNotFitWithBothNumbers() {
        Engine engine = engine(story(WORDS, 0).withContext(256));
        Heard heard = hear(engine, job("x".repeat(300), 10));
        assertThat(heard.end())
                .startsWith("CONTEXT_TOO_LONG")
                .contains("301 tokens")
                .contains(engine.facts().room() + ", the answer included");
        Eventually.within(LIMIT, "nobody is left", () -> engine.crowd() == 0);
    }

    @Test
    @Tag("R4")
    void putsCharactersTogetherFromTheTokensOfTheirBytes() {
        List<String> said = List.of("a", "\u00e9", "\u6f22", "\ud83d\ude00", "z");
        Heard heard = hear(engine(story(said, -1)), job("hello", 1000));
        assertThat(heard.end()).isEqualTo("DONE");
        assertThat(heard.text()).isEqualTo("a\u00e9\u6f22\ud83d\ude00z");
    }

    @Test
    @Tag("R4")
    void neverTellsHalfACharacter() {
        List<String> said = List.of("a", "\ud83d\ude00", "z");
        // "a" and three of the four bytes.
        Heard heard = hear(engine(story(said, -1)), job("hello", 4));
        assertThat(heard.end()).isEqualTo("MOST");
        assertThat(heard.text()).isEqualTo("a");
    }

    @Test
    void writesManyTextsAtOnceAndTheSameAsAlone() {
        Engine engine = engine(chatter().withParallel(4, 8));
        List<String> prompts =
                IntStream.range(0, 9).mapToObj(i -> "prompt " + i + " of nine").toList();
        List<String> together =
                prompts.stream().map(p -> hear(engine, job(p, 30))).toList().stream()
                        .peek(Heard::end)
                        .map(Heard::text)
                        .toList();
        for (int i = 0; i < prompts.size(); i++) {
            Engine alone = engine(chatter().withParallel(1, 0));
            Heard heard = hear(alone, job(prompts.get(i), 30));
            heard.end();
            assertThat(heard.text()).as(prompts.get(i)).isEqualTo(together.get(i));
            engines.remove(alone);
            alone.close();
        }
    }

    @Test
    void readsOfAConversationOnlyWhatIsNew() {
        Engine engine = engine(chatter().withParallel(2, 0));
        Heard first = hear(engine, job("The first question?", 20));
        first.end();
        Heard other = hear(engine, job("Something else.", 20));
        other.end();
        Heard second = hear(engine, job("The first question? And more", 20));
        second.end();
        assertThat(first.cached()).isZero();
        // A space is three bytes to this vocabulary.
        assertThat(second.prompt()).isEqualTo(1 + 28 + 2 * 4);
        assertThat(second.cached()).isGreaterThanOrEqualTo(1 + 19 + 2 * 2);

        Heard fresh = hear(engine(chatter()), job("The first question? And more", 20));
        fresh.end();
        assertThat(fresh.cached()).isZero();
        assertThat(second.text()).isEqualTo(fresh.text());
    }

    @Test
    void keepsTheLongerConversationWhenLittleIsCommon() {
        Engine engine = engine(chatter().withParallel(2, 0));
        String talk = "The same start, then a long talk that is worth to be kept. ".repeat(3);
        hear(engine, job(talk, 5)).end();
        hear(engine, job("The same start, then something short.", 5)).end();
        Heard again = hear(engine, job(talk + "More", 5));
        again.end();
        assertThat(again.cached()).isGreaterThanOrEqualTo(talk.length());
    }

    @Test
    @Tag("R16")
    void cancelStopsWithinAStepAndFreesThePlace() {
        Engine engine = engine(story(WORDS, 0).withParallel(1, 1));
        Heard heard = new Heard();
        TextModel.Work work = engine.start(job("hello", 100_000), heard.until(30));
        Eventually.within(LIMIT, "it writes", () -> heard.tokens() >= 30);
        work.cancel();
        Heard next = hear(engine, job("hello", 5));
        assertThat(next.end()).isEqualTo("MOST");
        assertThat(heard.tokens()).isEqualTo(30);
        assertThat(heard.hasEnded()).isFalse();
        // The prompt of the first is known, and nothing of what it wrote.
        assertThat(next.cached()).isEqualTo(5);
        Eventually.within(LIMIT, "nobody is left", () -> engine.crowd() == 0);
    }

    @Test
    @Tag("R16")
    void cancelOfOneThatWaitsFreesItsPlaceInTheQueue() {
        Engine engine = engine(story(WORDS, 0).withParallel(1, 1));
        Heard first = new Heard();
        TextModel.Work writing = engine.start(job("hello", 100_000), first.until(3));
        Eventually.within(LIMIT, "it writes", () -> first.tokens() == 3);
        Heard second = new Heard();
        engine.start(job("hello", 5), second).cancel();
        Eventually.within(LIMIT, "the queue is free", () -> engine.crowd() == 1);
        writing.cancel();
        Eventually.within(LIMIT, "nobody is left", () -> engine.crowd() == 0);
        assertThat(second.hasEnded()).isFalse();
    }

    @Test
    @Tag("R24")
    void writesNothingForOneWhoIsNotReady() {
        Engine engine = engine(story(WORDS, 0).withParallel(2, 0));
        Heard slow = new Heard().until(10);
        TextModel.Work work = engine.start(job("hello", 40), slow);
        Eventually.within(LIMIT, "it is full", () -> slow.tokens() == 10);
        Heard quick = hear(engine, job("hello", 300));
        assertThat(quick.end()).isEqualTo("MOST");
        assertThat(slow.tokens()).isEqualTo(10);
        slow.until(Integer.MAX_VALUE);
        work.wake();
        assertThat(slow.end()).isEqualTo("MOST");
        assertThat(slow.text()).isEqualTo(quick.text().substring(0, slow.text().length()));
    }

    @Test
    void refusesWhoComesWhenTheQueueIsFullAndSaysWhatToDo() {
        Engine engine = engine(story(WORDS, 0).withParallel(1, 1));
        Heard first = new Heard();
        engine.start(job("hello", 100_000), first.until(3));
        engine.start(job("hello", 3), new Heard());
        assertThatThrownBy(() -> engine.start(job("hello", 3), new Heard()))
                .asInstanceOf(type(FailureException.class))
                .satisfies(
                        refused -> {
                            assertThat(refused.failure().code()).isEqualTo(FailureCode.OVERLOADED);
                            assertThat(refused.failure().message())
                                    .contains("1 answers at once")
                                    .contains("set `parallel` or `queue`");
                        });
    }

    @Test
    void aLongPromptDoesNotStopThoseWhoWrite() {
        Engine engine = engine(story(WORDS, 0).withContext(16_384).withParallel(2, 0));
        Heard writer = new Heard();
        engine.start(job("hello", 100_000), writer);
        Eventually.within(LIMIT, "it writes", () -> writer.tokens() > 2);
        int before = writer.tokens();
        Heard reader = hear(engine, job("z".repeat(500), 1));
        reader.end();
        // A step reads at most 512 tokens; shared with a writer the prompt takes several.
        assertThat(writer.tokens() - before).isGreaterThan(1);
        assertThat(writer.hasEnded()).isFalse();
    }

    @Test
    void promptsThatWaitAreReadOneAfterTheOther() {
        Engine engine = engine(story(WORDS, 0).withContext(1024).withParallel(4, 0));
        Start start = new Start();
        List<Heard> all =
                IntStream.range(0, 4)
                        .mapToObj(i -> start.of(engine, job("z".repeat(150 + i), 200)))
                        .toList();
        start.now();
        all.forEach(Heard::end);
        // Read together they would begin in the same step: then each would see four.
        assertThat(start.begun).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aShortPromptIsNotHeldUpByALongOne() {
        Engine engine = engine(story(WORDS, 0).withContext(4096).withParallel(2, 0));
        Start start = new Start();
        Heard reader = start.of(engine, job("z".repeat(3000), 1));
        Heard writer = start.of(engine, job("hello", 100_000));
        start.now();
        assertThat(reader.end()).isEqualTo("MOST");
        // The long one takes six steps at least.
        assertThat(writer.tokens()).isGreaterThan(2);
    }

    /** Texts whose prompts wait to be read until all of them are there. */
    private static final class Start {
        private final List<Heard> all = new ArrayList<>();
        private final List<TextModel.Work> works = new ArrayList<>();

        /**
         * For each, in the order in which they began: how many had begun at the end of its step.
         */
        private final List<Integer> begun = new java.util.concurrent.CopyOnWriteArrayList<>();

        Heard of(Engine engine, Job job) {
            Heard heard = new Heard().until(0);
            heard.whenBegun(
                    () -> begun.add((int) all.stream().filter(one -> one.tokens() > 0).count()));
            all.add(heard);
            works.add(engine.start(job, heard));
            Eventually.within(LIMIT, "it has a place", () -> heard.prompt() > 0);
            return heard;
        }

        void now() {
            all.forEach(one -> one.until(Integer.MAX_VALUE));
            works.forEach(TextModel.Work::wake);
        }
    }

    @Test
    void followsAGrammarToItsEnd() {
        Engine engine = engine(chatter());
        Heard heard = hear(engine, job("hello", 200, "root ::= \"yes, \" [0-9]{3} \"!\""));
        assertThat(heard.end()).isEqualTo("DONE");
        assertThat(heard.text()).matches("yes, [0-9]{3}!");
    }

    @Test
    void jsonIsJson() {
        Request.Builder asked = Request.builder("test");
        asked.messages.add(Message.of(Role.USER, "hi"));
        asked.responseFormat = new ResponseFormat.JsonObject();
        String grammar = new ChatMl().turn(asked.build()).grammar();
        Engine engine = engine(chatter());
        for (int seed = 1; seed < 6; seed++) {
            Sampler.Settings warm =
                    new Sampler.Settings(0.8f, 0, 1, 0, 1, 0, 0, seed, Map.of(), grammar);
            Heard heard = hear(engine, new Job("hello", warm, 400, false));
            if (heard.end().equals("DONE")) {
                assertThat(Json.parse(heard.text()).isObject()).isTrue();
            } else {
                assertThat(heard.end()).isEqualTo("MOST");
                assertThat(heard.text()).startsWith("{");
            }
        }
    }

    @Test
    void aGrammarThatIsNoneIsTheClientsError() {
        Heard heard = hear(engine(chatter()), job("hello", 5, "root ::= ("));
        assertThat(heard.end()).startsWith("UNSUPPORTED");
    }

    @Test
    void theSameSeedDrawsTheSame() {
        Engine engine = engine(chatter());
        Sampler.Settings warm =
                new Sampler.Settings(1.5f, 0, 1, 0, 1.1f, 0.1f, 0.1f, 42, Map.of(), "");
        Sampler.Settings other =
                new Sampler.Settings(1.5f, 0, 1, 0, 1.1f, 0.1f, 0.1f, 43, Map.of(), "");
        List<String> texts =
                List.of(warm, warm, other).stream()
                        .map(settings -> hear(engine, new Job("hi", settings, 40, false)))
                        .toList()
                        .stream()
                        .peek(Heard::end)
                        .map(Heard::text)
                        .toList();
        assertThat(texts.get(1)).isEqualTo(texts.get(0));
        assertThat(texts.get(2)).isNotEqualTo(texts.get(0));
    }

    private static Sampler.Settings drawn(
            float temperature, int topK, float topP, float minP, float repetition) {
        return new Sampler.Settings(
                temperature, topK, topP, minP, repetition, 0, 0, 42, Map.of(), "");
    }

    private static String written(Engine engine, int most, Sampler.Settings settings) {
        Heard heard = hear(engine, new Job("hi", settings, most, false));
        heard.end();
        return heard.text();
    }

    @Test
    void everyWayToDrawIsHeard() {
        Engine engine = engine(chatter());
        String likeliest = written(engine, 40, drawn(0, 0, 1, 0, 1));
        assertThat(written(engine, 40, drawn(1.5f, 0, 1, 0, 1))).isNotEqualTo(likeliest);
        assertThat(written(engine, 40, drawn(1.5f, 1, 1, 0, 1))).isEqualTo(likeliest);
        assertThat(written(engine, 40, drawn(1.5f, 0, 0.0001f, 0, 1))).isEqualTo(likeliest);
        assertThat(written(engine, 40, drawn(1.5f, 0, 1, 1, 1))).isEqualTo(likeliest);
        assertThat(written(engine, 40, drawn(0, 0, 1, 0, 3))).isNotEqualTo(likeliest);
    }

    @Test
    void penaltiesLookAtAllThatWasWrittenAndABiasAtOneToken() {
        Engine engine = engine(story(WORDS, 0));
        String once = String.join("", WORDS);
        int second = TestModel.token(1);
        Sampler.Settings rare = new Sampler.Settings(0, 0, 1, 0, 1, 100, 0, 1, Map.of(), "");
        Sampler.Settings present = new Sampler.Settings(0, 0, 1, 0, 1, 0, 100, 1, Map.of(), "");
        Sampler.Settings biased =
                new Sampler.Settings(0, 0, 1, 0, 1, 0, 0, 1, Map.of(second, -100f), "");
        assertThat(written(engine, 61, drawn(0, 0, 1, 0, 1))).isEqualTo(once + " w0");
        assertThat(written(engine, 61, rare)).startsWith(once).doesNotEndWith(" w0");
        assertThat(written(engine, 61, present)).startsWith(once).doesNotEndWith(" w0");
        assertThat(written(engine, 2, biased)).startsWith(" w0").doesNotContain(" w1");
    }

    @Test
    void tellsHowMuchOfAModelIsRead() {
        List<Integer> told = new CopyOnWriteArrayList<>();
        engines.add(Engine.load(Models.library(), story(WORDS, -1).withThreads(1), told::add));
        assertThat(told).isSorted().endsWith(100);
    }

    @Test
    @Tag("R22")
    void closingEndsWhatIsBeingWrittenWithAFailure() {
        Engine engine = engine(story(WORDS, 0).withParallel(1, 5));
        Heard writing = new Heard();
        engine.start(job("hello", 100_000), writing.until(5));
        Heard waiting = hear(engine, job("hello", 5));
        Eventually.within(LIMIT, "it writes", () -> writing.tokens() == 5);
        engine.close();
        engines.remove(engine);
        assertThat(writing.end()).startsWith("UNAVAILABLE");
        assertThat(waiting.end()).startsWith("UNAVAILABLE");
        assertThat(engine.crowd()).isZero();
    }

    @Test
    @Tag("R61")
    void countersAreZeroAfterAnyMixOfEnds() {
        Engine engine = engine(story(WORDS, 0).withParallel(3, 40));
        java.util.Random random = new java.util.Random(11);
        List<TextModel.Work> works = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int most = 1 + random.nextInt(80);
            String prompt = "p".repeat(1 + random.nextInt(600));
            TextModel.Work work = engine.start(job(prompt, most), new Heard());
            works.add(work);
            if (random.nextInt(3) == 0) {
                works.get(random.nextInt(works.size())).cancel();
            }
        }
        Eventually.within(LIMIT, "nobody is left", () -> engine.crowd() == 0);
        assertThat(hear(engine, job("hello", 5)).end()).isEqualTo("MOST");
    }
}
