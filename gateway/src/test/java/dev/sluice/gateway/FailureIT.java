package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.StopReason;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.gateway.config.Limits;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Heap;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.FoldedAnswer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** How answers end that do not end well: what the client is told, and who is asked next. */
class FailureIT {
    private static final Duration WAIT = Duration.ofSeconds(10);

    /** Bytes that the kernels of both ends may hold of one connection, where they may hold many. */
    private static final int IN_KERNELS = 64 << 20;

    /** About so many places of a stream are tried; dialects that say everything twice are long. */
    private static final int CUTS = 40;

    private static Rigs rigs;

    @BeforeAll
    static void start() {
        rigs = Rigs.start();
    }

    @AfterAll
    static void stop() {
        rigs.close();
    }

    @BeforeEach
    void forget() {
        rigs.forget();
    }

    static Stream<Pair> pairs() {
        return Pair.all();
    }

    // ---- ends ----

    /** How an upstream breaks off. */
    enum Cut {
        /** The body ends as its framing says. */
        END_OF_BODY {
            @Override
            Script after(Script sent) {
                return sent;
            }
        },
        /** The connection ends in the middle of the body. */
        FIN {
            @Override
            Script after(Script sent) {
                return sent.close();
            }
        },
        RST {
            @Override
            Script after(Script sent) {
                return sent.reset();
            }
        };

        abstract Script after(Script sent);
    }

