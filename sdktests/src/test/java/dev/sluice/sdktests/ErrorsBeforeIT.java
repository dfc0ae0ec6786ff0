package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.gateway.exchange.Timeouts;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Tag;

import java.time.Duration;

/** What a library throws when an upstream fails before it has said anything. */
class ErrorsBeforeIT {
    private static final Question QUESTION = Question.of("Where is Paris?");

    private static Script error(Pair pair, int status, String openai, String anthropic) {
        return Script.json(status, pair.forUpstream(openai, anthropic));
    }

    private static String chatError(String type, String code, String message) {
        return "{\"error\":{\"message\":"
                + Json.quote(message)
                + ",\"type\":"
                + Json.quote(type)
                + ",\"param\":\"messages\",\"code\":"
                + (code.isEmpty() ? "null" : Json.quote(code))
                + "}}";
    }

    private static String messageError(String type, String message) {
        return "{\"type\":\"error\",\"error\":{\"type\":"
                + Json.quote(type)
                + ",\"message\":"
                + Json.quote(message)
                + "},\"request_id\":\"req_up\"}";
    }

    private static void throwsThis(
            Way way, Script script, int status, String exception, String openai, String anthropic) {
        try (Rig rig = Rig.of(way.pair(), script)) {
            throwsThis(way, rig, status, exception, openai, anthropic);
        }
    }

    private static void throwsThis(
            Way way, Rig rig, int status, String exception, String openai, String anthropic) {
        Problem problem = way.fail(rig, QUESTION);

        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.exception()).isEqualTo(exception);
        assertThat(problem.type()).isEqualTo(way.pair().forClient(openai, anthropic));
        assertThat(problem.requestId()).isPresent();
        assertThat(rig.gateway().nextRecord().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(rig.gateway().inFlight()).isZero();
    }

    @InAllWays
    @Tag("R55")
    @Tag("R56")
    void invalidRequest(Way way) {
        String words = "messages: roles must alternate";
        Script script =
                error(
                        way.pair(),
                        400,
                        chatError("invalid_request_error", "invalid_value", words),
                        messageError("invalid_request_error", words));
        try (Rig rig = Rig.of(way.pair(), script)) {
            Problem problem = way.fail(rig, QUESTION);

            assertThat(problem.exception()).isEqualTo("BadRequestException");
            assertThat(problem.status()).isEqualTo(400);
            assertThat(problem.type()).isEqualTo("invalid_request_error");
            assertThat(problem.message()).contains(words);
            if (way.pair() == Pair.OPENAI_TO_OPENAI) {
                assertThat(problem.code()).isEqualTo("invalid_value");
            }
        }
    }

    @InAllWays
    @Tag("R55")
    @Tag("R56")
    void tooLongAPrompt(Way way) {
        Script script =
                error(
                        way.pair(),
                        400,
                        chatError(
                                "invalid_request_error",
                                "context_length_exceeded",
                                "This model's maximum context length is 128 tokens."),
                        messageError(
                                "invalid_request_error",
                                "prompt is too long: 300 tokens > 128 maximum"));
        try (Rig rig = Rig.of(way.pair(), script)) {
            Problem problem = way.fail(rig, QUESTION);

            assertThat(problem.exception()).isEqualTo("BadRequestException");
            switch (way.pair().client()) {
                case OPENAI -> assertThat(problem.code()).isEqualTo("context_length_exceeded");
                case ANTHROPIC -> assertThat(problem.message()).contains("prompt is too long");
            }
        }
    }

    /** The gateway's own key was refused: that is not the client's key. */
    @InAllWays
    @Tag("R55")
    @Tag("R56")
    void refusedCredentialsOfTheGateway(Way way) {
        String words = "Incorrect API key provided: upstream-key.";
        for (int status : new int[] {401, 403}) {
            Script script =
                    error(
                            way.pair(),
                            status,
                            chatError("invalid_request_error", "invalid_api_key", words),
                            messageError("authentication_error", words));
            try (Rig rig = Rig.of(way.pair(), script)) {
                Problem problem = way.fail(rig, QUESTION);

                assertThat(problem.exception()).isEqualTo("InternalServerException");
                assertThat(problem.status()).isEqualTo(502);
                assertThat(problem.message()).contains("upstream");
                assertThat(problem.all()).doesNotContain("upstream-key");
            }
        }
    }

    @InAllWays
    @Tag("R55")
    @Tag("R56")
    void noSuchModelAtTheUpstream(Way way) {
        Script script =
                error(
                        way.pair(),
                        404,
                        chatError("invalid_request_error", "model_not_found", "no such model"),
                        messageError("not_found_error", "model: gpt-9"));
        throwsThis(
                way, script, 404, "NotFoundException", "invalid_request_error", "not_found_error");
    }

