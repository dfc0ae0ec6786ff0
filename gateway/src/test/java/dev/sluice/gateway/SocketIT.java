package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Answers over a WebSocket, several at once. */
class SocketIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-1", "gpt-5-mini");

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

    private static TestGateway.Setup slowReader(TestGateway.Setup setup, Duration time) {
        return setup.config(
                c -> c.toBuilder().limits(c.limits().withSlowReader(64 << 10, time)).build());
    }

    private static String generate(String id, String prompt) {
        return "{\"type\":\"generate\",\"id\":\"" + id + "\",\"prompt\":\"" + prompt + "\"}";
    }

    /** Answers each prompt with itself in two pieces, the second behind the prompt's gate. */
    private void echo(Gate gate) {
        upstream.otherwise(
                request -> {
                    String prompt =
                            request.json().path("messages").path(0).path("content").asString("");
                    return Script.stream()
                            .send(CHAT.role() + CHAT.text(prompt + "-"))
                            .await(gate)
                            .send(CHAT.text(prompt) + CHAT.end("stop"));
                });
    }

    @Test
    @Tag("R58")
    void aTokenIsThereBeforeTheNextLeaves() {
        List<Gate> gates = new ArrayList<>();
        Script script = Script.stream().send(CHAT.role());
        for (int i = 0; i < 5; i++) {
            Gate gate = Gate.closed();
            gates.add(gate);
            script = script.await(gate).send(CHAT.text("token" + i));
        }
        upstream.otherwise(script.send(CHAT.end("stop")));
        try (TestGateway gateway = gateway();
                SocketClient client = SocketClient.connect(gateway, "/ws")) {
            client.say(generate("a", "hi"));
            for (int i = 0; i < 5; i++) {
                gates.get(i).open();
                JsonNode token = client.take();
                assertThat(token.path("id").stringValue()).isEqualTo("a");
                assertThat(token.path("type").stringValue()).isEqualTo("token");
                assertThat(token.path("text").stringValue()).isEqualTo("token" + i);
            }
            JsonNode done = client.take();
            assertThat(done.path("type").stringValue()).isEqualTo("done");
            assertThat(done.path("id").stringValue()).isEqualTo("a");
        }
    }

    @Test
    void severalAnswersComeAtOnceAndOneIsCancelledAlone() {
        Gate gate = Gate.closed();
        echo(gate);
        try (TestGateway gateway = gateway();
                SocketClient client = SocketClient.connect(gateway, "/ws")) {
            client.say(generate("a", "one"));
            client.say(generate("b", "two"));
            assertThat(List.of(client.take().path("text"), client.take().path("text")).toString())
                    .contains("one-")
                    .contains("two-");
            client.say(generate("b", "three"));
            JsonNode twice = client.take();
            assertThat(twice.path("id").stringValue()).isEqualTo("b");
            assertThat(twice.path("code").stringValue()).isEqualTo("invalid_request");
            client.say("{\"type\":\"cancel\",\"id\":\"b\"}");
            JsonNode cancelled = client.take();
            assertThat(cancelled.path("id").stringValue()).isEqualTo("b");
            assertThat(cancelled.path("type").stringValue()).isEqualTo("error");
            assertThat(cancelled.path("code").stringValue()).isEqualTo("cancelled");
            gate.open();
            assertThat(client.text("a")).isEqualTo("one");
            client.say(generate("b", "four"));
            assertThat(client.text("b")).isEqualTo("four-four");
        }
        assertThat(upstream.requests()).hasSize(3);
    }

    @Test
    void whatIsNoObjectIsAPrompt() {
        Gate gate = Gate.closed();
        gate.open();
        echo(gate);
        try (TestGateway gateway = gateway();
                SocketClient client = SocketClient.connect(gateway, "/ws")) {
            client.say("hello");
            assertThat(client.text("prompt-1")).isEqualTo("hello-hello");
        }
    }

    @ParameterizedTest
    @Tag("R55")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"generate\",\"id\":\"a\"} | a | prompt",
                "{\"type\":\"generate\",\"prompt\":\"x\"} | '' | id",
                "{\"type\":\"sing\",\"id\":\"a\"} | a | type",
                "{\"type\":\"generate\",\"id\":\"a\",\"prompt\":1} | a | prompt",
                "{\"type\": | '' | type"
            })
    void aMistakeIsToldAndTheConnectionLives(String message, String id, String param) {
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        try (TestGateway gateway = gateway();
                SocketClient client = SocketClient.connect(gateway, "/ws")) {
            client.say(message);
            JsonNode error = client.take();
            assertThat(error.path("type").stringValue()).isEqualTo("error");
            assertThat(error.path("id").stringValue()).isEqualTo(id);
            assertThat(error.path("param").asString("")).isEqualTo(param);
            assertThat(error.path("fault").stringValue()).isEqualTo("client");
            client.say(generate("b", "x"));
            assertThat(client.text("b")).isEqualTo("one");
        }
    }

    @ParameterizedTest
    @Tag("R52")
    @ValueSource(booleans = {true, false})
    void anUpstreamsFailureEndsItsAnswerAlone(boolean afterAToken) {
        upstream.otherwise(
                afterAToken
                        ? Script.stream().send(CHAT.role() + CHAT.text("one")).endAndClose()
                        : Script.html(503));
        try (TestGateway gateway = gateway();
                SocketClient client = SocketClient.connect(gateway, "/ws")) {
            client.say(generate("a", "x"));
            JsonNode message = client.take();
            if (afterAToken) {
                assertThat(message.path("text").stringValue()).isEqualTo("one");
                message = client.take();
            }
            assertThat(message.path("id").stringValue()).isEqualTo("a");
            assertThat(message.path("type").stringValue()).isEqualTo("error");
            assertThat(message.path("fault").stringValue()).isEqualTo("upstream");
            upstream.otherwise(Script.stream().send(CHAT.answer("two")));
            client.say(generate("a", "x"));
            assertThat(client.text("a")).isEqualTo("two");
        }
    }

    @Test
    @Tag("R16")
    @Tag("R20")
    void aClientThatIsGoneCancelsAllItsAnswers() {
        Gate gate = Gate.closed();
        echo(gate);
        try (TestGateway gateway = gateway()) {
            try (SocketClient client = SocketClient.connect(gateway, "/ws")) {
                client.say(generate("a", "one"));
                client.say(generate("b", "two"));
                client.take();
                client.take();
                client.vanish();
            }
            for (UpstreamRequest request : upstream.requests()) {
                request.awaitPeerClose(SOON);
            }
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
            Eventually.within(SOON, "no place is taken", () -> gateway.gateway().running() == 0);
        }
    }

    @Test
    @Tag("R59")
    void anIdleClientIsPinged() {
        UnaryOperator<TestGateway.Setup> lively =
                setup -> setup.config(c -> c.toBuilder().keepalive(Duration.ofMillis(50)).build());
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        try (TestGateway gateway = gateway(lively);
                SocketClient client = SocketClient.connect(gateway, "/ws")) {
            Eventually.within(SOON, "five pings come", () -> client.pings() >= 5);
            client.say(generate("a", "x"));
            assertThat(client.text("a")).isEqualTo("one");
        }
    }

    @Test
    @Tag("R24")
    void aClientThatReadsNothingHoldsBoundedMemoryAndIsCut() {
        String filler = "f".repeat(1000);
        upstream.sendBuffer(16 << 10)
                .otherwise(
                        Script.stream()
                                .send(CHAT.role())
                                .endless(Duration.ZERO, _ -> CHAT.text(filler)));
        try (TestGateway gateway = gateway(setup -> slowReader(setup, Duration.ofSeconds(3)));
                SocketClient client = SocketClient.stalled(gateway, "/ws")) {
            client.say(generate("a", "x"));
            UpstreamRequest request = upstream.request();
            long held = request.awaitStandstill(Duration.ofMillis(300), SOON);
            assertThat(held).isLessThan(32L << 20);
            request.awaitPeerClose(SOON);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.FAILED);
        }
    }

    @Test
    void aMessageThatIsTooLargeOrNoTextClosesWithACode() {
        UnaryOperator<TestGateway.Setup> small =
                setup -> setup.config(c -> c.toBuilder().limits(c.limits().withBody(4096)).build());
        try (TestGateway gateway = gateway(small)) {
            try (SocketClient client = SocketClient.connect(gateway, "/ws")) {
                client.say("x".repeat(5000));
                assertThat(client.closeCode()).isEqualTo(1009);
            }
            try (SocketClient client = SocketClient.connect(gateway, "/ws")) {
                client.sayBinary(new byte[] {1, 2, 3});
                assertThat(client.closeCode()).isEqualTo(1003);
            }
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    @Tag("R52")
    void aMessageThatIsNotUtf8ClosesWithACode() {
        try (TestGateway gateway = gateway();
                Visitor visitor =
                        Visitor.saying(gateway, "/ws", new byte[] {'h', 'i', (byte) 0xff})) {
            assertThat(visitor.awaitEnd()).isEqualTo("1007 a message is not UTF-8");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    @Tag("R24")
    @Tag("R52")
    void aClientThatReadsTooLateIsToldWhyItsConnectionEnded() {
        upstream.sendBuffer(16 << 10)
                .otherwise(
                        Script.stream()
                                .send(CHAT.role())
                                .endless(Duration.ZERO, _ -> CHAT.text("f".repeat(1000))));
        try (TestGateway gateway = gateway(setup -> slowReader(setup, Duration.ofSeconds(1)));
                Visitor visitor = Visitor.Way.SOCKET.to(gateway)) {
            upstream.request().awaitPeerClose(SOON);
            assertThat(visitor.awaitEnd()).isEqualTo("1013 an answer could not be delivered");
        }
    }

    @Test
    @Tag("R58")
    void anAnswerWithoutEndLeavesRoomForAnother() {
        upstream.otherwise(
                request ->
                        request.json().toString().contains("forever")
                                ? Script.stream()
                                        .send(CHAT.role())
                                        .endless(Duration.ZERO, _ -> CHAT.text("f".repeat(1000)))
                                : Script.stream().send(CHAT.answer("here")));
        try (TestGateway gateway = gateway(setup -> slowReader(setup, SOON));
                SocketClient client = SocketClient.connect(gateway, "/ws")) {
            client.say(generate("a", "forever"));
            client.take();
            client.say(generate("b", "brief"));
            assertThat(client.text("b")).isEqualTo("here");
            client.say("{\"type\":\"cancel\",\"id\":\"a\"}");
            Eventually.within(SOON, "no place is taken", () -> gateway.gateway().running() == 0);
        }
    }

    @Test
    void aGatewayThatStopsSaysSoWhenTheLastAnswerHasEnded() {
        Gate gate = Gate.closed();
        echo(gate);
        try (TestGateway gateway = gateway();
                SocketClient idle = SocketClient.connect(gateway, "/ws");
                SocketClient busy = SocketClient.connect(gateway, "/ws")) {
            busy.say(generate("a", "one"));
            busy.take();
            Thread stopping = Thread.ofVirtual().start(() -> gateway.gateway().stop());
            assertThat(idle.closeCode()).isEqualTo(1001);
            gate.open();
            assertThat(busy.text("a")).isEqualTo("one");
            assertThat(busy.closeCode()).isEqualTo(1001);
            Eventually.within(SOON, "the gateway has stopped", () -> !stopping.isAlive());
        }
    }

    @Test
    @Tag("S10")
    void keysComeByHeaderOrSubprotocolAndPagesOfOtherOriginsAreRefused() {
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        UnaryOperator<TestGateway.Setup> keys =
                setup ->
                        setup.config(
                                c ->
                                        c.withKey("ann", Secret.of("key-of-ann")).toBuilder()
                                                .cors(List.of("https://a.example"))
                                                .build());
        try (TestGateway gateway = gateway(keys)) {
            assertThat(SocketClient.refusal(gateway, "/ws", b -> b)).isEqualTo(401);
            assertThat(
                            SocketClient.refusal(
                                    gateway,
                                    "/ws",
                                    b ->
                                            b.header("origin", "https://evil.example")
                                                    .header("x-api-key", "key-of-ann")))
                    .isEqualTo(403);
            try (SocketClient client =
                    SocketClient.connect(
                            gateway, "/ws", b -> b.header("x-api-key", "key-of-ann"))) {
                client.say(generate("a", "x"));
                assertThat(client.text("a")).isEqualTo("one");
            }
            try (SocketClient client =
                    SocketClient.connect(
                            gateway,
                            "/ws",
                            b ->
                                    b.header("origin", "https://a.example")
                                            .subprotocols("sluice", "sluice-key.key-of-ann"))) {
                assertThat(client.subprotocol()).isEqualTo("sluice");
                client.say(generate("a", "x"));
                assertThat(client.text("a")).isEqualTo("one");
            }
            try (SocketClient client =
                    SocketClient.connect(
                            gateway,
                            "/ws",
                            b ->
                                    b.header("origin", "https://a.example")
                                            .subprotocols("sluice", "sluice-key.wrong"))) {
                assertThat(client.closeCode()).isEqualTo(1008);
            }
        }
    }

    @Test
    void openAiResponsesAreSpokenOverAWebSocketToo() {
        Gate gate = Gate.closed();
        gate.open();
        echo(gate);
        try (TestGateway gateway = gateway();
                SocketClient client = SocketClient.connect(gateway, "/v1/responses")) {
            String create = "{\"type\":\"response.create\",\"model\":\"gpt-5-mini\",\"input\":";
            client.say(create + "\"one\"}");
            JsonNode completed = responses(client);
            assertThat(completed.path("response").path("status").stringValue())
                    .isEqualTo("completed");
            String id = completed.path("response").path("id").stringValue();
            client.say(create + "\"two\",\"previous_response_id\":" + Json.quote(id) + "}");
            responses(client);
            assertThat(upstream.request(2).json().path("messages").size()).isEqualTo(3);
            client.say("{\"type\":\"response.steer\"}");
            JsonNode error = client.take();
            assertThat(error.path("type").stringValue()).isEqualTo("error");
            assertThat(error.path("status").asInt()).isEqualTo(400);
            assertThat(error.path("error").path("message").stringValue()).isNotBlank();
        }
    }

    /** The last event of a response; their numbers have no gap. */
    private static JsonNode responses(SocketClient client) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; ; i++) {
            JsonNode event = client.take();
            assertThat(event.path("sequence_number").asInt()).isEqualTo(i);
            String type = event.path("type").stringValue();
            if (type.equals("response.output_text.delta")) {
                text.append(event.path("delta").stringValue());
            }
            if (type.equals("response.completed")) {
                assertThat(text.toString()).isNotEmpty();
                return event;
            }
        }
    }
}
