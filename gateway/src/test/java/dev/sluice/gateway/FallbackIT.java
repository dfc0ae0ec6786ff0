package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.gateway.exchange.Timeouts;
import dev.sluice.testkit.Ports;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Who is asked after a failure, when, and how long anybody may take. */
class FallbackIT {
    private static final Duration WAIT = Duration.ofSeconds(10);

    /** Long enough never to be met. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private static final Duration SHORT = Duration.ofMillis(150);

    /** What goes wrong before there is content. */
    enum Trouble {
        A_SERVER_ERROR {
            @Override
            Script script(Tongue upstream) {
                return Script.json(500, upstream.error("api_error", "it broke"));
            }
        },
        TOO_MANY_REQUESTS {
            @Override
            Script script(Tongue upstream) {
                return Script.tooManyRequests(
                        Duration.ofSeconds(60), upstream.error("rate_limit_error", "slow down"));
            }
        },
        NO_SUCH_MODEL {
            @Override
            Script script(Tongue upstream) {
                return Script.json(404, upstream.error("not_found_error", "no such model"));
            }
        },
        A_REFUSED_KEY {
            @Override
            Script script(Tongue upstream) {
                return Script.json(401, upstream.error("authentication_error", "who are you"));
            }
        },
        AN_ERROR_AFTER_THE_PREAMBLE {
            @Override
            Script script(Tongue upstream) {
                return upstream.head().send(upstream.failing("overloaded_error", "busy"));
            }
        },
        AN_END_AFTER_THE_PREAMBLE {
            @Override
            Script script(Tongue upstream) {
                return upstream.head().send(upstream.preamble());
            }
        },
        A_CLOSE_AFTER_THE_PREAMBLE {
            @Override
            Script script(Tongue upstream) {
                return upstream.head().send(upstream.preamble()).close();
            }
        },
        A_RESET {
            @Override
            Script script(Tongue upstream) {
                return Script.resetAtOnce();
            }
        },
        A_WEB_PAGE {
            @Override
            Script script(Tongue upstream) {
                return Script.html(200);
            }
        },
        NO_DIALECT_AT_ALL {
            @Override
            Script script(Tongue upstream) {
                return upstream.head().send("data: {]\n\n");
            }
        },
        SILENCE {
            @Override
            Script script(Tongue upstream) {
                return Script.silent();
            }
        },
        SILENCE_AFTER_THE_PREAMBLE {
            @Override
            Script script(Tongue upstream) {
                return upstream.head().send(upstream.preamble()).hold();
            }
        },
        ONLY_PINGS {
            @Override
            Script script(Tongue upstream) {
                return upstream.head()
                        .send(upstream.preamble())
                        .endlessFrames(Duration.ofMillis(20), _ -> upstream.ping());
            }
        };

        abstract Script script(Tongue upstream);

        /** What a client hears of it where nobody else can be asked. */
        FailureCode code(Tongue upstream) {
            return switch (this) {
                case TOO_MANY_REQUESTS -> FailureCode.RATE_LIMIT;
                case NO_SUCH_MODEL -> FailureCode.NOT_FOUND;
                case AN_ERROR_AFTER_THE_PREAMBLE ->
                        upstream.tellsOverload()
                                ? FailureCode.OVERLOADED
                                : FailureCode.UPSTREAM_ERROR;
                case SILENCE, SILENCE_AFTER_THE_PREAMBLE, ONLY_PINGS -> FailureCode.TIMEOUT;
                default -> FailureCode.UPSTREAM_BROKEN;
            };
        }
    }

    static Stream<Arguments> troubles() {
        return Pair.some()
                .flatMap(
                        pair ->
                                Stream.of(Trouble.values())
                                        .map(trouble -> Arguments.of(pair, trouble)));
    }