    @InAllWays
    @Tag("R55")
    void noSuchModelInTheGateway(Way way) {
        try (Rig rig = Rig.of(way.pair(), Script.status(500))) {
            Problem problem = way.fail(rig, QUESTION.withModel("no-such-model"));

            assertThat(problem.exception()).isEqualTo("NotFoundException");
            assertThat(problem.requestId()).isPresent();
            assertThat(rig.upstream().requests(way.pair().upstream().path())).isEmpty();
        }
    }

    @InAllWays
    @Tag("R55")
    @Tag("R56")
    void tooManyRequests(Way way) {
        Script script =
                Script.tooManyRequests(
                        Duration.ofSeconds(7),
                        way.pair()
                                .forUpstream(
                                        chatError("requests", "rate_limit_exceeded", "slow down"),
                                        Json.utf8(
                                                Goldens.bytes(
                                                        "anthropic/error-429.response.json"))));
        try (Rig rig = Rig.of(way.pair(), script)) {
            Problem problem = way.fail(rig, QUESTION);

            assertThat(problem.exception()).isEqualTo("RateLimitException");
            assertThat(problem.status()).isEqualTo(429);
            assertThat(problem.type())
                    .isEqualTo(way.pair().forClient("requests", "rate_limit_error"));
            assertThat(problem.retryAfter()).contains("7");
        }
    }

    @InAllWays
    @Tag("R55")
    @Tag("R56")
    void failingUpstream(Way way) {
        throwsThis(
                way,
                error(
                        way.pair(),
                        500,
                        chatError("server_error", "", "The server had an error."),
                        messageError("api_error", "Internal server error")),
                502,
                "InternalServerException",
                "server_error",
                "api_error");
    }

    @InAllWays
    @Tag("R55")
    @Tag("R56")
    void overloadedUpstream(Way way) {
        throwsThis(
                way,
                error(
                        way.pair(),
                        way.pair().forUpstream(503, 529),
                        chatError("server_error", "overloaded", "Overloaded"),
                        messageError("overloaded_error", "Overloaded")),
                way.pair().forClient(503, 529),
                way.pair().forClient("InternalServerException", "OverloadedException"),
                "server_error",
                "overloaded_error");
    }

    @InAllWays
    @Tag("R54")
    @Tag("R55")
    @Tag("R56")
    void brokenUpstreams(Way way) {
        Script[] broken = {
            Script.html(502),
            Script.html(200),
            Script.body(500, "application/json", new byte[0]),
            Script.json(500, "{\"error\":{\"mess"),
            Script.json(500, "[1,2"),
            Script.json(200, "{\"id\":"),
            Script.json(200, "{}"),
            Script.resetAtOnce(),
            Script.closeAtOnce(),
            Script.stream().sendHead().close(),
            Script.stream(new byte[0]),
            Script.stream().send("data: {]\n\n"),
            Script.stream().send(": nothing but a comment\n\n"),
        };
        try (Rig rig = Rig.of(way.pair(), Script.silent())) {
            for (Script script : broken) {
                rig.answering(_ -> script);
                throwsThis(way, rig, 502, "InternalServerException", "server_error", "api_error");
            }
        }
    }

    @InAllWays
    @Tag("R55")
    void nobodyThere(Way way) {
        try (Rig rig = Rig.of(way.pair(), Script.status(200))) {
            rig.upstream().close();
            Problem problem = way.fail(rig, QUESTION);

            assertThat(problem.exception()).isEqualTo("InternalServerException");
            assertThat(problem.status()).isEqualTo(502);
        }
    }

    /** The other vendor's upstream fails after its first sign of life, and the next one answers. */
    @InAllWays
    @Tag("R56")
    void anotherUpstreamAnswers(Way way) {
        Pair pair = way.pair();
        ChatEvents chat = ChatEvents.of("chatcmpl-f", "gpt-5-mini");
        AnthropicEvents message = AnthropicEvents.of("msg_f", "claude-sonnet-4-5");
        Vendor other = pair.forUpstream(Vendor.ANTHROPIC, Vendor.OPENAI);
        try (FakeUpstream failing = FakeUpstream.start();
                Rig rig =
                        Rig.of(pair, Rig.NO_KEY, setup -> Rig.add(setup, other, failing))
                                .answering(Story.of(pair, "01"))) {
            failing.otherwise(
                    Script.stream()
                            .send(
                                    pair.forUpstream(
                                            message.start(9) + message.error("api_error", "no"),
                                            chat.role() + chat.error("server_error", "no"))));
            assertThat(way.ask(rig, QUESTION).text()).startsWith("The capital of France");
            assertThat(failing.requests()).hasSize(1);
        }
    }