    static Stream<Arguments> cuts() {
        return Pair.all()
                .flatMap(pair -> Stream.of(Cut.values()).map(cut -> Arguments.of(pair, cut)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cuts")
    @Tag("R50")
    void aStreamThatIsCutNeverPassesForWhole(Pair pair, Cut cut) {
        Rig rig = rigs.of(pair.upstream());
        Tongue up = pair.upstream();
        byte[] bytes = up.stream("first", "second");
        int told = up.told("first", "second");
        // No divisor of anything, so that the cuts fall on every part of an event.
        int step = Math.max(11, bytes.length / CUTS | 1);
        for (int at = 0; at < bytes.length; at += step) {
            rig.upstream()
                    .otherwise(cut.after(up.head().sendHead().send(Arrays.copyOf(bytes, at))));
            try (RawClient client = rig.connect()) {
                RawResponse response = client.exchange(pair.client().request());
                boolean well = endsWell(pair, response, at >= told);
                assertThat(well && at < told).as("cut at %d, a clean stop", at).isFalse();
                ExchangeRecord record = rig.gateway().nextRecord();
                assertThat(record.outcome())
                        .as("cut at %d", at)
                        .isEqualTo(well ? Outcome.COMPLETE : Outcome.FAILED);
                if (!well) {
                    assertThat(record.failure())
                            .get()
                            .extracting(f -> f.code())
                            .isEqualTo(FailureCode.UPSTREAM_BROKEN);
                }
            }
        }
        assertThat(rig.gateway().inFlight()).isZero();
    }

    /**
     * Whether the client got a whole answer; if not it was told so in its dialect. Nobody can tell
     * a usage that was cut off.
     */
    private static boolean endsWell(Pair pair, RawResponse response, boolean usageMayMiss) {
        Tongue client = pair.client();
        if (response.status() != 200) {
            assertThat(response.status()).isEqualTo(client.status(FailureCode.UPSTREAM_BROKEN));
            client.fault(response);
            return false;
        }
        FoldedAnswer answer =
                usageMayMiss ? client.fold(response.body()) : client.judge(response.body());
        assertThat(answer.error().isPresent()).isNotEqualTo(answer.isComplete());
        return answer.isComplete();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    @Tag("R50")
    void anUnstreamedAnswerThatIsCutIsAnError(Pair pair) {
        Rig rig = rigs.of(pair.upstream());
        rig.upstream()
                .otherwise(
                        request -> {
                            Tongue up = pair.upstream();
                            boolean streamed = up.isAskedToStream(request);
                            byte[] whole =
                                    streamed ? up.stream("first") : Speech.utf8(up.whole("first"));
                            Script head =
                                    streamed
                                            ? up.head()
                                            : Script.status(200)
                                                    .header("content-type", "application/json");
                            return head.length(whole.length)
                                    .send(Arrays.copyOf(whole, whole.length / 2))
                                    .close();
                        });
        try (RawClient client = rig.connect()) {
            RawResponse response = client.exchange(pair.client().request(false));
            assertThat(response.status())
                    .isEqualTo(pair.client().status(FailureCode.UPSTREAM_BROKEN));
            pair.client().fault(response);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    @Tag("R30")
    @Tag("R51")
    void failedIncompleteAndCancelledDiffer(Pair pair) {
        Rig rig = rigs.of(pair.upstream());
        Tongue up = pair.upstream();
        rig.upstream().otherwise(up.head().send(up.cutShort("one")));
        try (RawClient client = rig.connect()) {
            FoldedAnswer cut = pair.client().judge(client.exchange(pair.client().request()).body());
            assertThat(cut.isComplete()).isTrue();
            assertThat(cut.stopReason()).contains(pair.client().lengthWord());
            ExchangeRecord record = rig.gateway().nextRecord();
            assertThat(record.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(record.stopReason()).contains(StopReason.MAX_TOKENS);
            assertThat(record.usage().output()).isEqualTo(5);
        }
        rig.upstream().otherwise(up.head().send(up.failing("api_error", "it broke", "one")));
        try (RawClient client = rig.connect()) {
            FoldedAnswer failed =
                    pair.client().judge(client.exchange(pair.client().request()).body());
            assertThat(failed.isComplete()).isFalse();
            // The one dialect whose failed answers have a status like all others.
            assertThat(failed.stopReason().orElse("failed")).isEqualTo("failed");
            assertThat(failed.error()).isPresent();
            assertThat(rig.gateway().nextRecord().outcome()).isEqualTo(Outcome.FAILED);
        }
        rig.upstream().otherwise(up.head().send(up.begun("one")).hold());
        try (RawClient client = rig.connect()) {
            pair.client().awaitText(client.exchange(pair.client().request()).events(), "one");
        }
        assertThat(rig.gateway().nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    @Tag("R52")
    void anErrorAfterContentIsToldInTheStream(Pair pair) {
        Rig rig = rigs.of(pair.upstream());
        Tongue up = pair.upstream();
        rig.upstream()
                .otherwise(
                        up.head()
                                .send(up.failing("overloaded_error", "too much to do", "one"))
                                .send(up.speech().end()));
        try (RawClient client = rig.connect()) {
            byte[] body = client.exchange(pair.client().request()).body();
            FoldedAnswer answer = pair.client().judge(body);
            assertThat(answer.text()).isEqualTo("one");
            assertThat(answer.isComplete()).isFalse();
            List<SseEvent> events = pair.client().events(body);
            assertThat(events.stream().noneMatch(SseEvent::isDone)).isTrue();
            assertThat(pair.client().failureIn(events.getLast())).hasValue("too much to do");
            ExchangeRecord record = rig.gateway().nextRecord();
            assertThat(record.failure())
                    .get()
                    .extracting(f -> f.code())
                    .isEqualTo(
                            up.tellsOverload()
                                    ? FailureCode.OVERLOADED
                                    : FailureCode.UPSTREAM_ERROR);
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Tongue.class)
    @Tag("R53")
    void doneIsSaidOnceToThoseWhoKnowIt(Tongue tongue) {
        Rig rig = rigs.of(Tongue.CHAT);
        String stream = new String(Tongue.CHAT.stream("one"), StandardCharsets.UTF_8);
        String done = "data: [DONE]\n\n";
        for (String sent : List.of(stream, stream.replace(done, ""), stream + done)) {
            rig.upstream().otherwise(Script.stream().send(sent));
            try (RawClient client = rig.connect()) {
                byte[] body = client.exchange(tongue.request()).body();
                assertThat(tongue.judge(body).isComplete()).isTrue();
                assertThat(Wire.count(body, "\\[DONE]")).isEqualTo(tongue == Tongue.CHAT ? 1 : 0);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(value = Tongue.class, mode = EnumSource.Mode.EXCLUDE, names = "CHAT")
    @Tag("R53")
    void doneIsSaidOnceThoughTheUpstreamNeverSaysIt(Tongue upstream) {
        Rig rig = rigs.of(upstream);
        rig.upstream().otherwise(upstream.head().send(upstream.stream("one")));
        try (RawClient client = rig.connect()) {
            String body = client.exchange(Tongue.CHAT.request()).text();
            assertThat(body.split("\\[DONE]", -1)).hasSize(2);
            assertThat(body).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    @Tag("R57")
    void aStopSequenceThatWasMetIsNamed() {
        Golden golden = Goldens.one("anthropic", "08");
        String sequence = golden.expected().path("stop_sequence").stringValue();
        Rig relay = rigs.of(Tongue.MESSAGES);
        relay.upstream().otherwise(Script.stream(golden.bytes()));
        try (RawClient client = relay.connect()) {
            FoldedAnswer answer =
                    Tongue.MESSAGES.judge(client.exchange(Tongue.MESSAGES.request()).body());
            assertThat(answer.stopReason()).contains("stop_sequence");
            assertThat(answer.stopSequence()).contains(sequence);
        }
        try (FakeUpstream vllm = FakeUpstream.start();
                TestGateway gateway =
                        TestGateway.setup()
                                .upstream("openai-chat", "vllm", URI.create(vllm.uri() + "/v1"))
                                .start();
                RawClient client = RawClient.connect(gateway.port())) {
            vllm.otherwise(
                    Script.stream()
                            .send(
                                    new String(Tongue.CHAT.stream("one"), StandardCharsets.UTF_8)
                                            .replace(
                                                    "\"finish_reason\":\"stop\"",
                                                    "\"finish_reason\":\"stop\",\"stop_reason\":\"END\"")));
            String ask =
                    Tongue.MESSAGES
                            .ask(true)
                            .replace(
                                    "\"stream\":true",
                                    "\"stream\":true,\"stop_sequences\":[\"END\"]");
            FoldedAnswer answer = Tongue.MESSAGES.judge(client.post("/v1/messages", ask).body());
            assertThat(answer.stopReason()).contains("stop_sequence");
            assertThat(answer.stopSequence()).contains("END");
        }
    }

    // ---- bodies of errors ----

    /** What an upstream says instead of its dialect's error. */
    enum Nonsense {
        HTML {
            @Override
            Script script(Tongue upstream) {
                return Script.html(502);
            }
        },
        EMPTY {
            @Override
            Script script(Tongue upstream) {
                return Script.body(500, "application/json", new byte[0]);
            }
        },
        TRUNCATED {
            @Override
            Script script(Tongue upstream) {
                return Script.status(500)
                        .header("content-type", "application/json")
                        .length(5000)
                        .send("{\"error\":{\"message\":\"half a sen")
                        .close();
            }
        },
        RESET {
            @Override
            Script script(Tongue upstream) {
                return Script.status(500)
                        .header("content-type", "application/json")
                        .length(5000)
                        .send("{\"error\":{\"message\":\"half a sen")
                        .reset();
            }
        },
        A_GIGABYTE {
            @Override
            Script script(Tongue upstream) {
                return Script.hugeBody(500, "application/json", 1L << 30);
            }
        },
        AN_ARRAY {
            @Override
            Script script(Tongue upstream) {
                return Script.json(500, "[[1,2,{\"error\":7}]]");
            }
        },
        A_NUMBER {
            @Override
            Script script(Tongue upstream) {
                return Script.json(500, "42");
            }
        },
        WRONG_TYPES {
            @Override
            Script script(Tongue upstream) {
                return Script.json(500, "{\"error\":[\"x\"],\"type\":7,\"message\":{\"a\":true}}");
            }
        },
        PLAIN_TEXT {
            @Override
            Script script(Tongue upstream) {
                return Script.body(
                        500, "text/plain", "upstream exploded".getBytes(StandardCharsets.UTF_8));
            }
        },
        NO_TEXT_AT_ALL {
            @Override
            Script script(Tongue upstream) {
                return Script.body(
                        500,
                        "image/png",
                        new byte[] {(byte) 0x89, 'P', 0, (byte) 0xff, (byte) 0xfe, '\r', '\n'});
            }
        },
        A_SUCCESS_IN_HTML {
            @Override
            Script script(Tongue upstream) {
                return Script.html(200);
            }
        },
        AN_EMPTY_SUCCESS {
            @Override
            Script script(Tongue upstream) {
                return upstream.head().send(new byte[0]);
            }
        },
        A_SUCCESS_OF_ANOTHER_KIND {
            @Override
            Script script(Tongue upstream) {
                return Script.body(200, "text/plain", "welcome".getBytes(StandardCharsets.UTF_8));
            }
        },
        NO_HTTP {
            @Override
            Script script(Tongue upstream) {
                return Script.raw("220 mail.example.com ESMTP\r\n\r\n").close();
            }
        },
        HALF_A_HEAD {
            @Override
            Script script(Tongue upstream) {
                return Script.raw("HTTP/1.1 200 OK\r\ncontent-type: text/event-str").close();
            }
        },
        A_HUGE_HEAD {
            @Override
            Script script(Tongue upstream) {
                return Script.hugeHead(100_000);
            }
        },
        NOTHING {
            @Override
            Script script(Tongue upstream) {
                return Script.closeAtOnce();
            }
        },
        THE_OTHER_DIALECTS_ERROR {
            @Override
            Script script(Tongue upstream) {
                Tongue other = upstream == Tongue.CHAT ? Tongue.MESSAGES : Tongue.CHAT;
                return Script.json(500, other.error("api_error", "wrong house"));
            }
        };

        abstract Script script(Tongue upstream);
    }

    static Stream<Arguments> nonsense() {
        return Pair.all()
                .flatMap(
                        pair ->
                                Stream.of(Nonsense.values())
                                        .map(nonsense -> Arguments.of(pair, nonsense)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("nonsense")
    @Tag("R54")
    void nonsenseIsACleanError(Pair pair, Nonsense nonsense) {
        Rig rig = rigs.of(pair.upstream());
        rig.upstream().otherwise(nonsense.script(pair.upstream()));
        for (boolean streamed : new boolean[] {true, false}) {
            try (RawClient client = rig.connect()) {
                Tongue spoken = pair.client();
                RawResponse response = client.exchange(spoken.request(streamed));
                ExchangeRecord record = rig.gateway().nextRecord();
                FailureCode code = record.failure().orElseThrow().code();
                assertThat(code.status()).isEqualTo(502);
                assertThat(response.status()).isEqualTo(spoken.status(code));
                assertThat(response.header("content-type")).contains("application/json");
                Tongue.Fault fault = spoken.fault(response);
                assertThat(fault.type()).isEqualTo(spoken.type(code));
                assertThat(fault.message()).isNotBlank().hasSizeLessThan(700).doesNotContain("<");
                assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
                assertThat(record.status()).isEqualTo(spoken.status(code));
                // The connection of the client is as good as before.
                rig.upstream().otherwise(r -> pair.upstream().answer(r, "fine"));
                assertThat(client.exchange(spoken.request(false)).status()).isEqualTo(200);
                rig.gateway().nextRecord();
                rig.upstream().otherwise(nonsense.script(pair.upstream()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    @Tag("R54")
    void ofAGigabyteNoMoreIsReadThanIsNeeded(Tongue tongue) {
        Rig rig = rigs.of(tongue);
        rig.upstream().otherwise(Nonsense.A_GIGABYTE.script(tongue));
        try (RawClient client = rig.connect()) {
            client.exchange(tongue.request()).body();
            UpstreamRequest asked = rig.upstream().request();
            asked.awaitPeerClose(WAIT);
            assertThat(asked.sent()).isLessThan(IN_KERNELS + Limits.DEFAULT.event());
        }
        rig.forget();
        rig.upstream().otherwise(Script.hugeBody(200, "application/json", 1L << 30));
        long before = Heap.usedAfterGc();
        try (RawClient client = rig.connect()) {
            RawResponse response =
                    client.deadline(Duration.ofSeconds(60)).exchange(tongue.request(false));
            assertThat(response.status()).isEqualTo(tongue.status(FailureCode.UPSTREAM_BROKEN));
            assertThat(tongue.fault(response).message()).contains("limits.answer");
            UpstreamRequest asked = rig.upstream().request();
            asked.awaitPeerClose(WAIT);
            assertThat(asked.sent()).isLessThan(IN_KERNELS + Limits.DEFAULT.answer());
        }
        Heap.awaitAtMost(before + (16 << 20), WAIT);
    }

    // ---- our own errors ----

    /** A mistake of a client's, or what it looks like where there is no such thing. */
    enum Mistake {
        NO_JSON(FailureCode.INVALID_REQUEST) {
            @Override
            RawRequest in(Tongue tongue) {
                return RawRequest.post(tongue.path(true), "{\"model\":");
            }
        },
        NOTHING_ASKED(FailureCode.INVALID_REQUEST) {
            @Override
            RawRequest in(Tongue tongue) {
                return RawRequest.post(tongue.path(true), "{}");
            }
        },
        A_WRONG_TYPE(FailureCode.INVALID_REQUEST) {
            @Override
            RawRequest in(Tongue tongue) {
                String wrong = tongue.ask(true).replaceFirst("\"hi\"", "{\"hi\":7}");
                return RawRequest.post(tongue.path(true), wrong);
            }
        },
        NO_KEY(FailureCode.AUTHENTICATION) {
            @Override
            RawRequest in(Tongue tongue) {
                return tongue.request();
            }
        },
        A_WRONG_KEY(FailureCode.AUTHENTICATION) {
            @Override
            RawRequest in(Tongue tongue) {
                return tongue.request().header("authorization", "Bearer nobody");
            }
        },
        NO_SUCH_MODEL(FailureCode.NOT_FOUND) {
            @Override
            RawRequest in(Tongue tongue) {
                String none = "no-such-model";
                return RawRequest.post(
                        tongue.path(true).replaceFirst("(/models?/)[^/:]*", "$1" + none),
                        tongue.ask(true)
                                .replaceFirst(
                                        "\"model\":\"[^\"]*\"", "\"model\":\"" + none + "\""));
            }
        },
        NO_SUCH_PATH(FailureCode.NOT_FOUND) {
            @Override
            RawRequest in(Tongue tongue) {
                return RawRequest.post(
                        switch (tongue) {
                            case CHAT, MESSAGES -> "/v1/nothing";
                            case RESPONSES -> "/v1/responses/resp_1/nothing";
                            case BEDROCK -> "/model/m/nothing";
                            case OLLAMA -> "/api/nothing";
                            case GEMINI -> "/v1beta/nothing";
                        },
                        "{}");
            }
        },
        A_WRONG_METHOD(FailureCode.METHOD_NOT_ALLOWED) {
            @Override
            RawRequest in(Tongue tongue) {
                return RawRequest.of("DELETE", tongue.path(true));
            }
        },
        TOO_LARGE(FailureCode.REQUEST_TOO_LARGE) {
            @Override
            RawRequest in(Tongue tongue) {
                return tongue.request(true, "x".repeat(5000));
            }
        },
        TOO_LARGE_IN_CHUNKS(FailureCode.REQUEST_TOO_LARGE) {
            @Override
            RawRequest in(Tongue tongue) {
                return TOO_LARGE.in(tongue).chunked(512);
            }
        };

        private final FailureCode code;

        Mistake(FailureCode code) {
            this.code = code;
        }

        abstract RawRequest in(Tongue tongue);
    }

    static Stream<Arguments> own() {
        return Stream.of(Tongue.values())
                .flatMap(
                        tongue ->
                                Stream.of(Mistake.values())
                                        .map(mistake -> Arguments.of(tongue, mistake)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("own")
    @Tag("R55")
    @Tag("R12")
    void ourOwnErrorsAreInTheClientsDialect(Tongue tongue, Mistake mistake) {
        RawRequest request = mistake.in(tongue);
        boolean keyed = mistake.code != FailureCode.AUTHENTICATION;
        RawRequest sent =
                keyed ? request.header(tongue.keyHeader(), tongue.shown("sk-client")) : request;
        if (tongue == Tongue.MESSAGES) {
            sent = sent.header("anthropic-version", "2023-06-01");
        }
        try (Rig rig =
                        Rig.before(
                                tongue,
                                setup ->
                                        setup.config(
                                                c ->
                                                        c
                                                                .withKey(
                                                                        "tester",
                                                                        Secret.of("sk-client"))
                                                                .toBuilder()
                                                                .limits(c.limits().withBody(4096))
                                                                .build()));
                RawClient client = rig.connect()) {
            RawResponse response = client.exchange(sent);
            assertThat(response.status()).isEqualTo(tongue.status(mistake.code));
            assertThat(response.header("content-type")).contains("application/json");
            assertThat(
                            response.headers().stream()
                                    .filter(h -> h.getKey().equalsIgnoreCase("content-length")))
                    .hasSize(1);
            assertThat(response.header("content-encoding")).isEmpty();
            assertThat(response.header("x-request-id")).isPresent();
            Tongue.Fault fault = tongue.fault(response);
            assertThat(fault.type()).isEqualTo(tongue.type(mistake.code));
            assertThat(fault.message())
                    .isNotBlank()
                    .doesNotContain("sk-client")
                    .doesNotContain("nobody");
            assertThat(rig.upstream().requests()).isEmpty();
        }
    }
}
