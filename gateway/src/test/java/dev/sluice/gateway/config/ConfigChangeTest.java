package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

@Tag("R23")
final class ConfigChangeTest {
    private static final Config BEFORE =
            Config.defaults()
                    .withKey("alice", Secret.of("canary-1"))
                    .withKey("bob", Secret.of("canary-2"))
                    .withProvider(ProviderConfig.at("up", "http://127.0.0.1:1"))
                    .withRoute(RouteConfig.of("fast", "up/m"));

    @Test
    void saysThatNothingChanges() {
        assertThat(ConfigChange.of(BEFORE, BEFORE).sentence()).isEqualTo("nothing changes");
    }

    @Test
    void namesWhatIsNewChangedAndGoneAndNoSecret() {
        Config after =
                Config.defaults()
                        .withKey("alice", Secret.of("canary-3"))
                        .withKey("carol", Secret.of("canary-4"))
                        .withProvider(
                                ProviderConfig.builder("up", "http://127.0.0.1:1")
                                        .key(Secret.of("canary-5"))
                                        .build())
                        .toBuilder()
                        .keepalive(Duration.ofSeconds(3))
                        .build();

        assertThat(ConfigChange.of(BEFORE, after).sentence())
                .isEqualTo(
                        "changed: keys (new: carol; changed: alice; gone: bob), providers"
                                + " (changed: up), routes (gone: fast), keepalive");
    }

    @Test
    void leavesToTheNextStartWhatAStartDecides() {
        Config after =
                BEFORE.withPort(1).withHost("::1").toBuilder()
                        .workers(3)
                        .accessLog(AccessLog.OFF)
                        .local(
                                LocalConfig.NONE
                                        .with(LocalModelConfig.of(Path.of("small.gguf")))
                                        .withLibrary(Path.of("lib")))
                        .limits(Limits.DEFAULT.withHeader(1 << 20).withBody(1 << 20))
                        .responses(new KeptResponses(0, 1 << 20, Duration.ofMinutes(1)))
                        .resume(new KeptStreams(Duration.ZERO, 1 << 20, 1 << 20))
                        .cors(List.of("https://a.example"))
                        .build();
        ConfigChange change = ConfigChange.of(BEFORE, after);

        assertThat(change.sentence())
                .isEqualTo(
                        "changed: limits, cors; not before the next start: listen, models,"
                                + " llama-lib, limits.header, access-log, workers, responses,"
                                + " resume");
        assertThat(change.config())
                .isEqualTo(
                        BEFORE.toBuilder()
                                .limits(Limits.DEFAULT.withBody(1 << 20))
                                .cors(List.of("https://a.example"))
                                .build());
    }
}
