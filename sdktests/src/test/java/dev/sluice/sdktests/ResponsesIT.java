package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseRetrieveParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;

import dev.sluice.gateway.Gateway;
import dev.sluice.gateway.SluicePlan;
import dev.sluice.gateway.TestGateway;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** The Responses side of the official OpenAI library, on models of every kind. */
class ResponsesIT {
    /** Whose format the model speaks. */
    enum Model {
        RESPONSES("openai-responses", "openai", "/v1"),
        CHAT("openai-chat", "openai", "/v1"),
        ANTHROPIC("anthropic", "anthropic", "");

        private final String dialect;
        private final String server;
        private final String base;

        Model(String dialect, String server, String base) {
            this.dialect = dialect;
            this.server = server;
            this.base = base;
        }

        Script golden(String name) {
            return Script.stream(Goldens.one(dialect, name).bytes());
        }
    }

    /** A model, and whether the answer is streamed. */
    record Asking(Model model, boolean streamed) {}

    static Stream<Asking> all() {
        return Arrays.stream(Model.values())
                .flatMap(
                        model ->
                                model == Model.RESPONSES
                                        ? Stream.of(new Asking(model, true))
                                        : Stream.of(
                                                new Asking(model, true), new Asking(model, false)));
    }

    private FakeUpstream upstream;

    @BeforeEach
    void start() {
        upstream = FakeUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private TestGateway gateway(Model model) {
        return TestGateway.setup()
                .upstream(model.dialect, model.server, URI.create(upstream.uri() + model.base))
                .start();
    }

    private static ResponseCreateParams.Builder ask(String input) {
        return ResponseCreateParams.builder().model("gpt-5-mini").input(input);
    }

    private static Response hear(OpenAIClient client, ResponseCreateParams params) {
        ResponseAccumulator heard = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(params)) {
            stream.stream().forEach(heard::accumulate);
        }
        return heard.response();
    }

    private static Response get(OpenAIClient client, ResponseCreateParams params, boolean stream) {
        return stream ? hear(client, params) : client.responses().create(params);
    }

    private static String text(Response response) {
        StringBuilder all = new StringBuilder();
        for (ResponseOutputItem item : response.output()) {
            item.message()
                    .ifPresent(
                            message ->
                                    message.content()
                                            .forEach(
                                                    part ->
                                                            part.outputText()
                                                                    .ifPresent(
                                                                            text ->
                                                                                    all.append(
                                                                                            text
                                                                                                    .text()))));
        }
        return all.toString();
    }

