package dev.sluice.core.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;

class FailureTest {
    @Test
    @Tag("R55")
    void everyCodeSaysWhoseFaultItIs() {
        for (FailureCode code : FailureCode.values()) {
            boolean clientStatus = code.status() >= 400 && code.status() < 500;
            assertThat(code.status()).isBetween(400, 599);
            switch (code.fault()) {
                case CLIENT, POLICY -> assertThat(clientStatus).as("%s", code).isTrue();
                case UPSTREAM, GATEWAY -> assertThat(clientStatus).as("%s", code).isFalse();
            }
            assertThat(code.fault() == Fault.CLIENT && code.retryable()).as("%s", code).isFalse();
        }
    }

    @Test
    void changesOnePartAndKeepsTheRest() {
        Failure failure =
                new Failure(FailureCode.RATE_LIMIT, "slow down", "model", "rate_limit", null, 429);
        assertThat(failure.withRetryAfter(Duration.ofSeconds(2)))
                .isEqualTo(
                        new Failure(
                                FailureCode.RATE_LIMIT,
                                "slow down",
                                "model",
                                "rate_limit",
                                Duration.ofSeconds(2),
                                429));
        assertThat(failure.withMessage("x").message()).isEqualTo("x");
        assertThat(failure.withMessage("x").withMessage("slow down")).isEqualTo(failure);
        assertThat(failure.withCode(FailureCode.OVERLOADED).withCode(FailureCode.RATE_LIMIT))
                .isEqualTo(failure);
        assertThat(failure.asException())
                .hasMessage("slow down")
                .extracting(FailureException::failure)
                .isEqualTo(failure);
        assertThat(failure.asException().getStackTrace()).isEmpty();
    }

    @Test
    void namesAFieldOnlyIfThereIsOne() {
        assertThat(Failure.invalid("messages[0].role", "x").field()).contains("messages[0].role");
        assertThat(Failure.invalid("", "x").field()).isEmpty();
        assertThat(Failure.unsupported("n", "x").field()).contains("n");
        assertThat(Failure.unsupported("", "x").field()).isEmpty();
        assertThat(Failure.of(FailureCode.INTERNAL, "x").field()).isEmpty();
    }
}
