package dev.sluice.web;

import dev.sluice.gateway.Gateway;
import dev.sluice.gateway.SluicePlan;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.Map;

/** The browser package and the playground in the system's Chromium. */
class BrowserIT {
    private static final String KEY = "key-of-the-browser-test";

    private static final ExchangeListener UNWATCHED =
            new ExchangeListener() {
                @Override
                public void onStarted() {}

                @Override
                public void onEnded(ExchangeRecord record) {}
            };

    @TestFactory
    List<DynamicTest> thePackageInChromium() {
        return NodeTests.run("browser", "package", Map.of());
    }

    @TestFactory
    List<DynamicTest> textThatIsSetWhileItIsWritten() {
        return NodeTests.run("browser", "prose", Map.of());
    }

    @TestFactory
    @Tag("S10")
    List<DynamicTest> thePlaygroundBeforeARealGateway() {
        try (Served open = Served.by(Config.defaults());
                Served keyed = Served.by(Config.defaults().withKey("alice", Secret.of(KEY)))) {
            return NodeTests.run(
                    "browser",
                    "playground",
                    Map.of(
                            "SLUICE_URL", open.url(),
                            "SLUICE_KEYED_URL", keyed.url(),
                            "SLUICE_KEY", KEY));
        }
    }

    private record Served(SluicePlan plan, Gateway gateway) implements AutoCloseable {
        static Served by(Config config) {
            Config local = config.withPort(0).toBuilder().workers(1).build();
            SluicePlan plan = SluicePlan.of(local);
            return new Served(plan, Gateway.start(local, plan, UNWATCHED));
        }

        String url() {
            return "http://127.0.0.1:" + gateway.port() + "/";
        }

        @Override
        public void close() {
            gateway.close();
            plan.close();
        }
    }
}