    private static FunctionTool weather() {
        return FunctionTool.builder()
                .name("get_weather")
                .parameters(
                        FunctionTool.Parameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .build())
                .strict(false)
                .build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void hearsTextAndUsage(Asking asking) {
        upstream.otherwise(asking.model().golden("01"));
        try (TestGateway gateway = gateway(asking.model());
                OpenAiSdk sdk = OpenAiSdk.connect(gateway.uri(), Rig.NO_KEY, 0)) {
            Response response = get(sdk.client(), ask("Capital?").build(), asking.streamed());
            assertThat(text(response)).startsWith("The capital of France is Paris.");
            assertThat(response.status()).contains(ResponseStatus.COMPLETED);
            assertThat(response.usage().orElseThrow().totalTokens()).isEqualTo(55);
            assertThat(response.validate().id()).startsWith("resp_");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R34")
    @Tag("R36")
    void hearsParallelToolsAndTheirTokens(Asking asking) {
        upstream.otherwise(asking.model().golden("03"));
        try (TestGateway gateway = gateway(asking.model());
                OpenAiSdk sdk = OpenAiSdk.connect(gateway.uri(), Rig.NO_KEY, 0)) {
            Response response =
                    get(
                            sdk.client(),
                            ask("Weather?").addTool(weather()).build(),
                            asking.streamed());
            List<String> calls = new ArrayList<>();
            for (ResponseOutputItem item : response.output()) {
                item.functionCall()
                        .ifPresent(
                                call -> {
                                    assertThat(call.callId()).isNotBlank();
                                    assertThat(Json.parse(call.arguments()).isObject()).isTrue();
                                    calls.add(call.name());
                                });
            }
            assertThat(calls).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R48")
    @Tag("R49")
    void hearsReasoningApartFromText(Asking asking) {
        upstream.otherwise(asking.model().golden("04"));
        try (TestGateway gateway = gateway(asking.model());
                OpenAiSdk sdk = OpenAiSdk.connect(gateway.uri(), Rig.NO_KEY, 0)) {
            Response response = get(sdk.client(), ask("17*23?").build(), asking.streamed());
            String thought =
                    response.output().stream()
                            .flatMap(item -> item.reasoning().stream())
                            .flatMap(item -> item.summary().stream())
                            .map(part -> part.text())
                            .findFirst()
                            .orElse("");
            assertThat(thought).contains("17*20=340");
            assertThat(text(response)).doesNotContain("340");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R39")
    void hearsThatTheLimitCutTheAnswer(Asking asking) {
        upstream.otherwise(asking.model().golden("05"));
        try (TestGateway gateway = gateway(asking.model());
                OpenAiSdk sdk = OpenAiSdk.connect(gateway.uri(), Rig.NO_KEY, 0)) {
            Response response = get(sdk.client(), ask("Count.").build(), asking.streamed());
            assertThat(response.status()).contains(ResponseStatus.INCOMPLETE);
            assertThat(response.incompleteDetails().orElseThrow().reason().orElseThrow().asString())
                    .isEqualTo("max_output_tokens");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Model.class,
            names = {"CHAT", "ANTHROPIC"})
    void goesOnFromAResponse(Model model) {
        upstream.otherwise(model.golden("02"));
        try (TestGateway gateway = gateway(model);
                OpenAiSdk sdk = OpenAiSdk.connect(gateway.uri(), Rig.NO_KEY, 0)) {
            Response first = hear(sdk.client(), ask("Weather?").addTool(weather()).build());
            String call =
                    first.output().stream()
                            .flatMap(item -> item.functionCall().stream())
                            .findFirst()
                            .orElseThrow()
                            .callId();
            upstream.otherwise(model.golden("01"));
            Response second =
                    sdk.client()
                            .responses()
                            .create(
                                    ResponseCreateParams.builder()
                                            .model("gpt-5-mini")
                                            .previousResponseId(first.id())
                                            .addTool(weather())
                                            .inputOfResponse(
                                                    List.of(
                                                            ResponseInputItem.ofFunctionCallOutput(
                                                                    ResponseInputItem
                                                                            .FunctionCallOutput
                                                                            .builder()
                                                                            .callId(call)
                                                                            .output("sunny")
                                                                            .build())))
                                            .build());
            assertThat(second.previousResponseId()).contains(first.id());
            assertThat(upstream.request(2).json().path("messages").toString())
                    .contains("Weather?", "sunny", call);
            assertThat(sdk.client().responses().retrieve(second.id())).isEqualTo(second);
            List<ResponseStreamEvent> again = new ArrayList<>();
            try (StreamResponse<ResponseStreamEvent> stream =
                    sdk.client()
                            .responses()
                            .retrieveStreaming(
                                    first.id(),
                                    ResponseRetrieveParams.builder().startingAfter(1).build())) {
                stream.stream().forEach(again::add);
            }
            assertThat(again.getFirst().outputItemAdded()).isPresent();
            assertThat(again.getLast().completed().orElseThrow().response()).isEqualTo(first);
            assertThat(sdk.client().responses().inputItems().list(first.id()).data()).hasSize(1);
            sdk.client().responses().delete(first.id());
            assertThatThrownBy(() -> sdk.client().responses().retrieve(first.id()))
                    .isInstanceOf(NotFoundException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Model.class)
    @Tag("R56")
    void hearsAnErrorBeforeTheAnswerAsAnException(Model model) {
        upstream.otherwise(
                Script.json(
                        429,
                        "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow"
                            + " down\",\"code\":null,\"param\":null}}"));
        try (TestGateway gateway = gateway(model);
                OpenAiSdk sdk = OpenAiSdk.connect(gateway.uri(), Rig.NO_KEY, 0)) {
            assertThatThrownBy(() -> sdk.client().responses().create(ask("hi").build()))
                    .isInstanceOf(RateLimitException.class)
                    .hasMessageContaining("slow down");
            assertThatThrownBy(() -> hear(sdk.client(), ask("hi").build()))
                    .isInstanceOf(RateLimitException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Model.class)
    @Tag("R50")
    @Tag("R51")
    void hearsAnAnswerThatIsCutAsFailed(Model model) {
        byte[] whole = Goldens.one(model.dialect, "01").bytes();
        upstream.otherwise(
                Script.stream().send(Arrays.copyOf(whole, whole.length * 3 / 5)).endAndClose());
        try (TestGateway gateway = gateway(model);
                OpenAiSdk sdk = OpenAiSdk.connect(gateway.uri(), Rig.NO_KEY, 0)) {
            if (model == Model.RESPONSES) {
                // What was relayed cannot be told again, so there is an error and no response.
                assertThatThrownBy(() -> hear(sdk.client(), ask("hi").build()))
                        .isInstanceOf(RuntimeException.class);
                return;
            }
            Response response = hear(sdk.client(), ask("hi").build());
            assertThat(response.status()).contains(ResponseStatus.FAILED);
            assertThat(response.error().orElseThrow().message()).contains("ended before");
            assertThat(text(response)).isNotEmpty();
        }
    }

    @Test
    @Tag("R16")
    void closingAStreamCancelsTheModel() {
        byte[] whole = Goldens.one("openai-chat", "01").bytes();
        upstream.otherwise(Script.stream().send(Arrays.copyOf(whole, whole.length / 2)).hold());
        try (TestGateway gateway = gateway(Model.CHAT);
                OpenAiSdk sdk = OpenAiSdk.connect(gateway.uri(), Rig.NO_KEY, 0)) {
            String id;
            try (StreamResponse<ResponseStreamEvent> stream =
                    sdk.client().responses().createStreaming(ask("hi").build())) {
                Iterator<ResponseStreamEvent> events = stream.stream().iterator();
                id = events.next().created().orElseThrow().response().id();
            }
            upstream.request().awaitPeerClose(Duration.ofSeconds(5));
            gateway.nextRecord();
            assertThat(sdk.client().responses().retrieve(id).status())
                    .contains(ResponseStatus.CANCELLED);
        }
    }

    @Test
    void cancelsWhatRunsInTheBackground() {
        byte[] whole = Goldens.one("openai-chat", "01").bytes();
        upstream.otherwise(Script.stream().send(Arrays.copyOf(whole, whole.length / 2)).hold());
        try (TestGateway gateway = gateway(Model.CHAT);
                OpenAiSdk sdk = OpenAiSdk.connect(gateway.uri(), Rig.NO_KEY, 0)) {
            Response begun = sdk.client().responses().create(ask("hi").background(true).build());
            assertThat(begun.status()).contains(ResponseStatus.IN_PROGRESS);
            assertThat(sdk.client().responses().cancel(begun.id()).status())
                    .contains(ResponseStatus.CANCELLED);
            upstream.request().awaitPeerClose(Duration.ofSeconds(5));
        }
    }

    @Test
    void hearsTheSimulatedModel() {
        Config config = Config.defaults().withPort(0).toBuilder().workers(1).build();
        SluicePlan plan = SluicePlan.of(config);
        Gateway gateway = Gateway.start(config, plan, new Deaf());
        try (OpenAiSdk sdk =
                OpenAiSdk.connect(
                        URI.create("http://127.0.0.1:" + gateway.port()), Rig.NO_KEY, 0)) {
            for (boolean streamed : new boolean[] {true, false}) {
                Response text = get(sdk.client(), simulated("count-n50").build(), streamed);
                assertThat(text(text)).contains("50");
                assertThat(text.usage().orElseThrow().outputTokens()).isEqualTo(50);
                Response tools =
                        get(
                                sdk.client(),
                                simulated("parallel-tools").addTool(weather()).build(),
                                streamed);
                assertThat(tools.output()).anyMatch(ResponseOutputItem::isFunctionCall);
                Response thinking = get(sdk.client(), simulated("thinking").build(), streamed);
                assertThat(thinking.output()).anyMatch(ResponseOutputItem::isReasoning);
                Response refusal = get(sdk.client(), simulated("refusal").build(), streamed);
                assertThat(refusal.output().toString()).contains("refusal");
            }
            Response midway = hear(sdk.client(), simulated("error-midway").build());
            assertThat(midway.status()).contains(ResponseStatus.FAILED);
        } finally {
            gateway.close();
            plan.close();
        }
    }

    private static ResponseCreateParams.Builder simulated(String script) {
        return ResponseCreateParams.builder()
                .model("simulated/" + script + "-i0-t0")
                .input("What is the weather?");
    }

    private static final class Deaf implements ExchangeListener {
        @Override
        public void onStarted() {}

        @Override
        public void onEnded(ExchangeRecord record) {}
    }
}