    @InAllWays
    @Tag("R55")
    @Tag("R60")
    void silentUpstream(Way way) {
        Timeouts impatient =
                new Timeouts(
                        Duration.ofSeconds(5),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20));
        try (Rig rig =
                Rig.of(way.pair(), Rig.NO_KEY, setup -> setup.timeouts(impatient))
                        .answering(_ -> Script.silent())) {
            Problem problem = way.fail(rig, QUESTION);

            assertThat(problem.status()).isEqualTo(504);
            assertThat(problem.exception())
                    .isEqualTo(
                            way.pair()
                                    .forClient(
                                            "InternalServerException", "GatewayTimeoutException"));
            assertThat(problem.type())
                    .isEqualTo(way.pair().forClient("server_error", "timeout_error"));
        }
    }

    /** A role or a message_start is not yet an answer: the status can still tell the truth. */
    @InAllPairs
    @Tag("R56")
    void errorAfterTheStartOfTheStreamAndBeforeContent(Pair pair) {
        ChatEvents chat = ChatEvents.of("chatcmpl-e", "gpt-5-mini");
        AnthropicEvents message = AnthropicEvents.of("msg_e", "claude-sonnet-4-5");
        Script script =
                Script.stream()
                        .send(
                                pair.forUpstream(
                                        chat.role() + chat.error("server_error", "It broke."),
                                        message.start(9)
                                                + message.ping()
                                                + message.error("api_error", "It broke.")));
        try (Rig rig = Rig.of(pair, script)) {
            Problem problem = rig.sdk().fail(QUESTION, true);

            assertThat(problem.status()).isEqualTo(502);
            assertThat(problem.exception()).isEqualTo("InternalServerException");
            assertThat(problem.message()).contains("It broke.");
        }
    }

    /** The libraries try again by themselves where it can help, and are told where it cannot. */
    @InAllWays
    void isTriedAgainOnlyWhereItCanHelp(Way way) {
        Pair pair = way.pair();
        Story story = Story.of(pair, "01");
        Script busy =
                Script.tooManyRequests(
                        Duration.ofSeconds(1),
                        pair.forUpstream(
                                chatError("requests", "rate_limit_exceeded", "slow down"),
                                messageError("rate_limit_error", "slow down")));
        Script refused =
                error(
                        pair,
                        401,
                        chatError("invalid_request_error", "invalid_api_key", "wrong"),
                        messageError("authentication_error", "wrong"));
        Script poor =
                error(
                        pair,
                        pair.forUpstream(429, 402),
                        chatError("insufficient_quota", "insufficient_quota", "pay"),
                        messageError("billing_error", "pay"));
        try (Rig rig =
                        Rig.of(
                                pair,
                                request -> request.attempt() == 1 ? busy : story.apply(request));
                Sdk retrying = pair.client().retryingSdk(rig.gateway().uri())) {
            assertThat(retrying.ask(QUESTION, way.streamed()).text()).startsWith("The capital");
            assertThat(rig.upstream().requests(pair.upstream().path())).hasSize(2);
        }
        for (Script hopeless : new Script[] {refused, poor}) {
            try (Rig rig = Rig.of(pair, hopeless);
                    Sdk retrying = pair.client().retryingSdk(rig.gateway().uri())) {
                retrying.fail(QUESTION, way.streamed());
                assertThat(rig.upstream().requests(pair.upstream().path())).hasSize(1);
            }
        }
    }

    /**
     * The gateway has tried as often as it may; that the client begins anew would multiply the
     * load.
     */
    @InAllWays
    void isNotTriedAgainWhenTheGatewayHasAlready(Way way) {
        Pair pair = way.pair();
        Script busy =
                error(
                        pair,
                        500,
                        chatError("server_error", "", "It broke."),
                        messageError("api_error", "It broke."));
        try (Rig rig = Rig.of(pair, Rig.NO_KEY, setup -> setup.retries(1)).answering(_ -> busy);
                Sdk retrying = pair.client().retryingSdk(rig.gateway().uri())) {
            Problem problem = retrying.fail(QUESTION, way.streamed());

            assertThat(problem.status()).isEqualTo(502);
            assertThat(rig.upstream().requests(pair.upstream().path())).hasSize(2);
        }
    }
}