    /** The second upstream speaks the other dialect, so that a client of either meets both. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("troubles")
    @Tag("R56")
    void theNextUpstreamAnswersWhenTheFirstHasNoContent(Pair pair, Trouble trouble) {
        Tongue second = pair.upstream() == Tongue.CHAT ? Tongue.MESSAGES : Tongue.CHAT;
        try (FakeUpstream broken = FakeUpstream.start();
                FakeUpstream fine = FakeUpstream.start()) {
            broken.otherwise(trouble.script(pair.upstream()));
            fine.otherwise(request -> second.answer(request, "from the second"));
            TestGateway.Setup setup =
                    TestGateway.setup().timeouts(new Timeouts(LONG, SHORT, LONG, LONG));
            pair.upstream().upstream(setup, broken.uri());
            second.upstream(setup.timeouts(Timeouts.DEFAULT), fine.uri());
            try (TestGateway gateway = setup.start();
                    RawClient client = RawClient.connect(gateway.port())) {
                RawResponse response = client.exchange(pair.client().request());
                assertThat(response.status()).isEqualTo(200);
                FoldedAnswer answer = pair.client().judge(response.body());
                assertThat(answer.isComplete()).isTrue();
                assertThat(answer.text()).isEqualTo("from the second");
                ExchangeRecord record = gateway.nextRecord();
                assertThat(record.attempts()).isEqualTo(2);
                assertThat(record.upstream()).startsWith("up2/");
                assertThat(broken.requests()).hasSize(1);

                RawResponse unstreamed = client.exchange(pair.client().request(false));
                assertThat(unstreamed.status()).isEqualTo(200);
                assertThat(pair.client().textOf(unstreamed.json())).isEqualTo("from the second");
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("troubles")
    @Tag("R56")
    void withoutAnotherUpstreamItIsATrueStatus(Pair pair, Trouble trouble) {
        try (FakeUpstream broken = FakeUpstream.start();
                TestGateway gateway =
                        pair.upstream()
                                .upstream(
                                        TestGateway.setup()
                                                .timeouts(new Timeouts(LONG, SHORT, LONG, LONG)),
                                        broken.uri())
                                .start();
                RawClient client = RawClient.connect(gateway.port())) {
            broken.otherwise(trouble.script(pair.upstream()));
            RawResponse response = client.exchange(pair.client().request());
            FailureCode code = trouble.code(pair.upstream());
            assertThat(response.status()).isEqualTo(pair.client().status(code));
            if (code == FailureCode.RATE_LIMIT) {
                assertThat(response.header("retry-after")).contains("60");
            }
            pair.client().fault(response);
        }
    }

    static Stream<Pair> pairs() {
        return Pair.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    @Tag("R60")
    void afterContentNobodyElseIsAsked(Pair pair) {
        try (FakeUpstream broken = FakeUpstream.start();
                FakeUpstream fine = FakeUpstream.start()) {
            Tongue up = pair.upstream();
            broken.otherwise(up.head().send(up.begun("one")).close());
            fine.otherwise(request -> up.answer(request, "from the second"));
            TestGateway.Setup setup = TestGateway.setup().retries(3);
            up.upstream(setup, broken.uri());
            up.upstream(setup, fine.uri());
            try (TestGateway gateway = setup.start();
                    RawClient client = RawClient.connect(gateway.port())) {
                FoldedAnswer answer =
                        pair.client().judge(client.exchange(pair.client().request()).body());
                assertThat(answer.text()).isEqualTo("one");
                assertThat(answer.error()).isPresent();
                assertThat(gateway.nextRecord().attempts()).isEqualTo(1);
                assertThat(broken.requests()).hasSize(1);
                assertThat(fine.requests()).isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    @Tag("R56")
    void theClientsOwnMistakeIsToldAndNotTriedElsewhere(Pair pair) {
        try (FakeUpstream strict = FakeUpstream.start();
                FakeUpstream fine = FakeUpstream.start()) {
            Tongue up = pair.upstream();
            strict.otherwise(
                    Script.json(400, up.error("invalid_request_error", "temperature: too hot")));
            fine.otherwise(request -> up.answer(request, "from the second"));
            TestGateway.Setup setup = TestGateway.setup().retries(3);
            up.upstream(setup, strict.uri());
            up.upstream(setup, fine.uri());
            try (TestGateway gateway = setup.start();
                    RawClient client = RawClient.connect(gateway.port())) {
                RawResponse response = client.exchange(pair.client().request());
                assertThat(response.status()).isEqualTo(400);
                Tongue.Fault fault = pair.client().fault(response);
                assertThat(fault.type()).isEqualTo(pair.client().type(FailureCode.INVALID_REQUEST));
                assertThat(fault.message()).contains("temperature: too hot");
                assertThat(fine.requests()).isEmpty();
            }
        }
    }

    @Test
    @Tag("R56")
    void anUpstreamThatIsNotThereIsPassedOver() {
        try (FakeUpstream fine = FakeUpstream.start()) {
            fine.otherwise(request -> Tongue.CHAT.answer(request, "from the second"));
            try (TestGateway gateway =
                            TestGateway.setup()
                                    .openai(URI.create("http://127.0.0.1:" + Ports.refusing()))
                                    .openai(fine.uri())
                                    .start();
                    RawClient client = RawClient.connect(gateway.port())) {
                FoldedAnswer answer =
                        Tongue.MESSAGES.judge(client.exchange(Tongue.MESSAGES.request()).body());
                assertThat(answer.text()).isEqualTo("from the second");
            }
        }
    }

    @Test
    @Tag("R59")
    void keepalivesDoNotKeepAnotherUpstreamFromBeingAsked() {
        try (FakeUpstream silent = FakeUpstream.start();
                FakeUpstream fine = FakeUpstream.start()) {
            silent.otherwise(Trouble.SILENCE_AFTER_THE_PREAMBLE.script(Tongue.CHAT));
            fine.otherwise(request -> Tongue.CHAT.answer(request, "from the second"));
            for (Tongue tongue : Tongue.values()) {
                try (TestGateway gateway =
                                TestGateway.setup()
                                        .config(FallbackIT::keepaliveOf20Millis)
                                        .timeouts(new Timeouts(LONG, SHORT, LONG, LONG))
                                        .openai(silent.uri())
                                        .timeouts(Timeouts.DEFAULT)
                                        .openai(fine.uri())
                                        .start();
                        RawClient client = RawClient.connect(gateway.port())) {
                    FoldedAnswer answer = tongue.judge(client.exchange(tongue.request()).body());
                    assertThat(answer.isComplete()).isTrue();
                    assertThat(answer.text()).isEqualTo("from the second");
                }
            }
        }
    }

    private static Config keepaliveOf20Millis(Config config) {
        return config.toBuilder().keepalive(Duration.ofMillis(20)).build();
    }

    // ---- limits of time ----

    @ParameterizedTest
    @EnumSource(Tongue.class)
    @Tag("R60")
    void aConnectionMayTakeSoLong(Tongue tongue) {
        try (Ports.BlackHole nobody = Ports.unanswering();
                TestGateway gateway =
                        tongue.upstream(
                                        TestGateway.setup()
                                                .timeouts(new Timeouts(SHORT, LONG, LONG, LONG)),
                                        URI.create("http://127.0.0.1:" + nobody.port()))
                                .start();
                RawClient client = RawClient.connect(gateway.port())) {
            RawResponse response = client.exchange(tongue.request());
            assertThat(response.status())
                    .isEqualTo(tongue.status(FailureCode.UPSTREAM_UNREACHABLE));
            assertThat(tongue.fault(response).message()).contains("timeouts.connect");
            assertThat(gateway.nextRecord().failure())
                    .get()
                    .extracting(f -> f.code())
                    .isEqualTo(FailureCode.UPSTREAM_UNREACHABLE);
        }
    }

    /**
     * An upstream that is too slow in one way, and the limits that let it be slow in all others.
     */
    record Slow(String name, Timeouts timeouts, Function<Tongue, Script> script) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Script talkative(Tongue upstream) {
        Speech speech = upstream.speech();
        return upstream.head()
                .send(speech.preamble())
                .endlessFrames(Duration.ofMillis(10), i -> speech.text("t" + i));
    }

