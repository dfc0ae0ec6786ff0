package dev.sluice.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.ExchangeRecords;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** docs/operations.md says of the access line what it is. */
class OperationsDocumentTest {
    private static final Pattern WORD = Pattern.compile("`([a-z0-9_]+)`");

    private static String document() throws IOException {
        return Files.readString(
                Path.of(System.getProperty("basedir", "gateway"), "..", "docs", "operations.md"));
    }

    private static ExchangeRecord everything() {
        return ExchangeRecords.record()
                .usage(new Usage(10, 2, 0, 3, 1, true))
                .tokensAfter(100, 120, 140)
                .attempts(2)
                .warnings("dropped=top_k")
                .build();
    }

    @Test
    void namesEveryKeyInItsOrder() throws IOException {
        List<String> documented = new ArrayList<>();
        document()
                .lines()
                .dropWhile(line -> !line.startsWith("| key |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.substring(0, line.indexOf('|', 1)))
                .forEach(
                        cell ->
                                WORD.matcher(cell)
                                        .results()
                                        .forEach(word -> documented.add(word.group(1))));
        List<String> written =
                new ArrayList<>(
                        Json.object(AccessLine.of(everything(), Instant.EPOCH).json())
                                .propertyNames());

        assertThat(documented).isEqualTo(written);
    }

    @Test
    void showsALineAsItIsWritten() throws IOException {
        String shown =
                document()
                        .lines()
                        .map(String::strip)
                        .filter(line -> line.startsWith("2026-"))
                        .findFirst()
                        .orElseThrow();
        String written =
                AccessLine.of(
                                ExchangeRecords.record().tokensAfter(100, 120, 140).build(),
                                Instant.parse("2026-11-21T05:00:00.123Z"))
                        .text();

        assertThat(shown.replace("req_0k3v", "req_1").replace("141.02", "123.46"))
                .isEqualTo(written);
    }

    @Test
    void saysWhyAnExchangeFailed() {
        ExchangeRecord failed =
                ExchangeRecords.record()
                        .failed(Failure.of(FailureCode.UPSTREAM_UNREACHABLE, "nobody"), 502)
                        .build();

        assertThat(AccessLine.of(failed, Instant.EPOCH).text())
                .contains(" outcome=failed:upstream_unreachable ");
    }
}
