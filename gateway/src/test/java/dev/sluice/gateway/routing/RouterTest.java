package dev.sluice.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.Disconnect;
import dev.sluice.gateway.config.OnDisconnect;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.RouteConfig;
import dev.sluice.gateway.config.TimeoutOverrides;
import dev.sluice.gateway.exchange.Departure;
import dev.sluice.gateway.upstream.Finding;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

class RouterTest {
    private final Catalog catalog = new Catalog();
    private final AtomicInteger unknownNames = new AtomicInteger();
    private Config config = Config.defaults();

    private RouterTest upstream(String name, String... models) {
        ProviderConfig provider = ProviderConfig.at(name, "http://127.0.0.1:1/v1");
        config = config.withProvider(provider);
        Finding finding =
                new Finding(
                        Optional.of("openai-chat"),
                        "compatible",
                        "http://127.0.0.1:1/v1",
                        cards(models),
                        Optional.empty());
        catalog.put(new Planner(config).entry(provider, finding));
        return this;
    }

    private RouterTest unknownUpstream(String name) {
        config = config.withProvider(ProviderConfig.at(name, "http://127.0.0.1:1/v1"));
        catalog.put(Catalog.Entry.unknown(name, "nothing listens there"));
        return this;
    }

    private RouterTest simulated() {
        catalog.put(
                new Catalog.Entry(
                        "simulated", Optional.empty(), cards("tool", "cut"), Optional.empty()));
        return this;
    }

    private RouterTest route(String name, String... targets) {
        config = config.withRoute(RouteConfig.of(name, targets));
        return this;
    }

    private static List<ModelCard> cards(String... models) {
        return Arrays.stream(models).map(model -> new ModelCard(model, "owner", 7)).toList();
    }

    private Router router() {
        return new Router(config, catalog, unknownNames::incrementAndGet);
    }

    private List<String> resolve(String model) {
        return router().resolve(model).stream()
                .map(hop -> hop.provider() + " → " + hop.model())
                .toList();
    }

    private Failure refusal(String model) {
        return catchThrowableOfType(FailureException.class, () -> router().resolve(model))
                .failure();
    }

    @Test
    void aRouteComesBeforeEverything() {
        upstream("a", "m", "fast")
                .upstream("b", "n")
                .route("fast", "b/n", "a/m")
                .route("a/m", "b/n");

        assertThat(resolve("fast")).containsExactly("b → n", "a → m");
        assertThat(resolve("a/m")).containsExactly("b → n");
    }

    @Test
    void aRouteSaysWhatBecomesOfAnswersWhoseClientsLeave() {
        upstream("a", "m").route("plain", "a/m");
        config =
                config.withRoute(
                        RouteConfig.of("patient", "a/m")
                                .withDisconnect(Disconnect.of(OnDisconnect.DETACH)));

        assertThat(router().departure("patient").kind()).isEqualTo(Departure.Kind.DETACH);
        assertThat(router().departure("plain")).isEqualTo(Departure.USUAL);
        assertThat(router().departure("a/m")).isEqualTo(Departure.USUAL);
    }

    @Test
    void theNameOfAProviderComesBeforeAListedModel() {
        upstream("a", "b/m").upstream("b", "x");

        assertThat(resolve("b/m")).containsExactly("b → m");
        assertThat(resolve("a/b/m")).containsExactly("a → b/m");
    }

    @Test
    void aModelThatOneProviderListsIsAskedThere() {
        upstream("a", "m", "org/m").upstream("b", "n");

        assertThat(resolve("m")).containsExactly("a → m");
        assertThat(resolve("org/m")).containsExactly("a → org/m");
        assertThat(resolve("n")).containsExactly("b → n");
        assertThat(unknownNames).hasValue(0);
    }

    @Test
    void aNameWithoutATagMeansTheLatest() {
        upstream("ollama", "llama3.2:latest", "qwen3:8b", "both", "both:latest").upstream("b", "n");

        assertThat(resolve("llama3.2")).containsExactly("ollama → llama3.2:latest");
        assertThat(resolve("both")).containsExactly("ollama → both");
        assertThat(refusal("qwen3").code()).isEqualTo(FailureCode.NOT_FOUND);
        assertThat(refusal("qwen3:latest").code()).isEqualTo(FailureCode.NOT_FOUND);
    }

    @Test
    void severalAnswersAreAnErrorThatListsThem() {
        upstream("a", "m").upstream("b", "m").upstream("c", "n");

        assertThat(refusal("m"))
                .isEqualTo(
                        Failure.invalid(
                                "model",
                                "several providers have the model `m`; ask for one of `a/m`,"
                                        + " `b/m`"));
    }

    @Test
    void anUnknownNameIsPassedOnToASingleUpstream() {
        simulated().upstream("a", "m");

        assertThat(resolve("gpt-9")).containsExactly("a → gpt-9");
        assertThat(resolve("org/other")).containsExactly("a → org/other");
        assertThat(unknownNames).hasValue(2);
    }

    @Test
    void anUnknownNameIsNotFoundWhereItCouldMeanSeveral() {
        upstream("a", "qwen3-coder").upstream("b", "n").simulated();

        assertThat(refusal("qwen3-codr"))
                .isEqualTo(
                        new Failure(
                                FailureCode.NOT_FOUND,
                                "there is no model `qwen3-codr`; did you mean `qwen3-coder`?",
                                "model",
                                null,
                                null,
                                0));
        assertThat(refusal("zzzzzzzzz").message())
                .isEqualTo(
                        "there is no model `zzzzzzzzz`; there are `qwen3-coder`, `n`,"
                                + " `simulated/tool`, `simulated/cut`");
        assertThat(unknownNames).hasValue(2);
    }