    static Stream<Arguments> slow() {
        return Pair.some()
                .flatMap(
                        pair ->
                                Stream.of(
                                                new Slow(
                                                        "first token, no head",
                                                        new Timeouts(LONG, SHORT, LONG, LONG),
                                                        _ -> Script.silent()),
                                                new Slow(
                                                        "total, no head",
                                                        new Timeouts(LONG, LONG, LONG, SHORT),
                                                        _ -> Script.silent()),
                                                new Slow(
                                                        "between tokens",
                                                        new Timeouts(LONG, LONG, SHORT, LONG),
                                                        up ->
                                                                up.head()
                                                                        .send(up.begun("one"))
                                                                        .hold()),
                                                new Slow(
                                                        "between tokens, with pings",
                                                        new Timeouts(LONG, LONG, SHORT, LONG),
                                                        up ->
                                                                up.head()
                                                                        .send(up.begun("one"))
                                                                        .endlessFrames(
                                                                                Duration.ofMillis(
                                                                                        10),
                                                                                _ -> up.ping())),
                                                new Slow(
                                                        "total, with tokens",
                                                        new Timeouts(
                                                                LONG,
                                                                LONG,
                                                                LONG,
                                                                Duration.ofMillis(400)),
                                                        FallbackIT::talkative))
                                        .map(slow -> Arguments.of(pair, slow)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("slow")
    @Tag("R60")
    @Tag("R59")
    void everyLimitOfTimeIsHeld(Pair pair, Slow slow) {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway =
                        pair.upstream()
                                .upstream(
                                        TestGateway.setup().timeouts(slow.timeouts()),
                                        upstream.uri())
                                .start()) {
            upstream.otherwise(slow.script().apply(pair.upstream()));
            boolean hasContent = !slow.name().contains("no head");
            try (RawClient client = RawClient.connect(gateway.port())) {
                RawResponse response = client.exchange(pair.client().request());
                if (hasContent) {
                    FoldedAnswer answer = pair.client().judge(response.body());
                    assertThat(answer.error()).isPresent();
                    assertThat(answer.text()).isNotEmpty();
                } else {
                    assertThat(response.status())
                            .isEqualTo(pair.client().status(FailureCode.TIMEOUT));
                    pair.client().fault(response);
                }
                assertTimeout(gateway.nextRecord());
                upstream.request().awaitPeerClose(WAIT);
            }
            upstream.forgetRequests();
            if (hasContent && pair.isRelay()) {
                // An unstreamed answer has no tokens between which something could be slow.
                return;
            }
            try (RawClient client = RawClient.connect(gateway.port())) {
                RawResponse response = client.exchange(pair.client().request(false));
                assertThat(response.status()).isEqualTo(pair.client().status(FailureCode.TIMEOUT));
                pair.client().fault(response);
                assertTimeout(gateway.nextRecord());
                upstream.request().awaitPeerClose(WAIT);
            }
        }
    }

    private static void assertTimeout(ExchangeRecord record) {
        assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(record.failure()).get().extracting(f -> f.code()).isEqualTo(FailureCode.TIMEOUT);
    }

    /** Each candidate is held to its own limits, also when the first one's were longer. */
    @Test
    @Tag("R60")
    void theSecondUpstreamIsHeldToItsOwnLimits() {
        try (FakeUpstream broken = FakeUpstream.start();
                FakeUpstream silent = FakeUpstream.start()) {
            broken.otherwise(Script.json(500, "{}"));
            silent.otherwise(Script.silent());
            try (TestGateway gateway =
                            TestGateway.setup()
                                    .timeouts(new Timeouts(LONG, LONG, LONG, LONG))
                                    .openai(broken.uri())
                                    .timeouts(new Timeouts(LONG, SHORT, LONG, LONG))
                                    .openai(silent.uri())
                                    .start();
                    RawClient client = RawClient.connect(gateway.port())) {
                assertThat(client.post("/v1/messages", Tongue.MESSAGES.ask(false)).status())
                        .isEqualTo(504);
            }
        }
    }

    // ---- tries ----

    private static TestGateway retrying(FakeUpstream upstream, int retries) {
        return TestGateway.setup().retries(retries).openai(upstream.uri()).start();
    }

    private static Script refusal(String... headers) {
        Script script = Script.status(429).header("content-type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            script = script.header(headers[i], headers[i + 1]);
        }
        String body = Tongue.CHAT.error("requests", "slow down");
        return script.length(body.length()).send(body);
    }

    @Test
    @Tag("R14")
    void aFailureThatMayPassIsTriedAgainWithTheSameBytes() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = retrying(upstream, 2);
                RawClient client = RawClient.connect(gateway.port())) {
            for (Tongue tongue : Tongue.values()) {
                upstream.forgetRequests();
                upstream.on(
                        "/v1/chat/completions",
                        Script.json(500, "{}"),
                        Script.resetAtOnce(),
                        Tongue.CHAT.head().send(Tongue.CHAT.stream("third time")));
                FoldedAnswer answer = tongue.judge(client.exchange(tongue.request()).body());
                assertThat(answer.text()).isEqualTo("third time");
                byte[] first = upstream.request(1).body();
                assertThat(upstream.request(2).body()).isEqualTo(first);
                assertThat(upstream.request(3).body()).isEqualTo(first);
                assertThat(upstream.request(3).headers().toString())
                        .isEqualTo(upstream.request(1).headers().toString());
                assertThat(gateway.nextRecord().attempts()).isEqualTo(3);
            }
        }
    }

