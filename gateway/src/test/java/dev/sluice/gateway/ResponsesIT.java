package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.KeptResponses;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.SseReader;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.ChatEvents;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OpenAiResponsesStreamValidator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** Clients of OpenAI Responses that come back to what they were answered. */
class ResponsesIT {
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
    private static final String PATH = "/v1/responses";

    private FakeUpstream upstream;

    @BeforeEach
    void start() {
        upstream = FakeUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private TestGateway chat() {
        return chat(setup -> setup);
    }

    private TestGateway chat(UnaryOperator<TestGateway.Setup> more) {
        return more.apply(TestGateway.setup()).openai(upstream.uri()).start();
    }

    private TestGateway vendor() {
        return TestGateway.setup()
                .upstream("openai-responses", "openai", URI.create(upstream.uri() + "/v1"))
                .start();
    }

    private static String ask(String members) {
        return "{\"model\":\"gpt-5-mini\"," + members + "}";
    }

    private void answers(String... texts) {
        upstream.otherwise(Script.stream().send(CHAT.answer(texts)));
    }

    private static JsonNode post(TestGateway gateway, String body) {
        return send(gateway, RawRequest.post(PATH, body), 200);
    }

    private static JsonNode get(TestGateway gateway, String path) {
        return send(gateway, RawRequest.get(path), 200);
    }

    private static JsonNode send(TestGateway gateway, RawRequest request, int status) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawResponse response = client.exchange(request);
            String body = response.text();
            assertThat(response.status()).as(body).isEqualTo(status);
            return Json.parse(body);
        }
    }

    private static FoldedAnswer stream(TestGateway gateway, String body) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return OpenAiResponsesStreamValidator.strict().validate(client.post(PATH, body).body());
        }
    }

    private static String text(JsonNode response) {
        return response.path("output").path(0).path("content").path(0).path("text").stringValue();
    }

    // ---- going on ----

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnFromAResponseOnAModelThatKnowsNothingOfIt(boolean streamed) {
        try (TestGateway gateway = chat()) {
            answers("Paris", ".");
            String first =
                    streamed
                            ? stream(gateway, ask("\"input\":\"Capital?\",\"stream\":true"))
                                    .response()
                                    .path("id")
                                    .stringValue()
                            : post(gateway, ask("\"input\":\"Capital?\"")).path("id").stringValue();
            JsonNode second =
                    post(
                            gateway,
                            ask(
                                    "\"instructions\":\"Be brief.\",\"input\":\"And Spain's?\","
                                            + "\"previous_response_id\":\""
                                            + first
                                            + "\""));
            assertThat(second.path("previous_response_id").stringValue()).isEqualTo(first);
            assertThat(second.path("store").asBoolean()).isTrue();
            assertThat(upstream.request(2).json().path("messages").toString())
                    .isEqualTo(
                            "[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                                    + "{\"role\":\"user\",\"content\":\"Capital?\"},"
                                    + "{\"role\":\"assistant\",\"content\":\"Paris.\"},"
                                    + "{\"role\":\"user\",\"content\":\"And Spain's?\"}]");
            JsonNode third =
                    post(
                            gateway,
                            ask(
                                    "\"input\":\"Why?\",\"previous_response_id\":\""
                                            + second.path("id").stringValue()
                                            + "\""));
            assertThat(third.path("status").stringValue()).isEqualTo("completed");
            assertThat(upstream.request(3).json().path("messages").size()).isEqualTo(5);
        }
    }

    @Test
    void answersACallOfTheResponseBefore() {
        try (TestGateway gateway = chat()) {
            upstream.otherwise(
                    Script.stream()
                            .send(CHAT.role())
                            .send(CHAT.tool(0, "call_7", "look"))
                            .send(CHAT.arguments(0, "{\"at\": 1.50}"))
                            .send(CHAT.end("tool_calls")));
            String tools = "\"tools\":[{\"type\":\"function\",\"name\":\"look\"}]";
            JsonNode first = post(gateway, ask("\"input\":\"Look.\"," + tools));
            assertThat(first.path("output").path(0).path("arguments").stringValue())
                    .isEqualTo("{\"at\": 1.50}");
            answers("I see.");
            post(
                    gateway,
                    ask(
                            tools
                                    + ",\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"call_7\",\"output\":\"a"
                                    + " cat\"}],\"previous_response_id\":\""
                                    + first.path("id").stringValue()
                                    + "\""));
            assertThat(upstream.request(2).json().path("messages").toString())
                    .contains("\"tool_calls\":[{\"id\":\"call_7\"")
                    .contains("{\"role\":\"tool\",\"tool_call_id\":\"call_7\"")
                    .contains("{\\\"at\\\": 1.50}");
        }
    }

    @Test
    void leavesAnUpstreamThatGaveTheIdToKnowIt() {
        try (TestGateway gateway = vendor()) {
            upstream.otherwise(Script.stream(Goldens.one("openai-responses", "01").bytes()));
            String id =
                    stream(gateway, ask("\"input\":\"hi\",\"stream\":true"))
                            .response()
                            .path("id")
                            .stringValue();
            String more =
                    ask(
                            "\"input\":\"go on\",\"stream\":true,\"previous_response_id\":\""
                                    + id
                                    + "\"");
            stream(gateway, more);
            assertThat(upstream.request(2).text()).isEqualTo(more);
            assertThat(get(gateway, PATH + "/" + id).path("id").stringValue()).isEqualTo(id);
            String unknown =
                    ask(
                            "\"input\":\"x\",\"stream\":true,\"previous_response_id\":\"resp_elsewhere\"");
            stream(gateway, unknown);
            assertThat(upstream.request(3).text()).isEqualTo(unknown);
        }
    }

    @Test
    void refusesToGoOnFromWhatIsNotThere() {
        try (TestGateway gateway = chat()) {
            JsonNode body =
                    send(
                            gateway,
                            RawRequest.post(
                                    PATH,
                                    ask("\"input\":\"x\",\"previous_response_id\":\"resp_no\"")),
                            400);
            assertThat(body.path("error").path("code").stringValue())
                    .isEqualTo("previous_response_not_found");
            assertThat(body.path("error").path("param").stringValue())
                    .isEqualTo("previous_response_id");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void keepsNothingThatShallNotBeKept() {
        try (TestGateway gateway = chat()) {
            answers("x");
            JsonNode response = post(gateway, ask("\"input\":\"hi\",\"store\":false"));
            assertThat(response.path("store").asBoolean(true)).isFalse();
            send(gateway, RawRequest.get(PATH + "/" + response.path("id").stringValue()), 404);
        }
        UnaryOperator<TestGateway.Setup> none =
                setup ->
                        setup.config(
                                config ->
                                        config.toBuilder()
                                                .responses(
                                                        new KeptResponses(
                                                                0, 1 << 20, Duration.ofHours(1)))
                                                .build());
        try (TestGateway gateway = chat(none)) {
            JsonNode response = post(gateway, ask("\"input\":\"hi\",\"store\":true"));
            assertThat(response.path("store").asBoolean(true)).isFalse();
        }
    }

    // ---- keys ----

    @Test
    @Tag("S8")
    void bindsAResponseToTheKeyThatStartedIt() {
        UnaryOperator<TestGateway.Setup> keys =
                setup ->
                        setup.config(
                                config ->
                                        config.withKey("a", Secret.of("key-a-0123456789"))
                                                .withKey("b", Secret.of("key-b-0123456789")));
        try (TestGateway gateway = chat(keys)) {
            answers("secret");
            RawRequest asked =
                    RawRequest.post(PATH, ask("\"input\":\"hi\""))
                            .header("authorization", "Bearer key-a-0123456789");
            String id = send(gateway, asked, 200).path("id").stringValue();
            assertThat(id).matches("resp_[0-9a-z]{26}");
            String path = PATH + "/" + id;
            for (RawRequest request :
                    List.of(
                            RawRequest.get(path),
                            RawRequest.get(path + "/input_items"),
                            RawRequest.get(path + "?stream=true"),
                            RawRequest.post(path + "/cancel", "{}"),
                            RawRequest.of("DELETE", path))) {
                JsonNode foreign =
                        send(
                                gateway,
                                request.header("authorization", "Bearer key-b-0123456789"),
                                404);
                assertThat(foreign.toString()).doesNotContain("secret");
            }
            send(gateway, RawRequest.get(path), 401);
            String more = ask("\"input\":\"x\",\"previous_response_id\":\"" + id + "\"");
            send(
                    gateway,
                    RawRequest.post(PATH, more).header("authorization", "Bearer key-b-0123456789"),
                    400);
            send(
                    gateway,
                    RawRequest.post(PATH, more).header("authorization", "Bearer key-a-0123456789"),
                    200);
        }
    }

    // ---- looking, listing, forgetting ----

    @Test
    void showsListsAndForgets() {
        try (TestGateway gateway = chat()) {
            answers("Hello", "!");
            JsonNode first = post(gateway, ask("\"input\":\"hi\",\"metadata\":{\"k\":\"v\"}"));
            String path = PATH + "/" + first.path("id").stringValue();
            assertThat(get(gateway, path)).isEqualTo(first);
            assertThat(first.path("metadata").path("k").stringValue()).isEqualTo("v");
            JsonNode items = get(gateway, path + "/input_items");
            assertThat(items.path("data").size()).isEqualTo(1);
            JsonNode item = items.path("data").path(0);
            assertThat(item.path("content").path(0).path("text").stringValue()).isEqualTo("hi");
            assertThat(item.path("id").stringValue())
                    .isEqualTo(items.path("first_id").stringValue());
            JsonNode gone = send(gateway, RawRequest.of("DELETE", path), 200);
            assertThat(gone.path("deleted").asBoolean()).isTrue();
            send(gateway, RawRequest.get(path), 404);
            send(gateway, RawRequest.of("DELETE", path), 404);
        }
    }

    @Test
    void listsTheInputInPages() {
        try (TestGateway gateway = chat()) {
            answers("x");
            StringBuilder input = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                input.append(i == 0 ? "" : ",");
                input.append("{\"id\":\"msg_").append(i);
                input.append("\",\"role\":\"user\",\"content\":\"m").append(i).append("\"}");
            }
            String id = post(gateway, ask("\"input\":[" + input + "]")).path("id").stringValue();
            String path = PATH + "/" + id + "/input_items";
            JsonNode page = get(gateway, path + "?limit=2&order=asc");
            assertThat(page.path("first_id").stringValue()).isEqualTo("msg_0");
            assertThat(page.path("last_id").stringValue()).isEqualTo("msg_1");
            assertThat(page.path("has_more").asBoolean()).isTrue();
            JsonNode next = get(gateway, path + "?limit=9&order=asc&after=msg_1");
            assertThat(next.path("data").size()).isEqualTo(3);
            assertThat(next.path("has_more").asBoolean(true)).isFalse();
            assertThat(get(gateway, path).path("first_id").stringValue()).isEqualTo("msg_4");
        }
    }

    // ---- taking a stream up again ----

    @Test
    void tellsAStreamAgainFromBehindTheEventThatCameLast() {
        try (TestGateway gateway = chat();
                RawClient client = RawClient.connect(gateway.port())) {
            answers("one", "two", "three");
            List<SseEvent> all =
                    client.post(PATH, ask("\"input\":\"hi\",\"stream\":true")).events().rest();
            String id = all.getFirst().json().path("response").path("id").stringValue();
            String path = PATH + "/" + id + "?stream=true";
            assertThat(again(gateway, path)).isEqualTo(data(all));
            for (int after = 0; after < all.size(); after++) {
                assertThat(again(gateway, path + "&starting_after=" + after))
                        .as("after %d", after)
                        .isEqualTo(data(all.subList(after + 1, all.size())));
            }
            send(gateway, RawRequest.get(path + "&starting_after=x"), 400);
        }
    }

    private static List<String> again(TestGateway gateway, String path) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return data(client.get(path).events().rest());
        }
    }

    private static List<String> data(List<SseEvent> events) {
        return events.stream().map(SseEvent::data).toList();
    }

    @Test
    void followsAStreamThatIsStillRunning() {
        Gate gate = Gate.closed();
        try (TestGateway gateway = chat();
                RawClient first = RawClient.connect(gateway.port());
                RawClient second = RawClient.connect(gateway.port())) {
            upstream.otherwise(
                    Script.stream()
                            .send(CHAT.role() + CHAT.text("one"))
                            .await(gate)
                            .send(CHAT.text("two") + CHAT.end("stop")));
            SseReader events = first.post(PATH, ask("\"input\":\"hi\",\"stream\":true")).events();
            String id = events.take().json().path("response").path("id").stringValue();
            assertThat(get(gateway, PATH + "/" + id).path("status").stringValue())
                    .isEqualTo("in_progress");
            SseReader later =
                    second.get(PATH + "/" + id + "?stream=true&starting_after=0").events();
            assertThat(later.take().type()).isEqualTo("response.in_progress");
            gate.open();
            assertThat(later.rest().getLast().type()).isEqualTo("response.completed");
            assertThat(events.rest().getLast().type()).isEqualTo("response.completed");
        }
    }

    // ---- the end before the end ----

    @Test
    @Tag("R51")
    void cancelsAnAnswerThatIsRunning() {
        try (TestGateway gateway = chat();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).hold());
            SseReader events = client.post(PATH, ask("\"input\":\"hi\",\"stream\":true")).events();
            String id = events.take().json().path("response").path("id").stringValue();
            JsonNode cancelled =
                    send(gateway, RawRequest.post(PATH + "/" + id + "/cancel", "{}"), 200);
            assertThat(cancelled.path("status").stringValue()).isEqualTo("cancelled");
            SseEvent last = events.rest().getLast();
            assertThat(last.type()).isEqualTo("response.failed");
            upstream.request().awaitPeerClose(Duration.ofSeconds(5));
            assertThat(gateway.nextRecord().outcome()).isNotEqualTo(Outcome.COMPLETE);
            assertThat(get(gateway, PATH + "/" + id).path("status").stringValue())
                    .isEqualTo("cancelled");
        }
    }

    @Test
    @Tag("R16")
    void calledOffByItsClientIsCancelled() {
        try (TestGateway gateway = chat()) {
            upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).hold());
            String id;
            try (RawClient client = RawClient.connect(gateway.port())) {
                SseReader events =
                        client.post(PATH, ask("\"input\":\"hi\",\"stream\":true")).events();
                id = events.take().json().path("response").path("id").stringValue();
                client.reset();
            }
            upstream.request().awaitPeerClose(Duration.ofSeconds(5));
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
            String path = PATH + "/" + id;
            assertThat(get(gateway, path).path("status").stringValue()).isEqualTo("cancelled");
            List<String> told = again(gateway, path + "?stream=true");
            assertThat(Json.parse(told.getLast()).path("type").stringValue()).isEqualTo("error");
        }
    }

    @Test
    void goesOnInTheBackgroundWithoutItsClient() {
        Gate gate = Gate.closed();
        try (TestGateway gateway = chat()) {
            upstream.otherwise(
                    Script.stream()
                            .send(CHAT.role() + CHAT.text("one"))
                            .await(gate)
                            .send(CHAT.text("two") + CHAT.end("stop")));
            JsonNode begun = post(gateway, ask("\"input\":\"hi\",\"background\":true"));
            assertThat(begun.path("status").stringValue()).isEqualTo("in_progress");
            String path = PATH + "/" + begun.path("id").stringValue();
            assertThat(gateway.inFlight()).isEqualTo(1);
            gate.open();
            Eventually.within(
                    Duration.ofSeconds(5),
                    () -> get(gateway, path).path("status").stringValue().equals("completed"));
            assertThat(text(get(gateway, path))).isEqualTo("onetwo");
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.COMPLETE);
        }
    }

    @Test
    void cancelsWhatRunsInTheBackground() {
        try (TestGateway gateway = chat()) {
            upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).hold());
            String id;
            try (RawClient client = RawClient.connect(gateway.port())) {
                SseReader events =
                        client.post(
                                        PATH,
                                        ask("\"input\":\"hi\",\"stream\":true,\"background\":true"))
                                .events();
                id = events.take().json().path("response").path("id").stringValue();
                client.reset();
            }
            String path = PATH + "/" + id;
            assertThat(get(gateway, path).path("status").stringValue()).isEqualTo("in_progress");
            send(gateway, RawRequest.post(path + "/cancel", "{}"), 200);
            upstream.request().awaitPeerClose(Duration.ofSeconds(5));
            assertThat(get(gateway, path).path("status").stringValue()).isEqualTo("cancelled");
        }
    }

    // ---- failures ----

    @Test
    @Tag("R52")
    @Tag("R51")
    void tellsAFailureWithinTheStreamWithTheOutputSoFar() {
        try (TestGateway gateway = chat()) {
            upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).endAndClose());
            FoldedAnswer answer = stream(gateway, ask("\"input\":\"hi\",\"stream\":true"));
            assertThat(answer.isComplete()).isFalse();
            assertThat(answer.stopReason()).contains("failed");
            assertThat(text(answer.response())).isEqualTo("one");
            String id = answer.response().path("id").stringValue();
            assertThat(get(gateway, PATH + "/" + id).path("status").stringValue())
                    .isEqualTo("failed");
        }
    }

    @Test
    @Tag("R56")
    void failsWithATrueStatusBeforeTheFirstContent() {
        try (TestGateway gateway = chat()) {
            upstream.otherwise(
                    Script.json(
                            429,
                            "{\"error\":{\"message\":\"slow"
                                + " down\",\"type\":\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}"));
            JsonNode body =
                    send(
                            gateway,
                            RawRequest.post(PATH, ask("\"input\":\"hi\",\"stream\":true")),
                            429);
            assertThat(body.path("error").path("code").stringValue())
                    .isEqualTo("rate_limit_exceeded");
        }
    }

    @Test
    void refusesHostedToolsByNameWhereTheModelHasNone() {
        try (TestGateway gateway = chat()) {
            JsonNode body =
                    send(
                            gateway,
                            RawRequest.post(
                                    PATH,
                                    ask("\"input\":\"hi\",\"tools\":[{\"type\":\"web_search\"}]")),
                            400);
            assertThat(body.path("error").path("message").stringValue()).contains("web_search");
            assertThat(body.path("error").path("code").stringValue())
                    .isEqualTo("unsupported_parameter");
        }
    }

    @Test
    @Tag("R33")
    void countsTokens() {
        try (TestGateway gateway = chat();
                RawClient client = RawClient.connect(gateway.port())) {
            RawResponse counted =
                    client.post(PATH + "/input_tokens", ask("\"input\":\"how many are these?\""));
            JsonNode count = counted.json();
            assertThat(count.path("object").stringValue()).isEqualTo("response.input_tokens");
            assertThat(count.path("input_tokens").asInt()).isPositive();
            assertThat(counted.header("x-gateway-warnings")).contains("estimated=input_tokens");
        }
    }
}
