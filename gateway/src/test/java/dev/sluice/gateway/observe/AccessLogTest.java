package dev.sluice.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.ExchangeRecords;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Gate;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

class AccessLogTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-21T05:00:00Z"), ZoneOffset.UTC);

    private static ExchangeRecord record(int number) {
        return ExchangeRecords.record().names("req_" + number, "m").build();
    }

    private static PrintStream print(OutputStream out) {
        return new PrintStream(out, false, StandardCharsets.UTF_8);
    }

    @Test
    void writesEveryLineInOrderBeforeItCloses() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AccessLog log = new AccessLog(print(out), false, CLOCK)) {
            for (int i = 0; i < 5_000; i++) {
                log.onEnded(record(i));
            }
        }
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();

        assertThat(lines).hasSize(5_000);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).startsWith("2026-11-21T05:00:00Z id=req_" + i + " ");
        }
    }

    @Test
    void writesALineSoonWithoutBeingClosed() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AccessLog log = new AccessLog(print(out), true, CLOCK)) {
            log.onEnded(record(1));

            Eventually.within(
                    LIMIT,
                    "the line is there",
                    () -> out.toString(StandardCharsets.UTF_8).endsWith("}\n"));
        }
    }

    @Test
    void aTerminalThatStandsStillHoldsNobodyUpAndTheLossIsTold() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Gate moves = Gate.closed();
        AtomicBoolean stands = new AtomicBoolean();
        OutputStream stuck =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        out.write(b);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        stands.set(true);
                        moves.await(LIMIT);
                        out.write(bytes, offset, length);
                    }
                };
        try (AccessLog log = new AccessLog(print(stuck), false, CLOCK, 8)) {
            log.onEnded(record(0));
            Eventually.within(LIMIT, "the writer stands", stands::get);
            for (int i = 1; i <= 100; i++) {
                log.onEnded(record(i));
            }
            moves.open();
        }
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();

        assertThat(lines).hasSize(10);
        assertThat(lines.get(8)).contains("id=req_8 ");
        assertThat(lines.getLast()).isEqualTo("dropped_lines=92");
    }

    @Test
    void aTerminalThatIsGoneEndsNothing() {
        OutputStream gone =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("broken pipe");
                    }
                };
        try (AccessLog log = new AccessLog(print(gone), false, CLOCK)) {
            log.onEnded(record(1));
            log.onEnded(record(2));
        }
    }
}