    @Test
    void theSimulatedModelAnswersUnderItsOwnNameAlone() {
        simulated();

        assertThat(resolve("simulated/tool")).containsExactly("simulated → tool");
        assertThat(resolve("simulated/n5-i0-t0")).containsExactly("simulated → n5-i0-t0");
        assertThat(router().resolve("simulated/tool").getFirst().upstream()).isEmpty();
        assertThat(refusal("tool").message()).contains("did you mean `simulated/tool`?");
        assertThat(refusal("simulated/").code()).isEqualTo(FailureCode.NOT_FOUND);
    }

    @Test
    void saysSoWhenThereIsNoModelAtAll() {
        assertThat(refusal("m").message())
                .isEqualTo("there is no model `m`; there is none at all: no upstream lists one");
    }

    @Test
    void namesAtMostFiveModelsToSomebodyWhoIsLost() {
        upstream("a", "m1", "m2", "m3").upstream("b", "m4", "m5", "m6", "m7");

        assertThat(refusal("something-else-altogether").message())
                .endsWith("there are `m1`, `m2`, `m3`, `m4`, `m5` and 2 more, see GET /v1/models");
    }

    @Test
    void namesSimulatedModelsAfterAllOthers() {
        simulated().upstream("y", "m1").upstream("z", "m2");

        assertThat(refusal("something-else-altogether").message())
                .contains("there are `m1`, `m2`, `simulated/tool`, `simulated/cut`");
    }

    @Test
    void aProviderOfWhichNothingIsKnownIsToldWithItsProblem() {
        unknownUpstream("a");

        for (String model : List.of("m", "a/m")) {
            assertThat(refusal(model).code()).isEqualTo(FailureCode.UPSTREAM_UNREACHABLE);
            assertThat(refusal(model).message())
                    .isEqualTo("provider `a` cannot be asked yet: nothing listens there");
        }
        assertThat(unknownNames.get()).isPositive();
    }

    @Test
    void aRouteGoesAroundAProviderOfWhichNothingIsKnown() {
        unknownUpstream("a").upstream("b", "n").route("fast", "a/m", "b/n").route("slow", "a/m");

        assertThat(resolve("fast")).containsExactly("b → n");
        assertThat(refusal("slow").code()).isEqualTo(FailureCode.UPSTREAM_UNREACHABLE);
    }

    @Test
    @Tag("R60")
    void timeoutsAreThoseOfTheRouteOverThoseOfTheProviderOverThoseOfAll() {
        upstream("a", "m");
        config =
                config.withProvider(
                        ProviderConfig.builder("a", "http://127.0.0.1:1/v1")
                                .timeouts(
                                        TimeoutOverrides.NONE
                                                .withConnect(Duration.ofSeconds(1))
                                                .withTotal(Duration.ofSeconds(100)))
                                .build());
        config =
                config.withRoute(
                        RouteConfig.of("fast", "a/m")
                                .withTimeouts(
                                        TimeoutOverrides.NONE.withTotal(Duration.ofSeconds(50))));

        Hop own = router().resolve("a/m").getFirst();
        Hop routed = router().resolve("fast").getFirst();

        assertThat(own.timeouts().connect()).isEqualTo(Duration.ofSeconds(1));
        assertThat(own.timeouts().total()).isEqualTo(Duration.ofSeconds(100));
        assertThat(own.timeouts().firstToken()).isEqualTo(config.timeouts().firstToken());
        assertThat(routed.timeouts().connect()).isEqualTo(Duration.ofSeconds(1));
        assertThat(routed.timeouts().total()).isEqualTo(Duration.ofSeconds(50));
    }

    @Test
    void listsRoutesFirstAndQualifiesWhatWouldMeanSomethingElse() {
        upstream("a", "shared", "own", "b/odd", "fast").upstream("b", "shared").simulated();
        route("fast", "a/own");

        assertThat(router().models())
                .extracting(ModelCard::id, ModelCard::owner)
                .containsExactly(
                        tuple("fast", "route"),
                        tuple("a/shared", "a"),
                        tuple("own", "a"),
                        tuple("a/b/odd", "a"),
                        tuple("a/fast", "a"),
                        tuple("b/shared", "b"),
                        tuple("simulated/tool", "simulated"),
                        tuple("simulated/cut", "simulated"));
    }

    @Test
    void everyListedNameResolvesToItsOwner() {
        upstream("a", "shared", "own", "b/odd", "fast", "x:latest", "x")
                .upstream("b", "shared")
                .simulated();
        route("fast", "a/own");

        for (ModelCard card : router().models()) {
            if (!card.owner().equals("route")) {
                assertThat(router().resolve(card.id()).getFirst().provider())
                        .as(card.id())
                        .isEqualTo(card.owner());
            }
        }
    }

    @Test
    void aHostileNameCannotWriteLinesOrGoOnForEver() {
        simulated();

        assertThat(refusal("a\r\nset-cookie: x\u001b[31m`").message())
                .startsWith("there is no model `a??set-cookie: x?[31m?`");
        assertThat(refusal("x".repeat(100_000)).message().length()).isLessThan(400);
    }
}
