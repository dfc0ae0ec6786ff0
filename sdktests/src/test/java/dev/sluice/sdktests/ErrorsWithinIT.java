package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.TestGateway;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Tag;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a library throws when an upstream fails after it has begun to answer: never nothing. */
class ErrorsWithinIT {
    private static final Question QUESTION = Question.of("Where is Paris?");
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-w", "gpt-5-mini");
    private static final AnthropicEvents MESSAGE = AnthropicEvents.of("msg_w", "claude-sonnet-4-5");

    /** What was heard before the exception, and the exception. */
    private record Broken(String text, Problem problem) {}

    private static Broken hear(Rig rig) {
        try (Sdk.Hearing hearing = rig.sdk().open(QUESTION)) {
            try {
                while (hearing.next()) {
                    // to the end, or to the exception
                }
            } catch (RuntimeException thrown) {
                return new Broken(hearing.text(), rig.sdk().explain(thrown));
            }
            throw new AssertionError("it ended as if it were whole, after: " + hearing.text());
        }
    }

    /** The start of an answer, and a few words. */
    private static String begun(Pair pair) {
        return pair.forUpstream(
                CHAT.role() + CHAT.text("Paris is"),
                MESSAGE.start(9) + MESSAGE.textStart(0) + MESSAGE.text(0, "Paris is"));
    }

    @InAllPairs
    @Tag("R51")
    @Tag("R52")
    void theUpstreamSaysThatItFailed(Pair pair) {
        try (Rig rig = Rig.of(pair, Story.of(pair, pair.forUpstream("06", "07")))) {
            Broken broken = hear(rig);

            assertThat(broken.text()).isEqualTo("The capital of France");
            assertThat(broken.problem().exception()).isEqualTo("SseException");
            assertThat(broken.problem().status()).isEqualTo(200);
            assertThat(broken.problem().type())
                    .isEqualTo(
                            switch (pair) {
                                case OPENAI_TO_OPENAI, OPENAI_TO_ANTHROPIC -> "server_error";
                                case ANTHROPIC_TO_ANTHROPIC -> "overloaded_error";
                                case ANTHROPIC_TO_OPENAI -> "api_error";
                            });
            if (pair == Pair.OPENAI_TO_ANTHROPIC) {
                assertThat(broken.problem().code()).isEqualTo("overloaded");
            }
            assertThat(broken.problem().all())
                    .contains(
                            pair.forUpstream(
                                    "The server had an error while processing your request.",
                                    "Overloaded"));
            assertThat(rig.gateway().nextRecord().outcome()).isEqualTo(Outcome.FAILED);
        }
    }

    @InAllPairs
    @Tag("R50")
    @Tag("R51")
    @Tag("R52")
    void theUpstreamBreaksOff(Pair pair) {
        Script begun = Script.stream().send(begun(pair));
        Script[] scripts = {
            begun,
            begun.close(),
            begun.reset(),
            begun.unframed("not a chunk\r\n").close(),
            begun.send("data: {\"half\":").close(),
            begun.send("data: <html>\n\n")
        };
        try (Rig rig = Rig.of(pair, begun)) {
            for (Script script : scripts) {
                rig.answering(_ -> script);
                Broken broken = hear(rig);

                assertThat(broken.text()).isEqualTo("Paris is");
                assertThat(broken.problem().exception()).isEqualTo("SseException");
                assertThat(broken.problem().type())
                        .isEqualTo(pair.forClient("server_error", "api_error"));
                assertThat(broken.problem().all()).containsAnyOf("the upstream", "provider `up1`");
                assertThat(rig.gateway().nextRecord().outcome()).isEqualTo(Outcome.FAILED);
            }
        }
    }