    @Test
    @Tag("R14")
    void theSecondUpstreamGetsWhatItWouldHaveGotAlone() {
        try (FakeUpstream broken = FakeUpstream.start();
                FakeUpstream fine = FakeUpstream.start()) {
            broken.otherwise(Script.json(500, "{}"));
            fine.otherwise(request -> Tongue.CHAT.answer(request, "fine"));
            byte[] fresh;
            try (TestGateway gateway = TestGateway.setup().openai(fine.uri()).start();
                    RawClient client = RawClient.connect(gateway.port())) {
                client.exchange(Tongue.MESSAGES.request()).body();
                fresh = fine.request().body();
            }
            fine.forgetRequests();
            try (TestGateway gateway =
                            TestGateway.setup().anthropic(broken.uri()).openai(fine.uri()).start();
                    RawClient client = RawClient.connect(gateway.port())) {
                client.exchange(Tongue.MESSAGES.request()).body();
                assertThat(fine.request().body()).isEqualTo(fresh);
            }
        }
    }

    @Test
    void anUpstreamIsAskedAgainWhenItSaidSo() {
        for (List<String> asked :
                List.of(List.of("retry-after-ms", "300"), List.of("retry-after", "1"))) {
            try (FakeUpstream upstream = FakeUpstream.start();
                    TestGateway gateway = retrying(upstream, 1);
                    RawClient client = RawClient.connect(gateway.port())) {
                upstream.on(
                        "/v1/chat/completions",
                        refusal(asked.get(0), asked.get(1)),
                        Tongue.CHAT.head().send(Tongue.CHAT.stream("fine")));
                assertThat(client.exchange(Tongue.CHAT.request()).status()).isEqualTo(200);
                UpstreamRequest first = upstream.request(1);
                UpstreamRequest second = upstream.request(2);
                long waited = (second.arrivedNanos() - first.arrivedNanos()) / 1_000_000;
                long wanted = asked.get(1).equals("1") ? 1000 : 300;
                assertThat(waited).isBetween(wanted - 2, wanted + 2000);
            }
        }
    }

