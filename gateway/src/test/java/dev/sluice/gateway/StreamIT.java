package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.dialect.Dialects;
import dev.sluice.gateway.config.KeptStreams;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.exchange.Departure;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.SseReader;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The gateway's own streams: what a browser's EventSource gets, loses and takes up again. */
class StreamIT {
    /** Generous: the machine may be busy with other things. */
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
    private static final String PATH = "/stream?prompt=hi&model=gpt-5-mini";

    private static final SseEvent NONE = new SseEvent(SseEvent.UNNAMED, "");

    private FakeUpstream upstream;

    @BeforeEach
    void start() {
        upstream = FakeUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private TestGateway gateway() {
        return gateway(setup -> setup);
    }

    private TestGateway gateway(UnaryOperator<TestGateway.Setup> more) {
        return more.apply(TestGateway.setup()).openai(upstream.uri()).start();
    }

    private static TestGateway.Setup resume(TestGateway.Setup setup, KeptStreams bounds) {
        return setup.config(c -> c.toBuilder().resume(bounds).build());
    }

    private static RawClient client(TestGateway gateway) {
        return RawClient.connect(gateway.port()).deadline(SOON);
    }

    private static RawRequest again(String path, SseEvent last) {
        return RawRequest.get(path).header("last-event-id", last.id());
    }

    /** Texts that wait for their gates, one after the other, and an end that waits too. */
    private List<Gate> gatedAnswer(int texts) {
        List<Gate> gates = new ArrayList<>();
        Script script = Script.stream().send(CHAT.role());
        for (int i = 0; i < texts; i++) {
            Gate gate = Gate.closed();
            gates.add(gate);
            script = script.await(gate).send(CHAT.text("token" + i));
        }
        Gate end = Gate.closed();
        gates.add(end);
        upstream.otherwise(script.await(end).send(CHAT.end("stop")));
        return gates;
    }

    private static String text(List<SseEvent> events) {
        StringBuilder text = new StringBuilder();
        for (SseEvent event : events) {
            text.append(event.json().path("text").asString(""));
        }
        return text.toString();
    }

    // ---- what comes ----

    @Test
    @Tag("R58")
    void aTokenIsThereBeforeTheNextLeaves() {
        List<Gate> gates = gatedAnswer(5);
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            gates.getFirst().open();
            RawResponse response = client.get(PATH);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("content-type"))
                    .hasValue("text/event-stream; charset=utf-8");
            assertThat(response.header("cache-control")).hasValue("no-cache, no-transform");
            assertThat(response.header("x-accel-buffering")).hasValue("no");
            SseReader events = response.lenientEvents();
            for (int i = 0; i < 5; i++) {
                gates.get(i).open();
                JsonNode event = events.take().json();
                assertThat(event.path("type").stringValue()).isEqualTo("token");
                assertThat(event.path("text").stringValue()).isEqualTo("token" + i);
                assertThat(event.path("token_num").asInt()).isEqualTo(i + 1);
            }
            gates.getLast().open();
            JsonNode done = events.take().json();
            assertThat(done.path("type").stringValue()).isEqualTo("done");
            assertThat(done.path("stop_reason").stringValue()).isEqualTo("end_turn");
            assertThat(done.path("usage").path("output_tokens").asInt()).isPositive();
            assertThat(done.path("usage").path("input_tokens").asInt()).isPositive();
            assertThat(done.path("ttft_ms").asDouble()).isPositive();
            assertThat(done.path("tps").asDouble()).isPositive();
            assertThat(events.rest()).isEmpty();
        }
    }

    @Test
    @Tag("S8")
    void aStreamBeginsWithItsRetryTimeAndEveryEventHasAnIdThatNobodyGuesses() {
        upstream.otherwise(Script.stream().send(CHAT.answer("one", "two")));
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            String body = client.get(PATH).text();
            assertThat(body).matches("(?s)retry: 1000\nid: [0-9a-z]{26}-0\n\nid: .*");
            String stream = body.substring(body.indexOf("id: ") + 4, body.indexOf("-0\n"));
            List<String> ids = body.lines().filter(line -> line.startsWith("id: ")).toList();
            assertThat(ids)
                    .containsExactly(
                            "id: " + stream + "-0",
                            "id: " + stream + "-1",
                            "id: " + stream + "-2",
                            "id: " + stream + "-3-end");
        }
    }

    @Test
    void thinkingAndToolsComeInPiecesOfTheirOwn() {
        upstream.otherwise(
                Script.stream()
                        .send(
                                CHAT.role()
                                        + CHAT.reasoning("Let me see.")
                                        + CHAT.tool(0, "call_1", "weather")
                                        + CHAT.arguments(0, "{\"city\":")
                                        + CHAT.arguments(0, "\"Oslo\"}")
                                        + CHAT.tool(1, "call_2", "time")
                                        + CHAT.end("tool_calls")));
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            RawResponse response =
                    client.post(
                            "/stream",
                            """
                            {"messages":[{"role":"user","content":"Weather?"}],
                             "tools":[{"type":"function","function":{"name":"weather"}},
                                      {"type":"function","function":{"name":"time"}}]}\
                            """);
            List<JsonNode> events = new ArrayList<>();
            response.lenientEvents().rest().forEach(event -> events.add(event.json()));
            assertThat(events.getFirst().path("type").stringValue()).isEqualTo("thinking");
            assertThat(events.getFirst().path("text").stringValue()).isEqualTo("Let me see.");
            StringBuilder first = new StringBuilder();
            for (JsonNode event : events) {
                if (event.path("tool_call_id").asString("").equals("call_1")) {
                    assertThat(event.path("name").stringValue()).isEqualTo("weather");
                    first.append(event.path("arguments").stringValue());
                }
            }
            assertThat(first.toString()).isEqualTo("{\"city\":\"Oslo\"}");
            JsonNode last = events.get(events.size() - 2);
            assertThat(last.path("tool_call_id").stringValue()).isEqualTo("call_2");
            assertThat(last.path("index").asInt()).isEqualTo(1);
            assertThat(last.path("complete").asBoolean()).isTrue();
            assertThat(last.path("arguments").stringValue()).isEqualTo("{}");
            assertThat(events.getLast().path("stop_reason").stringValue()).isEqualTo("tool_use");
        }
        assertThat(upstream.request().json().path("tools").size()).isEqualTo(2);
    }

    @Test
    @Tag("R8")
    @Tag("R59")
    void aSilentUpstreamIsBridgedByComments() {
        List<Gate> gates = gatedAnswer(2);
        UnaryOperator<TestGateway.Setup> lively =
                setup -> setup.config(c -> c.toBuilder().keepalive(Duration.ofMillis(50)).build());
        try (TestGateway gateway = gateway(lively);
                RawClient client = client(gateway)) {
            SseReader events = client.get(PATH).lenientEvents();
            events.awaitComments(3);
            gates.get(0).open();
            assertThat(events.take().json().path("text").stringValue()).isEqualTo("token0");
            events.awaitComments(6);
            gates.get(1).open();
            gates.get(2).open();
            assertThat(text(events.rest())).isEqualTo("token1");
        }
    }

    // ---- what is asked ----

    @Test
    void theAddressSaysAllThatAPromptNeeds() {
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            client.get(
                            "/stream?prompt=2%2B2+%3D+%C3%A4%3F&system=Be%20brief.&model=m/1"
                                    + "&max_tokens=7&temperature=0.5")
                    .body();
        }
        JsonNode asked = upstream.request().json();
        assertThat(asked.path("model").stringValue()).isEqualTo("m/1");
        assertThat(asked.path("messages").toString())
                .isEqualTo(
                        "[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                                + "{\"role\":\"user\",\"content\":\"2+2 = ä?\"}]");
        assertThat(asked.path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(asked.path("max_tokens").asInt(asked.path("max_completion_tokens").asInt()))
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "/stream?prompt=hi, gpt-5-mini",
        "/stream/up1?prompt=hi, gpt-5-mini",
        "/stream/up1?prompt=hi&model=other, up1/other",
        "/stream?prompt=hi&model=other, other"
    })
    void theModelIsTheFirstThatIsListedUnlessItIsNamed(String path, String model) {
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            client.get(path).body();
        }
        assertThat(upstream.request().json().path("model").stringValue()).isEqualTo(model);
    }

    @ParameterizedTest
    @Tag("R55")
    @CsvSource({
        "/stream, 400, prompt, client",
        "/stream?prompt=, 400, prompt, client",
        "/stream?prompt=a&prompt=b, 400, prompt, client",
        "/stream?prompt=a&temperature=warm, 400, temperature, client",
        "/stream?prompt=a&temperature=9, 400, temperature, client",
        "/stream?prompt=a&model=no-such-model, 404, '', client",
        "/stream/nobody?prompt=a, 404, model, client"
    })
    void aMistakeIsAStatusAndSaysWhoseItIs(String path, int status, String param, String fault) {
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            RawResponse response = client.get(path);
            JsonNode error = response.json();
            assertThat(response.status()).as(error.toString()).isEqualTo(status);
            assertThat(error.path("type").stringValue()).isEqualTo("error");
            assertThat(error.path("param").asString("")).isEqualTo(param);
            assertThat(error.path("fault").stringValue()).isEqualTo(fault);
            assertThat(error.path("message").stringValue()).isNotBlank();
        }
        assertThat(upstream.requests()).isEmpty();
    }

    // ---- errors ----

    @Test
    @Tag("R56")
    @Tag("R55")
    void anErrorBeforeTheFirstTokenIsAStatus() {
        upstream.otherwise(Script.html(503));
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            RawResponse response = client.get(PATH);
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.json().path("fault").stringValue()).isEqualTo("upstream");
        }
    }

    @Test
    @Tag("R52")
    void anErrorAfterTheFirstTokenIsAnEventAndTheStreamIsNotAskedForAgain() {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).endAndClose());
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway);
                RawClient second = client(gateway)) {
            List<SseEvent> events = client.get(PATH).lenientEvents().rest();
            JsonNode error = events.getLast().json();
            assertThat(error.path("type").stringValue()).isEqualTo("error");
            assertThat(error.path("code").stringValue()).isEqualTo("upstream_broken");
            assertThat(second.exchange(again(PATH, events.getLast())).status()).isEqualTo(204);
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    // ---- a lost connection ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5})
    @Tag("R20")
    void aLostStreamGoesOnWhereItStoppedWithoutASecondQuestion(int had) {
        List<Gate> gates = gatedAnswer(6);
        try (TestGateway gateway = gateway();
                RawClient second = client(gateway)) {
            SseEvent last = NONE;
            StringBuilder text = new StringBuilder();
            try (RawClient first = client(gateway)) {
                gates.get(0).open();
                SseReader events = first.get(PATH).lenientEvents();
                for (int i = 0; i <= had; i++) {
                    gates.get(i).open();
                    last = events.take();
                    text.append(last.json().path("text").stringValue());
                }
                first.reset();
            }
            for (int i = had + 1; i < 4; i++) {
                gates.get(i).open();
            }
            RawResponse response = second.exchange(again(PATH, last));
            assertThat(response.status()).isEqualTo(200);
            gates.forEach(Gate::open);
            List<SseEvent> rest = response.lenientEvents().rest();
            text.append(text(rest));
            assertThat(text.toString()).isEqualTo("token0token1token2token3token4token5");
            assertThat(rest.getLast().json().path("type").stringValue()).isEqualTo("done");
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.COMPLETE);
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void manyLossesOnManyLoopsLoseAndDoubleNothing() {
        int count = 200;
        List<Gate> gates = new ArrayList<>();
        Script script = Script.stream().send(CHAT.role());
        for (int i = 0; i < count; i++) {
            if (i % 20 == 0) {
                Gate gate = Gate.closed();
                gates.add(gate);
                script = script.await(gate);
            }
            script = script.send(CHAT.text(i + " "));
        }
        upstream.otherwise(script.send(CHAT.end("stop")));
        UnaryOperator<TestGateway.Setup> loops =
                setup -> setup.config(c -> c.toBuilder().workers(3).build());
        StringBuilder text = new StringBuilder();
        try (TestGateway gateway = gateway(loops)) {
            SseEvent last = NONE;
            for (Gate gate : gates) {
                gate.open();
                try (RawClient client = client(gateway)) {
                    RawRequest request =
                            last.equals(NONE) ? RawRequest.get(PATH) : again(PATH, last);
                    SseReader events = client.exchange(request).lenientEvents();
                    for (int i = 0; i < 17; i++) {
                        last = events.take();
                        text.append(last.json().path("text").stringValue());
                    }
                    client.reset();
                }
            }
            try (RawClient client = client(gateway)) {
                text.append(text(client.exchange(again(PATH, last)).lenientEvents().rest()));
            }
        }
        StringBuilder whole = new StringBuilder();
        for (int i = 0; i < count; i++) {
            whole.append(i).append(' ');
        }
        assertThat(text.toString()).isEqualTo(whole.toString());
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void aClientThatComesBackTakesThePlaceOfAConnectionThatSeemsToLive() {
        List<Gate> gates = gatedAnswer(2);
        try (TestGateway gateway = gateway();
                RawClient first = client(gateway);
                RawClient second = client(gateway);
                RawClient third = client(gateway)) {
            gates.get(0).open();
            SseEvent last = first.get(PATH).lenientEvents().take();
            RawResponse taken = second.exchange(again(PATH, last));
            first.awaitEnd();
            RawResponse takenAgain = third.exchange(again("/stream", last));
            second.awaitEnd();
            gates.forEach(Gate::open);
            assertThat(taken.status()).isEqualTo(200);
            assertThat(text(takenAgain.lenientEvents().rest())).isEqualTo("token1");
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void aFinishedStreamTellsABrowserToStop() {
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            List<SseEvent> events = client.get(PATH).lenientEvents().rest();
            RawResponse stopped = client.exchange(again(PATH, events.getLast()));
            assertThat(stopped.status()).isEqualTo(204);
            assertThat(stopped.body()).isEmpty();
            // The connection broke before the end came through.
            RawResponse tail = client.exchange(again(PATH, events.getFirst()));
            assertThat(tail.lenientEvents().rest().getLast().data())
                    .isEqualTo(events.getLast().data());
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void theSamePromptAskedAnewIsAskedAnew() {
        List<Gate> gates = gatedAnswer(1);
        gates.forEach(Gate::open);
        try (TestGateway gateway = gateway()) {
            for (int i = 0; i < 2; i++) {
                try (RawClient client = client(gateway)) {
                    assertThat(text(client.get(PATH).lenientEvents().rest())).isEqualTo("token0");
                }
            }
        }
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    @Tag("S8")
    void aStreamIsTakenUpByItsOwnKeyAndItsOwnPromptAlone() {
        List<Gate> gates = gatedAnswer(1);
        gates.get(0).open();
        UnaryOperator<TestGateway.Setup> keys =
                setup ->
                        setup.config(
                                c ->
                                        c.withKey("ann", Secret.of("key-of-ann"))
                                                .withKey("bob", Secret.of("key-of-bob")));
        try (TestGateway gateway = gateway(keys);
                RawClient first = client(gateway);
                RawClient second = client(gateway)) {
            SseEvent last =
                    first.exchange(RawRequest.get(PATH).header("x-api-key", "key-of-ann"))
                            .lenientEvents()
                            .take();
            RawRequest again = again(PATH, last);
            assertThat(status(second, again)).isEqualTo(401);
            assertThat(status(second, again.header("x-api-key", "key-of-bob"))).isEqualTo(404);
            RawRequest other =
                    again("/stream?prompt=other", last).header("x-api-key", "key-of-ann");
            assertThat(status(second, other)).isEqualTo(400);
            String unknown = "a".repeat(26) + "-1";
            RawRequest guessed =
                    RawRequest.get(PATH)
                            .header("last-event-id", unknown)
                            .header("x-api-key", "key-of-ann");
            assertThat(status(second, guessed)).isEqualTo(404);
            RawRequest nonsense =
                    RawRequest.get(PATH)
                            .header("last-event-id", "17")
                            .header("x-api-key", "key-of-ann");
            assertThat(status(second, nonsense)).isEqualTo(400);
            RawResponse mine = second.exchange(again.header("x-api-key", "key-of-ann"));
            gates.forEach(Gate::open);
            assertThat(mine.lenientEvents().rest()).hasSize(1);
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    private static int status(RawClient client, RawRequest request) {
        RawResponse response = client.exchange(request);
        response.body();
        return response.status();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 200})
    @Tag("R20")
    @Tag("R16")
    void aStreamThatNobodyComesBackToIsCancelledWhenItsTimeIsOver(int windowMillis) {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).hold());
        KeptStreams bounds = new KeptStreams(Duration.ofMillis(windowMillis), 8 << 10, 64 << 10);
        try (TestGateway gateway = gateway(setup -> resume(setup, bounds))) {
            try (RawClient client = client(gateway)) {
                client.get(PATH).lenientEvents().take();
                client.reset();
            }
            upstream.request().awaitPeerClose(SOON);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
            Eventually.within(SOON, "no place is taken", () -> gateway.gateway().running() == 0);
        }
    }

    // ---- a stream that is stopped ----

    private static RawRequest stop(String query) {
        return RawRequest.of("DELETE", "/stream" + query);
    }

    @ParameterizedTest
    @EnumSource(Departure.Kind.class)
    @Tag("R20")
    @Tag("R16")
    void aStreamThatIsStoppedEndsAtOnceWhateverItsRouteSaysOfClientsThatLeave(Departure.Kind kind) {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).hold());
        UnaryOperator<TestGateway.Setup> loops =
                setup ->
                        resume(setup, new KeptStreams(SOON, 8 << 10, 64 << 10))
                                .departure(new Departure(kind, 1000, SOON))
                                .config(c -> c.toBuilder().workers(3).build());
        try (TestGateway gateway = gateway(loops);
                RawClient second = client(gateway);
                RawClient third = client(gateway)) {
            try (RawClient first = client(gateway)) {
                SseReader events = first.get(PATH).lenientEvents();
                SseEvent last = events.take();
                assertThat(status(second, stop("").header("last-event-id", last.id())))
                        .isEqualTo(204);
                // By then it has stopped, and who still listens is told.
                assertThat(gateway.gateway().running()).isZero();
                List<SseEvent> rest = events.rest();
                assertThat(rest).hasSize(1);
                assertThat(rest.getFirst().json().path("code").stringValue())
                        .isEqualTo("cancelled");
                assertThat(status(third, stop("?id=" + last.id()))).isEqualTo(404);
                assertThat(status(third, again(PATH, last))).isEqualTo(404);
            }
            upstream.request().awaitPeerClose(SOON);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("R20")
    @Tag("R16")
    void aStreamWhoseClientIsGoneIsStoppedByTheIdOfAnEventOrItsOwn(boolean ofAnEvent) {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).hold());
        try (TestGateway gateway =
                        gateway(s -> resume(s, new KeptStreams(SOON, 8 << 10, 64 << 10)));
                RawClient second = client(gateway)) {
            String id;
            try (RawClient first = client(gateway)) {
                id = first.get(PATH).lenientEvents().take().id();
                first.reset();
            }
            Eventually.stays(
                    Duration.ofMillis(200), "the model goes on", () -> gateway.inFlight() == 1);
            String said = ofAnEvent ? id : id.substring(0, id.indexOf('-'));
            assertThat(status(second, stop("?id=" + said))).isEqualTo(204);
            upstream.request().awaitPeerClose(SOON);
            assertThat(gateway.gateway().running()).isZero();
        }
    }

    @Test
    void aStreamThatHasEndedIsForgottenWhenItIsStopped() {
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            List<SseEvent> events = client.get(PATH).lenientEvents().rest();
            assertThat(status(client, stop("?id=" + events.getFirst().id()))).isEqualTo(204);
            assertThat(status(client, again(PATH, events.getFirst()))).isEqualTo(404);
            assertThat(status(client, stop("?id=" + events.getLast().id()))).isEqualTo(204);
        }
    }

    @Test
    @Tag("S8")
    @Tag("R55")
    void aStreamIsStoppedByItsOwnKeyAlone() {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).hold());
        UnaryOperator<TestGateway.Setup> keys =
                setup ->
                        setup.config(
                                c ->
                                        c.withKey("ann", Secret.of("key-of-ann"))
                                                .withKey("bob", Secret.of("key-of-bob")));
        try (TestGateway gateway = gateway(keys);
                RawClient first = client(gateway);
                RawClient second = client(gateway)) {
            RawRequest asked = RawRequest.get(PATH).header("x-api-key", "key-of-ann");
            String id = first.exchange(asked).lenientEvents().take().id();
            assertRefused(second.exchange(stop("?id=" + id)), 401, "");
            RawRequest bobs = stop("?id=" + id).header("x-api-key", "key-of-bob");
            assertRefused(second.exchange(bobs), 404, "id");
            RawRequest unknown = stop("?id=" + "a".repeat(26)).header("x-api-key", "key-of-ann");
            assertRefused(second.exchange(unknown), 404, "id");
            RawRequest unsaid = stop("").header("x-api-key", "key-of-ann");
            assertRefused(second.exchange(unsaid), 400, "id");
            assertThat(gateway.gateway().running()).isEqualTo(1);
            RawRequest anns = stop("?id=" + id).header("x-api-key", "key-of-ann");
            assertThat(status(second, anns)).isEqualTo(204);
        }
    }

    private static void assertRefused(RawResponse response, int status, String param) {
        JsonNode error = response.json();
        assertThat(response.status()).as(error.toString()).isEqualTo(status);
        assertThat(error.path("type").stringValue()).isEqualTo("error");
        assertThat(error.path("param").asString("")).isEqualTo(param);
        assertThat(error.path("fault").stringValue()).isEqualTo("client");
    }

    @Test
    @Tag("R16")
    void aClientThatGoesBeforeTheFirstTokenCancels() {
        upstream.otherwise(Script.stream().send(CHAT.role()).hold());
        try (TestGateway gateway = gateway()) {
            try (RawClient client = client(gateway)) {
                client.send(RawRequest.get(PATH));
                upstream.request();
                client.reset();
            }
            upstream.request().awaitPeerClose(SOON);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
        }
    }

    @Test
    @Tag("R24")
    void whatIsKeptForALostClientIsBoundedAndNothingOfItIsLost() {
        String filler = "f".repeat(1000);
        int count = 5_000;
        Gate lost = Gate.closed();
        upstream.sendBuffer(16 << 10)
                .otherwise(
                        Script.stream()
                                .send(CHAT.role() + CHAT.text("first"))
                                .await(lost)
                                .events(count, Duration.ZERO, i -> CHAT.text(i + " " + filler))
                                .send(CHAT.end("stop")));
        KeptStreams bounds = new KeptStreams(SOON, 64 << 10, 1 << 20);
        UnaryOperator<TestGateway.Setup> oneLoop =
                setup -> resume(setup, bounds).config(c -> c.toBuilder().workers(1).build());
        try (TestGateway gateway = gateway(oneLoop);
                RawClient second = client(gateway)) {
            SseEvent last;
            try (RawClient first = client(gateway)) {
                last = first.get(PATH).lenientEvents().take();
                first.reset();
            }
            // Once the loop has answered this it has seen that the first client is gone.
            assertThat(status(second, RawRequest.get("/health"))).isEqualTo(200);
            lost.open();
            UpstreamRequest request = upstream.request();
            long held = request.awaitStandstill(Duration.ofMillis(300), SOON);
            assertThat(held).isLessThan(count * 1000L);
            RawResponse response = second.exchange(again(PATH, last));
            assertThat(response.status()).isEqualTo(200);
            List<SseEvent> rest = response.lenientEvents().rest();
            assertThat(rest).hasSize(count + 1);
            for (int i = 0; i < count; i++) {
                assertThat(rest.get(i).json().path("text").stringValue()).startsWith(i + " ");
            }
        }
    }

    // ---- pages of other origins ----

    @ParameterizedTest
    @Tag("S10")
    @CsvSource({
        "/stream, 'GET, POST, DELETE'",
        "/stream/openai, 'GET, POST, DELETE'",
        "/v1/chat/completions, POST",
        "/v1/messages, POST",
        "/v1/models, GET",
        "/api/chat, POST",
        "/v1/responses/resp_1, 'GET, POST, DELETE'"
    })
    void aListedOriginMayAskOnEveryRoute(String path, String methods) {
        UnaryOperator<TestGateway.Setup> cors =
                setup ->
                        setup.config(
                                c ->
                                        c.withKey("ann", Secret.of("key")).toBuilder()
                                                .cors(List.of("https://chat.example.com"))
                                                .build());
        try (TestGateway gateway = gateway(cors);
                RawClient client = client(gateway)) {
            RawResponse response =
                    client.exchange(
                            preflight(path, "https://chat.example.com")
                                    .header(
                                            "access-control-request-headers",
                                            "authorization,content-type"));
            response.body();
            assertThat(response.status()).isEqualTo(204);
            assertThat(response.header("access-control-allow-origin"))
                    .hasValue("https://chat.example.com");
            assertThat(response.header("access-control-allow-methods")).hasValue(methods);
            assertThat(response.header("access-control-allow-headers"))
                    .hasValue("authorization,content-type");
            assertThat(response.header("vary")).hasValue("origin");
            RawResponse other = client.exchange(preflight(path, "https://evil.example"));
            other.body();
            assertThat(other.status()).isEqualTo(403);
            assertThat(other.header("access-control-allow-origin")).isEmpty();
        }
    }

    /** All that the dialects say they serve, and what is served beside them. */
    static Stream<Arguments> routes() {
        List<ClientDialect> dialects = new ArrayList<>(Dialects.all());
        dialects.add(Dialects.own());
        dialects.addAll(Dialects.grpc());
        Stream<Arguments> served =
                dialects.stream()
                        .flatMap(dialect -> dialect.endpoints().stream())
                        .map(e -> Arguments.of(e.method(), e.path().replace("*", "m")))
                        .distinct();
        return Stream.concat(
                served,
                Stream.of(
                        Arguments.of("DELETE", "/stream"),
                        Arguments.of("DELETE", "/v1/responses/resp_1"),
                        Arguments.of("POST", "/v1/responses/resp_1/cancel"),
                        Arguments.of("GET", "/v1/responses/resp_1/input_items"),
                        Arguments.of("GET", "/health"),
                        Arguments.of("GET", "/ready")));
    }

    @ParameterizedTest
    @Tag("S10")
    @MethodSource("routes")
    void aPreflightOnEveryRouteAllowsWhatTheRouteTakes(String method, String path) {
        UnaryOperator<TestGateway.Setup> cors =
                setup -> setup.config(c -> c.toBuilder().cors(List.of("http://a.example")).build());
        try (TestGateway gateway = gateway(cors);
                RawClient client = client(gateway)) {
            RawResponse response = client.exchange(preflight(path, "http://a.example"));
            response.body();
            assertThat(response.status()).isEqualTo(204);
            assertThat(response.header("access-control-allow-methods").orElseThrow().split(", "))
                    .contains(method);
        }
    }

    private static RawRequest preflight(String path, String origin) {
        return RawRequest.of("OPTIONS", path)
                .header("origin", origin)
                .header("access-control-request-method", "POST");
    }

    @Test
    @Tag("S10")
    void aListedOriginMayReadAnswersAndErrors() {
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        UnaryOperator<TestGateway.Setup> cors =
                setup -> setup.config(c -> c.toBuilder().cors(List.of("http://a.example")).build());
        try (TestGateway gateway = gateway(cors);
                RawClient client = client(gateway)) {
            for (String path : List.of(PATH, "/stream", "/v1/models", "/nowhere")) {
                RawResponse response =
                        client.exchange(RawRequest.get(path).header("origin", "http://a.example"));
                response.body();
                assertThat(response.header("access-control-allow-origin"))
                        .as(path)
                        .hasValue("http://a.example");
                assertThat(response.header("access-control-expose-headers").orElseThrow())
                        .contains("x-request-id");
            }
        }
    }

    @ParameterizedTest
    @Tag("S10")
    @CsvSource({
        "origin, https://evil.example, 403",
        "origin, null, 403",
        "sec-fetch-site, cross-site, 403",
        "sec-fetch-site, same-site, 403",
        "sec-fetch-site, same-origin, 200",
        "sec-fetch-site, none, 200",
        "origin, http://127.0.0.1:PORT, 200"
    })
    void aPageOfAnotherOriginMayNotEvenAsk(String header, String value, int status) {
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            String said = value.replace("PORT", Integer.toString(gateway.port()));
            RawResponse get =
                    client.exchange(
                            RawRequest.get(PATH)
                                    .header("host", "127.0.0.1:" + gateway.port())
                                    .header(header, said));
            get.body();
            assertThat(get.status()).isEqualTo(status);
            assertThat(get.header("access-control-allow-origin")).isEmpty();
        }
        assertThat(upstream.requests()).hasSize(status == 200 ? 1 : 0);
    }

    /** What a page asks whose owner has let its name point to this machine. */
    @ParameterizedTest
    @Tag("S10")
    @CsvSource({
        "rebound.example, origin, http://rebound.example, 403, 200",
        "rebound.example, sec-fetch-site, same-origin, 403, 200",
        "rebound.example, x-none, x, 200, 200",
        "localhost, origin, http://localhost, 200, 200",
        "app.localhost, origin, http://app.localhost, 200, 200",
        "192.0.2.7, origin, http://192.0.2.7, 200, 200",
        "[2001:db8::7], origin, http://[2001:db8::7], 200, 200"
    })
    void aNameThatAnybodyCouldLetPointHereIsOurOwnOnlyWhereKeysAreAskedFor(
            String host, String header, String value, int open, int keyed) {
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        RawRequest asked =
                RawRequest.get(PATH)
                        .header("host", host)
                        .header(header, value)
                        .header("x-api-key", "key");
        try (TestGateway without = gateway();
                RawClient client = client(without)) {
            assertThat(status(client, asked)).isEqualTo(open);
        }
        try (TestGateway with =
                        gateway(setup -> setup.config(c -> c.withKey("ann", Secret.of("key"))));
                RawClient client = client(with)) {
            assertThat(status(client, asked)).isEqualTo(keyed);
        }
    }

    @Test
    @Tag("S10")
    @Tag("R23")
    void originsAreThoseOfTheLastConfiguration() {
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            RawRequest asked = RawRequest.get(PATH).header("origin", "https://a.example");
            assertThat(status(client, asked)).isEqualTo(403);
            gateway.changeOver(c -> c.toBuilder().cors(List.of("https://a.example")).build());
            assertThat(status(client, asked)).isEqualTo(200);
        }
    }

    // ---- files ----

    @Test
    @Tag("S10")
    void filesOfThePlaygroundComeWithAPolicyAndATag() {
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            RawResponse file = client.get("/test/probe.css");
            assertThat(file.status()).isEqualTo(200);
            assertThat(new String(file.body(), StandardCharsets.UTF_8)).startsWith("body");
            assertThat(file.header("content-type")).hasValue("text/css; charset=utf-8");
            assertThat(file.header("content-security-policy").orElseThrow())
                    .startsWith("default-src 'self'")
                    .doesNotContain("unsafe");
            assertThat(file.header("x-content-type-options")).hasValue("nosniff");
            assertThat(file.header("cache-control")).hasValue("no-cache");
            RawResponse known =
                    client.exchange(
                            RawRequest.get("/test/probe.css")
                                    .header("if-none-match", file.header("etag").orElseThrow()));
            assertThat(known.status()).isEqualTo(304);
        }
    }

    @ParameterizedTest
    @Tag("S10")
    @ValueSource(
            strings = {
                "/test/nothing.css",
                "/test",
                "/test/",
                "/../test/probe.css",
                "/test/../test/probe.css",
                "/test/%2e%2e/test/probe.css",
                "/web/test/probe.css",
                "//test/probe.css"
            })
    void aFileThatIsNotThereIsSaidNotToBe(String path) {
        try (TestGateway gateway = gateway();
                RawClient client = client(gateway)) {
            RawResponse response = client.get(path);
            assertThat(response.status()).isEqualTo(404);
            assertThat(Json.parse(response.body()).path("error").isObject()).isTrue();
        }
    }
}