    /**
     * Cut after any event before the one that says why the answer ended, a stream of every kind is
     * broken for the library.
     */
    @InAllPairs
    @Tag("R50")
    @Tag("R51")
    void noCutLooksWhole(Pair pair) {
        try (Rig rig = Rig.of(pair, Script.silent())) {
            for (String name : List.of("01", "02", "03", "04", "05")) {
                Golden golden = Goldens.one(pair.upstream().goldens(), name);
                for (String start : starts(pair, golden)) {
                    rig.answering(_ -> Script.stream().send(start));
                    Problem problem = rig.sdk().fail(QUESTION, true);
                    assertThat(problem.exception())
                            .as("%s, cut after %s bytes", name, start.length())
                            .isIn("SseException", "InternalServerException");
                }
            }
        }
    }

    /** The golden stream up to the end of each of its events, as long as it has no stop reason. */
    private static List<String> starts(Pair pair, Golden golden) {
        String whole = new String(golden.bytes(), StandardCharsets.UTF_8);
        int last = whole.indexOf(pair.forUpstream("\"finish_reason\":\"", "event: message_delta"));
        List<String> starts = new ArrayList<>();
        for (int end = whole.indexOf("\n\n");
                end >= 0 && end < last;
                end = whole.indexOf("\n\n", end + 2)) {
            starts.add(whole.substring(0, end + 2));
        }
        assertThat(starts).hasSizeGreaterThan(3);
        return starts;
    }

    /** Nothing has been sent of an answer that is not streamed: the status can tell the truth. */
    @InAllPairs
    @Tag("R50")
    @Tag("R56")
    void aWholeAnswerThatBreaksOff(Pair pair) {
        Script script =
                pair.isSame()
                        ? Script.status(200)
                                .header("content-type", "application/json")
                                .length(500)
                                .send("{\"id\":\"x\",")
                                .close()
                        : Script.stream().send(begun(pair)).close();
        try (Rig rig = Rig.of(pair, script)) {
            Problem problem = rig.sdk().fail(QUESTION, false);

            assertThat(problem.exception()).isEqualTo("InternalServerException");
            assertThat(problem.status()).isEqualTo(502);
        }
    }

    @InAllPairs
    @Tag("R8")
    @Tag("R59")
    void signsOfLifeAreNoContent(Pair pair) {
        Duration silence = Duration.ofMillis(300);
        String end =
                pair.forUpstream(
                        CHAT.text(" there.") + CHAT.end("stop"),
                        MESSAGE.text(0, " there.")
                                + MESSAGE.blockStop(0)
                                + MESSAGE.end("end_turn", 4));
        try (Rig rig =
                Rig.of(pair, Rig.NO_KEY, ErrorsWithinIT::lively)
                        .answering(
                                _ ->
                                        Script.stream()
                                                .sendHead()
                                                .pause(silence)
                                                .send(begun(pair))
                                                .pause(silence)
                                                .send(end))) {
            Heard heard = rig.sdk().hear(QUESTION);

            assertThat(heard.text()).isEqualTo("Paris is there.");
            assertThat(heard.stop()).isEqualTo(pair.forClient("stop", "end_turn"));
        }
    }

    /**
     * The status is out with the first sign of life, so that an error can only be told within the
     * stream.
     */
    @InAllPairs
    @Tag("R51")
    @Tag("R52")
    void anErrorAfterASignOfLife(Pair pair) {
        String error =
                pair.forUpstream(
                        CHAT.error("server_error", "It broke."),
                        MESSAGE.error("api_error", "It broke."));
        try (Rig rig =
                Rig.of(pair, Rig.NO_KEY, ErrorsWithinIT::lively)
                        .answering(
                                _ ->
                                        Script.stream()
                                                .sendHead()
                                                .pause(Duration.ofMillis(300))
                                                .send(error))) {
            Broken broken = hear(rig);

            assertThat(broken.text()).isEmpty();
            assertThat(broken.problem().exception()).isEqualTo("SseException");
            assertThat(broken.problem().all()).contains("It broke.");
        }
    }

    private static void lively(TestGateway.Setup setup) {
        setup.config(config -> config.toBuilder().keepalive(Duration.ofMillis(30)).build());
    }
}
