package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.failure.Redactor;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

@Tag("S5")
class LogsTest {
    private final RedactedFormatter formatter = new RedactedFormatter(new SimpleFormatter());

    @AfterEach
    void forget() {
        RedactedFormatter.redactBy(Redactor.BY_LOOK);
    }

    private static Config config(String key) {
        return Config.defaults()
                .withProvider(
                        ProviderConfig.builder("up", "http://127.0.0.1:1")
                                .key(Secret.of(key))
                                .header("x-secret", "header-canary")
                                .build());
    }

    private String line(String message) {
        LogRecord record = new LogRecord(Level.SEVERE, message);
        record.setThrown(new IllegalStateException("outer", new RuntimeException(message)));
        return formatter.format(record);
    }

    @Test
    void noLineAndNoStackTraceShowsAKeyOfTheConfiguration() {
        Logs.hideSecretsOf(config("old-canary"), config("new-canary"));

        assertThat(line("it said old-canary, new-canary, header-canary"))
                .contains("it said [key], [key], [key]")
                .contains("Caused by: java.lang.RuntimeException: it said [key], [key], [key]")
                .doesNotContain("canary");
    }

    @Test
    void noLineShowsWhatLooksLikeAKey() {
        assertThat(line("Authorization: Bearer abcdefgh12345678"))
                .contains("Bearer [key]")
                .doesNotContain("abcdefgh");
    }
}
