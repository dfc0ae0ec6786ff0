package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.Gateway;
import dev.sluice.gateway.SluicePlan;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The simulated model, which a new user meets first, in every case that it plays. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulatedIT {
    private final SluicePlan plan =
            SluicePlan.of(Config.defaults().withPort(0).toBuilder().workers(1).build());
    private final Gateway gateway =
            Gateway.start(
                    Config.defaults().withPort(0).toBuilder().workers(1).build(), plan, new Deaf());
    private final Sdk openai = sdk(Vendor.OPENAI);
    private final Sdk anthropic = sdk(Vendor.ANTHROPIC);

    /** Whose library asks, and whether for a stream. */
    record Asking(Vendor vendor, boolean streamed) {
        String either(String openai, String anthropic) {
            return vendor == Vendor.OPENAI ? openai : anthropic;
        }

        @Override
        public String toString() {
            return vendor + (streamed ? ", streamed" : ", whole");
        }
    }

    static Stream<Asking> all() {
        return Arrays.stream(Vendor.values())
                .flatMap(v -> Stream.of(new Asking(v, true), new Asking(v, false)));
    }

    private static final class Deaf implements ExchangeListener {
        @Override
        public void onStarted() {}

        @Override
        public void onEnded(ExchangeRecord record) {}
    }

    private Sdk sdk(Vendor vendor) {
        return vendor.sdk(URI.create("http://127.0.0.1:" + gateway.port()), Rig.NO_KEY);
    }

    @AfterAll
    void close() {
        openai.close();
        anthropic.close();
        gateway.close();
        plan.close();
    }

    private Sdk of(Asking asking) {
        return asking.vendor() == Vendor.OPENAI ? openai : anthropic;
    }

    private static Question question(String script) {
        return Question.aboutWeather().withModel("simulated/" + script + "-i0-t0");
    }

    private Heard ask(Asking asking, String script) {
        return of(asking).ask(question(script), asking.streamed());
    }

    private Problem fail(Asking asking, String script) {
        return of(asking).fail(question(script), asking.streamed());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void isListed(Asking asking) {
        assertThat(of(asking).models()).contains("simulated/text", "simulated/error-midway");
        assertThat(of(asking).model("simulated/text")).isEqualTo("simulated/text");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R34")
    void countsWithoutAGap(Asking asking) {
        Heard heard = of(asking).ask(question("count-n500"), asking.streamed());

        List<Integer> numbers =
                Arrays.stream(heard.text().split("\\D+", -1))
                        .filter(number -> !number.isEmpty())
                        .map(Integer::valueOf)
                        .toList();
        assertThat(numbers).isEqualTo(IntStream.rangeClosed(1, 500).boxed().toList());
        assertThat(heard.tokens().output()).isEqualTo(500);
        assertThat(heard.stop()).isEqualTo(asking.either("stop", "end_turn"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R13")
    void saysEveryCharacter(Asking asking) {
        Heard streamed = of(asking).hear(question("unicode"));
        assertThat(ask(asking, "unicode").text()).isEqualTo(streamed.text());
        assertThat(streamed.text()).contains("\u2028");
        assertThat(of(asking).ask(question("echo").then(new Question.Said("„Grüße“ 🎉\n"))).text())
                .contains("„Grüße“ 🎉");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R34")
    void goesThroughALoopOfTools(Asking asking) {
        for (String script : List.of("tool", "parallel-tools", "thinking-tool")) {
            Heard called = ask(asking, script);
            assertThat(called.calls()).isNotEmpty();
            assertThat(called.stop()).isEqualTo(asking.either("tool_calls", "tool_use"));

            Heard told = of(asking).ask(question(script).thenResultsOf(called), asking.streamed());
            assertThat(told.text()).isNotEmpty();
            assertThat(told.stop()).isEqualTo(asking.either("stop", "end_turn"));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R46")
    @Tag("R49")
    void thinks(Asking asking) {
        for (String script : List.of("thinking", "redacted-thinking")) {
            Question question = question(script).withThinking(2048);
            Heard first = of(asking).ask(question, asking.streamed());
            assertThat(first.thoughts()).isNotEmpty();
            assertThat(first.text()).doesNotContain(first.thoughts().getFirst().text());
            if (asking.vendor() == Vendor.ANTHROPIC) {
                assertThat(first.thoughts().getFirst().signature()).isNotEmpty();
                assertThat(first.redacted()).hasSize(script.equals("thinking") ? 0 : 1);
            }
            Heard second =
                    of(asking)
                            .ask(
                                    question.then(
                                            new Question.Answered(first),
                                            new Question.Said("And?")),
                                    asking.streamed());
            assertThat(second.text()).isNotEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R39")
    @Tag("R51")
    void endsForEveryReason(Asking asking) {
        assertThat(ask(asking, "max-tokens").stop())
                .isEqualTo(asking.either("length", "max_tokens"));
        assertThat(ask(asking, "max-tokens-inside-tool").stop())
                .isEqualTo(asking.either("length", "max_tokens"));
        assertThat(ask(asking, "empty").stop()).isEqualTo(asking.either("stop", "end_turn"));
        assertThat(ask(asking, "stop-at-once").stop()).isEqualTo(asking.either("stop", "end_turn"));
        assertThat(ask(asking, "stop-sequence").stop())
                .isEqualTo(asking.either("stop", "stop_sequence"));
        Heard refused = ask(asking, "refusal");
        assertThat(refused.stop()).isIn("content_filter", "refusal", "stop");
        assertThat(refused.text() + refused.refusal().orElse("")).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R50")
    @Tag("R52")
    @Tag("R55")
    @Tag("R56")
    void failsInEveryWay(Asking asking) {
        assertThat(fail(asking, "error").exception()).isEqualTo("RateLimitException");
        assertThat(fail(asking, "error").retryAfter()).contains("2");
        assertThat(fail(asking, "error-overloaded").exception())
                .isEqualTo(asking.either("InternalServerException", "OverloadedException"));
        assertThat(fail(asking, "error-context").exception()).isEqualTo("BadRequestException");
        for (String script : List.of("error-midway", "cut", "disconnect")) {
            Problem problem = fail(asking, script);
            assertThat(problem.exception())
                    .isIn(
                            asking.streamed()
                                    ? List.of("SseException")
                                    : List.of("InternalServerException", "OverloadedException"));
        }
        Problem unknown =
                of(asking)
                        .fail(Question.of("Hi").withModel("simulated/nonsense"), asking.streamed());
        assertThat(unknown.exception()).isEqualTo("NotFoundException");
        assertThat(unknown.message()).contains("parallel-tools");
    }
}
