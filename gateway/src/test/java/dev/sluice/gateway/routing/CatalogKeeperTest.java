package dev.sluice.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.upstream.Discovery;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.LogCapture;
import dev.sluice.testkit.Ports;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class CatalogKeeperTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Discovery DISCOVERY = new Discovery(Duration.ofSeconds(5));

    /** Calm is longer than any test, so that only wishes and trouble cause questions. */
    private static final CatalogKeeper.Pace PACE =
            new CatalogKeeper.Pace(Duration.ofHours(1), Duration.ofMillis(20));

    private static CatalogKeeper keeper(Config config) {
        return new CatalogKeeper(
                config, DISCOVERY, List.of(new ModelCard("tool", "simulated", 0)), PACE);
    }

    private static Config config(FakeUpstream... upstreams) {
        Config config = Config.defaults();
        for (FakeUpstream upstream : upstreams) {
            config =
                    config.withProvider(
                            ProviderConfig.at(
                                    "up" + (config.providers().size() + 1),
                                    upstream.uri().toString()));
        }
        return config;
    }

    private static List<String> models(CatalogKeeper keeper, String provider) {
        return keeper.catalog().find(provider).orElseThrow().models().stream()
                .map(ModelCard::id)
                .toList();
    }

    @Test
    void knowsEveryProviderInTheOrderOfTheConfigurationWhenItIsMade() {
        try (FakeUpstream one = FakeUpstream.start().models(Script.openAiModels("a"));
                FakeUpstream two = FakeUpstream.start().models(Script.openAiModels("b"));
                CatalogKeeper keeper = keeper(config(one, two))) {
            assertThat(keeper.catalog().all())
                    .extracting(Catalog.Entry::name)
                    .containsExactly("up1", "up2", "simulated");
            assertThat(models(keeper, "up1")).containsExactly("a");
            assertThat(models(keeper, "up2")).containsExactly("b");
            assertThat(models(keeper, "simulated")).containsExactly("tool");
        }
    }

    @Test
    void leavesTheSimulatedModelOutWhenItIsSwitchedOff() {
        try (CatalogKeeper keeper =
                keeper(Config.defaults().toBuilder().simulated(false).build())) {
            assertThat(keeper.catalog().all()).isEmpty();
        }
    }

    @Test
    void asksAgainWhenSomebodyWishesIt() {
        try (FakeUpstream upstream = FakeUpstream.start().models(Script.openAiModels("a"));
                CatalogKeeper keeper = keeper(config(upstream))) {
            keeper.start();
            upstream.models(Script.openAiModels("a", "b"));
            keeper.refreshSoon();

            Eventually.within(
                    LIMIT, "the new model is known", () -> models(keeper, "up1").contains("b"));
            assertThat(keeper.catalog().listing("b").entries()).hasSize(1);
        }
    }

    @Test
    void doesNotAskWhileNobodyWishesItAndNothingIsWrong() {
        try (FakeUpstream upstream = FakeUpstream.start().models(Script.openAiModels("a"));
                CatalogKeeper keeper = keeper(config(upstream))) {
            keeper.start();
            int asked = upstream.requests().size();

            Eventually.stays(
                    Duration.ofMillis(300),
                    "no more questions",
                    () -> upstream.requests().size() == asked);
        }
    }

    @Test
    void manyWishesAtOnceAreOneRefresh() {
        try (FakeUpstream upstream = FakeUpstream.start().models(Script.openAiModels("a"));
                CatalogKeeper keeper =
                        new CatalogKeeper(
                                config(upstream),
                                DISCOVERY,
                                List.of(),
                                new CatalogKeeper.Pace(
                                        Duration.ofHours(1), Duration.ofMillis(400)))) {
            int before = upstream.requests().size();
            keeper.start();
            for (int i = 0; i < 1000; i++) {
                keeper.refreshSoon();
            }
            Eventually.within(LIMIT, "one question", () -> upstream.requests().size() > before);
            Eventually.stays(
                    Duration.ofMillis(200),
                    "one question only",
                    () -> upstream.requests().size() == before + 1);
        }
    }

    @Test
    void findsAnUpstreamThatStartsLater() {
        int port = Ports.refusing();
        Config config =
                Config.defaults()
                        .withProvider(ProviderConfig.at("late", "http://127.0.0.1:" + port));
        try (CatalogKeeper keeper = keeper(config)) {
            Catalog.Entry before = keeper.catalog().find("late").orElseThrow();
            assertThat(before.isUsable()).isFalse();
            assertThat(before.problem().orElseThrow()).startsWith("nothing listens on");
        }
        try (FakeUpstream upstream =
                        FakeUpstream.start().models(Script.html(502)).otherwise(Script.html(502));
                LogCapture log = LogCapture.start();
                CatalogKeeper keeper = keeper(config(upstream))) {
            assertThat(keeper.catalog().find("up1").orElseThrow().isUsable()).isFalse();
            keeper.start();
            upstream.models(Script.openAiModels("a"));

            Eventually.within(
                    LIMIT,
                    "it is usable",
                    () -> keeper.catalog().find("up1").orElseThrow().isUsable());
            Eventually.within(
                    LIMIT, "it is told", () -> log.text().contains("provider up1 is there"));
        }
    }

    @Test
    void keepsWhatWasKnownOfAProviderInTrouble() {
        try (FakeUpstream upstream = FakeUpstream.start().models(Script.openAiModels("a"));
                LogCapture log = LogCapture.start();
                CatalogKeeper keeper = keeper(config(upstream))) {
            keeper.start();
            upstream.models(Script.html(502)).otherwise(Script.html(502));
            keeper.refreshSoon();

            Eventually.within(
                    LIMIT,
                    "the trouble is known",
                    () -> keeper.catalog().find("up1").orElseThrow().problem().isPresent());
            assertThat(keeper.catalog().find("up1").orElseThrow().isUsable()).isTrue();
            assertThat(models(keeper, "up1")).containsExactly("a");

            upstream.models(Script.openAiModels("a"));
            Eventually.within(
                    LIMIT,
                    "the trouble is over",
                    () -> keeper.catalog().find("up1").orElseThrow().problem().isEmpty());
            Eventually.within(
                    LIMIT, "it is told", () -> log.text().contains("provider up1 is there"));
            // A line is captured from the logger, and from the console if that one was not taken yet.
            assertThat(log.text().split("answered 502", -1)).as("told once").hasSizeBetween(2, 3);
        }
    }
}