    @Test
    void aWaitThatIsTooLongIsLeftToTheClient() {
        for (Tongue tongue : Tongue.values()) {
            try (FakeUpstream upstream = FakeUpstream.start();
                    TestGateway gateway = retrying(upstream, 3);
                    RawClient client = RawClient.connect(gateway.port())) {
                upstream.otherwise(refusal("retry-after", "30"));
                RawResponse response = client.exchange(tongue.request());
                assertThat(response.status()).isEqualTo(429);
                assertThat(response.header("retry-after")).contains("30");
                assertThat(response.header("x-should-retry")).isEmpty();
                assertThat(upstream.requests("/v1/chat/completions")).hasSize(1);
            }
        }
    }

    @Test
    void afterOurOwnTriesTheClientIsToldNotToTryAtOnce() {
        for (Tongue tongue : Tongue.values()) {
            try (FakeUpstream upstream = FakeUpstream.start();
                    TestGateway gateway = retrying(upstream, 2);
                    RawClient client = RawClient.connect(gateway.port())) {
                upstream.otherwise(Script.json(500, "{}"));
                RawResponse response = client.exchange(tongue.request());
                assertThat(response.status()).isEqualTo(tongue.status(FailureCode.UPSTREAM_ERROR));
                assertThat(response.header("x-should-retry")).contains("false");
                assertThat(upstream.requests("/v1/chat/completions")).hasSize(3);
            }
        }
    }

    @Test
    void anUpstreamThatForbidsAnotherTryIsNotAskedAgain() {
        for (Tongue tongue : Tongue.values()) {
            try (FakeUpstream upstream = FakeUpstream.start();
                    TestGateway gateway = retrying(upstream, 3);
                    RawClient client = RawClient.connect(gateway.port())) {
                upstream.otherwise(refusal("retry-after-ms", "10", "x-should-retry", "false"));
                RawResponse response = client.exchange(tongue.request());
                assertThat(response.status()).isEqualTo(429);
                assertThat(response.header("x-should-retry")).contains("false");
                assertThat(upstream.requests("/v1/chat/completions")).hasSize(1);
            }
        }
    }

    @Test
    void aFailureThatWillNotPassIsNotTriedAgain() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = retrying(upstream, 3);
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.json(400, Tongue.CHAT.error("invalid_request_error", "no")));
            assertThat(client.exchange(Tongue.CHAT.request()).status()).isEqualTo(400);
            assertThat(upstream.requests("/v1/chat/completions")).hasSize(1);
        }
    }

    /** Keepalives go on while the gateway waits for another try. */
    @Test
    @Tag("R59")
    void theClientHearsSignsOfLifeWhileTheNextTryIsWaitedFor() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway =
                        TestGateway.setup()
                                .config(FallbackIT::keepaliveOf20Millis)
                                .retries(1)
                                .openai(upstream.uri())
                                .start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.on(
                    "/v1/chat/completions",
                    refusal("retry-after-ms", "300"),
                    Tongue.CHAT.head().send(Tongue.CHAT.stream("fine")));
            var events = client.exchange(Tongue.CHAT.request()).events();
            events.awaitComments(3);
            assertThat(upstream.requests("/v1/chat/completions")).hasSize(1);
            assertThat(OpenAiChatStreamValidator.expectingUsage().validate(events.rest()).text())
                    .isEqualTo("fine");
        }
    }
}
